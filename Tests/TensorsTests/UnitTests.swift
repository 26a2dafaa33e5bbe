import Tensors
import TestSupport
import Testing

@Suite(.timed) struct UnitTests {
    @Test(arguments: [
        ("GPa", "GPa"), ("e/A^3", "e/A^3"), ("mJ/m^2", "mJ/m^2"), ("eV/atom", "eV/atom"), ("mu_B/f.u.", "mu_B/f.u."), ("1/A", "1/A"),
        ("A^-1", "1/A"),
        ("A^3/atom", "A^3/atom"), ("log(e/A^3)", "log(e/A^3)"), ("log(e/A^3)/K", "log(e/A^3)/K"), ("log(GPa)^2", "log(GPa)^2"),
        ("log((a) b)", "log(a*b)"),
        ("1", "1"), ("%", "%"), ("W/m/K", "W/(K*m)"), ("W/(m*K)", "W/(K*m)"), ("W/(m K)", "W/(K*m)"), ("W m^-1 K^-1", "W/(K*m)"),
        ("g cm^-3", "g/cm^3"),
        ("MPa*m^0.5", "MPa*m^0.5"), ("MPa m^(1/2)", "MPa*m^0.5"), ("MPa·m^(0.5)", "MPa*m^0.5"), ("A^-1.5", "1/A^1.5"), ("A^2.0", "A^2"),
        ("A/A", "1"),
        ("A^0", "1"), ("(e/A^3)^2", "e^2/A^6"), ("(e/A)^-0.5", "A^0.5/e^0.5"), (" e / A^3 ", "e/A^3"), ("Å^3", "A^3"), ("°C", "degC"),
        ("µm", "um"), ("1/(1/s)", "s"),
        ("g cm⁻³", "g/cm^3"), ("m²", "m^2"), ("(e/Å)²", "e^2/A^2"), ("A⁻¹²", "1/A^12"),
        ("J\u{A0}m⁻²", "J/m^2"), ("m^\u{2212}1", "1/m"),
        ("eV⋅A", "A*eV"), ("W×s", "W*s"), ("\u{3BC}m", "um"), ("\u{B5}_B/f.u.", "mu_B/f.u."), ("μB", "mu_B"), ("Ω m", "Ohm*m"),
        ("\u{212B}^3", "A^3"), ("A\u{30A}", "A"), ("mÅ", "mÅ"), ("log(GPa^1)", "log(GPa)"), ("log(1/Å)", "log(1/A)"),
        ("electrons/A^3", "e/A^3"), ("a.u.", "a.u."), ("kJ/mol", "kJ/mol"), ("A*B/C*D", "A*B*D/C"),
        ("e/A^549755813888", "e/A^549755813888"),
    ])
    func reads(_ text: String, _ canonical: String) throws {
        let unit = try #require(Unit(text))
        #expect(unit.description == canonical)
        #expect(Unit(unit.description) == unit)
        #expect(unit.isOne == (canonical == "1"))
        #expect(Unit(unit.description)?.hashValue == unit.hashValue)
    }

