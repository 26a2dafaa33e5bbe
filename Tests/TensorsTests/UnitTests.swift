import Tensors
import TestSupport
import Testing

@Suite(.timed) struct UnitTests {
    @Test(arguments: [
        ("GPa", "GPa"), ("e/A^3", "e/A^3"), ("mJ/m^2", "mJ/m^2"), ("eV/atom", "eV/atom"), ("mu_B/f.u.", "mu_B/f.u."), ("1/A", "1/A"),
        ("A^-1", "1/A"),
        ("A^3/atom", "A^3/atom"), ("log(e/A^3)", "log(e/A^3)"), ("log(e/A^3)/K", "log(e/A^3)/K"), ("log(GPa)^2", "log(GPa)^2"),
        ("log((a) b)", "log((a) b)"),
        ("1", "1"), ("%", "%"), ("W/m/K", "W/(K*m)"), ("W/(m*K)", "W/(K*m)"), ("W/(m K)", "W/(K*m)"), ("W m^-1 K^-1", "W/(K*m)"),
        ("g cm^-3", "g/cm^3"),
        ("MPa*m^0.5", "MPa*m^0.5"), ("MPa m^(1/2)", "MPa*m^0.5"), ("MPa·m^(0.5)", "MPa*m^0.5"), ("A^-1.5", "1/A^1.5"), ("A^2.0", "A^2"),
        ("A/A", "1"),
        ("A^0", "1"), ("(e/A^3)^2", "e^2/A^6"), ("(e/A)^-0.5", "A^0.5/e^0.5"), (" e / A^3 ", "e/A^3"), ("Å^3", "Å^3"), ("°C", "°C"),
        ("µm", "µm"), ("1/(1/s)", "s"),
        ("a.u.", "a.u."), ("kJ/mol", "kJ/mol"), ("A*B/C*D", "A*B*D/C"), ("e/A^549755813888", "e/A^549755813888"),
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
        "A**3", "A^^2", "A^-", "A^1.", "A//B", "-", "A-B", "e,A", "\"A\"", "A\n", "log(a\nb)", "A^2^3", "A^99999999999999999999",
        "A^999999999999", "\0", "A\0", "🙂",
        String(repeating: "(", count: 200) + "A", String(repeating: "(", count: 40) + "A" + String(repeating: ")", count: 40),
        String(repeating: "A", count: 300),
    ])
    func refuses(_ text: String) { #expect(Unit(text) == nil) }

    private func unit(_ text: String) throws -> Unit { try #require(Unit(text)) }

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
}