    @Test(arguments: [
        "", " ", "10 GPa", "10", "2", "0", "1.0", "GPa/", "/A", "*", "GPa^", "GPa^x", "GPa^0.3", "GPa^0.25", "GPa^(1/3)", "GPa^(1/2",
        "(GPa", "GPa)", "()", "log(e", "log(e))",
        "A**3", "A^^2", "A^-", "A^1.", "A//B", "-", "A-B", "e,A", "\"A\"", "A\n", "log(a\nb)", "A^2^3", "A²^3", "A^2³", "A⁻", "²",
        "A²²²²²²²²²²²²²²", "A^99999999999999999999",
        "A^999999999999", "\0", "A\0", "🙂",
        String(repeating: "(", count: 200) + "A", String(repeating: "(", count: 40) + "A" + String(repeating: ")", count: 40),
        String(repeating: "A", count: 300),
    ])
    func refuses(_ text: String) { #expect(Unit(text) == nil) }

    private func unit(_ text: String) throws -> Unit { try #require(Unit(text)) }

    /// A power of ten is a name like others; a number without a power is no unit.
    @Test func powersOfTen() throws {
        for text in ["10^-6/K", "1e-6/K", "10⁻⁶ K^-1", "1/(10^6*K)"] {
            let unit = try #require(Unit(text))
            #expect(unit.description == "1/(10^6*K)" && unit.unknownNames == [], "\(text)")
        }
        #expect(try #require(Unit("10^-6")) * #require(Unit("10^7")) == #require(Unit("10^1")))
        #expect(try #require(Unit("1e3 m")).description == "10^3*m")
        for text in ["10", "10 GPa", "2^3", "1e", "1eV", "1e-6K"] { #expect(Unit(text) == nil, "\(text)") }
    }

    @Test func productsAndQuotients() throws {
        #expect(try unit("GPa") * unit("GPa") == unit("GPa^2"))
        #expect(try unit("e") / unit("A^3") == unit("e/A^3"))
        #expect(try unit("e/A^3") / unit("e/A^3") == .one)
        #expect(try unit("A") * unit("B") == unit("B") * unit("A"))
        #expect(try unit("e") * .one == unit("e"))
        #expect(try .one / unit("A") == unit("1/A"))
        #expect(try unit("GPa") != unit("MPa"))
        #expect(try unit("A") != unit("1/A"))
        #expect(try unit("A") != .one)
        #expect(try Set([unit("A*B/C"), unit("B/C*A"), unit("B A C^-1")]).count == 1)
    }

    @Test func powers() throws {
        #expect(try unit("e/A^3").power(2) == unit("e^2/A^6"))
        #expect(try unit("e/A^3").power(0.5) == unit("e^0.5/A^1.5"))
        #expect(try unit("A^2").power(0.25) == unit("A^0.5"))
        #expect(try unit("A^3").power(-1.0 / 3) == unit("1/A"))
        #expect(try unit("A").power(0) == .one)
        #expect(Unit.one.power(0.3) == .one)
        for exponent in [0.3, 1.0 / 3, .nan, .infinity, 1e300, -1e300] { #expect(try unit("A").power(exponent) == nil) }
        #expect(try unit("A^0.5").power(0.5) == nil)
    }

    /// Exponents that grow without end stay where they are, and the text still reads back.
    @Test func exponentsDoNotOverflow() throws {
        var large = try unit("A")
        var small = try unit("1/A")
        for _ in 0..<100 {
            large = large * large
            small = small * small
        }
        #expect(Unit(large.description) == large && Unit(small.description) == small)
        #expect(large * small == .one)
    }

    /// Texts put together at random are read or refused, and what is read is written so that it reads back.
    @Test func everyTextIsReadOrRefused() {
        var random = Philox(RandomKey(seed: 9, purpose: .sampling))
        let parts = ["A", "GPa", "e", "/", "*", "^", "2", "-", ".5", "0.5", "(", ")", " ", "1", "log(", "_", "f.u.", "%", "·", "é"]
        var read = 0
        for _ in 0..<20_000 {
            let text = (0...random.nextInt(below: 8)).map { _ in parts[random.nextInt(below: parts.count)] }.joined()
            guard let unit = Unit(text) else { continue }
            read += 1
            #expect(Unit(unit.description) == unit, "\(text)")
        }
        #expect(read > 1000)
    }

    /// What columns of this field are in, as tables and papers write it.
    @Test(arguments: [
        "GPa", "MPa", "kbar", "eV", "meV", "eV/atom", "meV/atom", "eV/A", "A", "nm", "A^3", "A^3/atom", "g/cm^3", "e/A^3", "mu_B",
        "mu_B/A^3", "mu_B/f.u.", "mJ/m^2", "J/m^2", "K", "1", "%", "kJ/mol", "eV/A^2", "W/m/K", "W/(m K)", "W m^-1 K^-1", "J/(mol K)",
        "THz", "cm^-1", "Ha", "Ry", "bohr", "GPa^2", "µ_B", "Å", "degC", "°C", "deg", "rad", "eV*A", "C/m^2", "V", "S/m", "Ohm m", "T",
        "Hz", "s", "min", "h", "pm", "um", "µm", "amu", "u", "atom", "f.u.", "cell", "formula", "mol", "states/eV", "log(GPa)", "e/bohr^3",
        "eV/f.u.", "mol/L", "kcal/mol", "S cm⁻¹", "MPa m^0.5", "mAh/g", "at.%", "states/(eV cell)", "Ha/bohr", "(e/A^3)^2", "mW/(m K^2)",
        "electrons", "log(e/A^3)^2", "1/A",
    ])
    func knows(_ text: String) throws {
        #expect(try unit(text).unknownNames == [])
        #expect(Unit.nearest(to: text) == nil)
        let canonical = try unit(text).description
        #expect(try unit(canonical).unknownNames == [] && unit(canonical).description == canonical)
    }

    private static let slips: [(String, [String], String?)] = [
        ("Gpa", ["Gpa"], "GPa"), ("ev", ["ev"], "eV"), ("eV/Atom", ["Atom"], "eV/atom"), ("log(Gpa)", ["Gpa"], "log(GPa)"),
        ("thz^2", ["thz"], "THz^2"), ("A3", ["A3"], "A^3"), ("W.m", ["W.m"], "W*m"), ("mev/a^2 k", ["a", "k", "mev"], "meV/A^2 K"),
        ("furlong", ["furlong"], nil), ("eV/furlong", ["furlong"], nil), ("GPA", ["GPA"], "GPa"), ("EV", ["EV"], "eV"),
        ("sin(GPa)", ["sin(GPa)"], nil),
    ]

    @Test(arguments: slips)
    func unknown(_ text: String, _ names: [String], _ near: String?) throws {
        #expect(try unit(text).unknownNames == names)
        #expect(Unit.nearest(to: text) == near)
    }

    /// Slips that are no unit by the grammar.
    @Test(
        arguments: [("cm-1", "cm^-1"), ("W m-1 K-1", "W m^-1 K^-1"), ("A**3", "A^3"), ("10 GPa", nil), ("", nil), ("GPa/", nil)]
            as [(String, String?)])
    func nearOfUnreadable(_ text: String, _ near: String?) {
        #expect(Unit(text) == nil)
        #expect(Unit.nearest(to: text) == near)
    }

    @Test func spellingsOfOneUnit() throws {
        for (a, b) in [
            ("GPa", "GPa^1"), ("e/A^3", "Å^-3 e"), ("W/m/K", "W/(K m)"), ("\u{B5}m", "\u{3BC}m"), ("µ_B", "mu_B"), ("amu", "u"),
            ("J/m²", "J m⁻²"), ("eV/atoms", "eV/atom"), ("f.u.", "formula"), ("Hartree", "Ha"),
        ] { #expect(try unit(a) == unit(b), "\(a) and \(b)") }
        // Nothing is converted.
        for (a, b) in [("kJ", "J"), ("Ha", "eV"), ("A", "nm"), ("A", "mA"), ("degC", "K"), ("%", "1"), ("cell", "f.u."), ("min", "s")] {
            #expect(try unit(a) != unit(b), "\(a) and \(b)")
        }
    }

    @Test(arguments: [
        ("Energy (meV)", "Energy", "meV"), ("Spatial freq (1/A)", "Spatial freq", "1/A"), ("k_vrh [GPa]", "k_vrh", "GPa"),
        ("mse ((e/A^3)^2)", "mse", "(e/A^3)^2"), ("log k (log(GPa))", "log k", "log(GPa)"), ("x (Å)", "x", "Å"),
        ("f(x) (J/(mol K))", "f(x)", "J/(mol K)"),
    ])
    func unitOfHeader(_ header: String, _ name: String, _ unit: String) throws {
        let found = try #require(Unit.split(header))
        #expect(found.name == name && found.unit == unit)
    }

    @Test(arguments: [
        "", "k_vrh", "(GPa)", " (GPa)", "Energy (1)", "group (a)", "E (Gpa)", "E (GPa", "E GPa)", "E ()", "E (GPa) mean", ")",
    ])
    func headersWithoutUnit(_ header: String) { #expect(Unit.split(header) == nil) }

    /// Products of powers of known names are written so that they read back, and are known.
    @Test func productsOfKnownNamesReadBack() throws {
        var random = Philox(RandomKey(seed: 15, purpose: .sampling))
        let names = [
            "GPa", "eV", "A", "Å", "µm", "mu_B", "f.u.", "atom", "K", "%", "degC", "mol", "log(GPa)", "Ha", "bohr", "e", "THz", "at.%",
            "Ω",
        ]
        let powers = ["", "^2", "^-1", "^0.5", "²", "⁻¹", "^(3/2)", "^-1.5"]
        for _ in 0..<2000 {
            var product = Unit.one
            var texts: [String] = []
            for _ in 0...random.nextInt(below: 5) {
                let text = names[random.nextInt(below: names.count)] + powers[random.nextInt(below: powers.count)]
                texts.append(text)
                product = product * (try unit(text))
            }
            #expect(try unit(product.description) == product && product.unknownNames == [], "\(texts)")
            #expect(try unit(texts.joined(separator: [" ", "*", "·"][random.nextInt(below: 3)])) == product)
            #expect(try unit("1/(\(texts.reversed().joined(separator: " ")))") == Unit.one / product)
        }
    }
}
