import TestSupport
import Testing

@testable import Datasets

@Suite(.timed) struct DescriptionTests {
    /// A text of the form of that of Table 2 of arXiv:2401.09301: its sentences on bond lengths are those of the table.
    private static let titanium = """
        Ti crystallizes in the hexagonal P6/mmm space group. There are two inequivalent Ti sites. In the first Ti site, Ti(1) is bonded in \
        a 14-coordinate geometry to two equivalent Ti(1) and twelve equivalent Ti(2) atoms. Both Ti(1)-Ti(1) bond lengths are 2.83 Å. All \
        Ti(1)-Ti(2) bond lengths are 2.99 Å. In the second Ti site, Ti(2) is bonded in a 11-coordinate geometry to six equivalent Ti(1) \
        and five equivalent Ti(2) atoms. There are three shorter (2.64 Å) and two longer (2.83 Å) Ti(2)-Ti(2) bond lengths.
        """

    @Test func variantsOfTheTableOfThePaper() {
        let text = CrystalDescription(Self.titanium)
        #expect(text.reduced(to: .single) == "Ti")
        #expect(text.reduced(to: .key()) == "Ti. Both Ti(1)-Ti(1) bond lengths are 2.83 Å. All Ti(1)-Ti(2) bond lengths are 2.99 Å.")
        #expect(text.reduced(to: .all) == Self.titanium)
        #expect(
            text.reduced(to: .key(.wide)) == """
                Ti. Both Ti(1)-Ti(1) bond lengths are 2.83 Å. All Ti(1)-Ti(2) bond lengths are 2.99 Å. There are three shorter \
                (2.64 Å) and two longer (2.83 Å) Ti(2)-Ti(2) bond lengths.
                """)
        // The last word of the last sentence is "lengths." and not "lengths".
        #expect(text.reduced(to: .key(.authors)) == text.reduced(to: .key()))
        #expect(text.sentences.count == 7)
    }

    @Test(arguments: [
        (
            """
            Cu is Copper structured and crystallizes in the cubic Fm-3m space group. Cu(1) is bonded to twelve equivalent Cu(1) atoms to \
            form a mixture of edge, face, and corner-sharing CuCu12 cuboctahedra. All Cu(1)-Cu(1) bond lengths are 2.55 Å.
            """, "Cu", "Cu. All Cu(1)-Cu(1) bond lengths are 2.55 Å."
        ),
        (
            """
            GaAs is Zincblende, Sphalerite structured and crystallizes in the cubic F-43m space group. Ga(1)3+ is bonded to four \
            equivalent As(1)3- atoms to form corner-sharing GaAs4 tetrahedra. All Ga(1)-As(1) bond lengths are 2.45 Å. As(1)3- is bonded \
            to four equivalent Ga(1)3+ atoms to form corner-sharing AsGa4 tetrahedra.
            """, "GaAs", "GaAs. All Ga(1)-As(1) bond lengths are 2.45 Å."
        ),
        (
            """
            Cu2MnAl is Heusler structured and crystallizes in the cubic Fm-3m space group. Mn(1) is bonded in a body-centered cubic \
            geometry to eight equivalent Cu(1) atoms. All Mn(1)-Cu(1) bond lengths are 2.58 Å. Cu(1) is bonded in a distorted \
            body-centered cubic geometry to four equivalent Mn(1) and four equivalent Al(1) atoms. All Cu(1)-Al(1) bond lengths are 2.58 Å.
            """, "Cu2MnAl", "Cu2MnAl. All Mn(1)-Cu(1) bond lengths are 2.58 Å. All Cu(1)-Al(1) bond lengths are 2.58 Å."
        ),
        ("NaCl₂ is odd. The Na(1)–Cl(1) bond length is 2.85 Å", "NaCl₂", "NaCl₂. The Na(1)–Cl(1) bond length is 2.85 Å."),
        ("Kr is Copper structured. Kr(1) is bonded in a 1-coordinate geometry to  atoms.", "Kr", "Kr."),
        ("Cu", "Cu", "Cu."), ("Cu.", "Cu", "Cu."), ("", "", ""), (" \n\t", "", ""), (".", "", "."),
        (
            "A is x.\n\nAll  A-A bond\tlengths are 1.00 Å.\r\nAll A-A bond lengths were 2.00 Å. All bond lengths are 3 Å.", "A",
            "A. All A-A bond lengths are 1.00 Å."
        ),
        ("A is. In it, All A-A bond lengths are 1 Å. both A-A bond lengths are 1 Å.", "A", "A."),
    ])
    func strictRule(_ text: String, _ single: String, _ key: String) {
        let description = CrystalDescription(text)
        #expect(description.reduced(to: .single) == single)
        #expect(description.reduced(to: .key()) == key)
        #expect(description.reduced(to: .all) == text)
    }

    @Test func wideRule() {
        let text = CrystalDescription(
            """
            X is x. There is one shorter (1.69 Å) and four longer (1.77 Å) B(1)-B(1) bond lengths. There are two inequivalent B sites. \
            There are a spread of Pb(1)-S(1) bond distances ranging from 2.98-3.00 Å. There are no bond lengths here. \
            The B-B bond length is 1 Å.
            """)
        #expect(text.bondLengths() == ["The B-B bond length is 1 Å."])
        #expect(
            text.bondLengths(.wide) == [
                "There is one shorter (1.69 Å) and four longer (1.77 Å) B(1)-B(1) bond lengths.",
                "There are a spread of Pb(1)-S(1) bond distances ranging from 2.98-3.00 Å.", "The B-B bond length is 1 Å.",
            ])
    }

    @Test func ruleOfTheAuthors() {
        let text = CrystalDescription(
            """
            MgTiRh2 is Heusler. There are six shorter (2.66 Å) and two longer (2.67 Å) Mg(1)-Rh(1) bond lengths. Ti(1) is bonded twice. \
            In it both Ti(1)-Rh(1) bond lengths are about 2.50 Å as said.
            """)
        #expect(text.bondLengths(.authors) == ["both Ti(1)-Rh(1) bond lengths are about 2.50"])
        #expect(text.bondLengths() == [])
        // The singular is none; at the ends there are fewer words.
        #expect(CrystalDescription("A. The A-A bond length is 1 Å.").bondLengths(.authors) == [])
        #expect(CrystalDescription("bond lengths").bondLengths(.authors) == ["bond lengths"])
        #expect(CrystalDescription("x bond lengths are").bondLengths(.authors) == ["x bond lengths are"])
        #expect(CrystalDescription("bond").bondLengths(.authors) == [] && CrystalDescription("").bondLengths(.authors) == [])
    }

    /// Descriptions of robocrystallographer 0.2.13, with and without oxidation states, plain and with Unicode.
    @Test func textsOfRobocrystallographer() throws {
        let keys = [
            "NaCl": "All Na(1)-Cl(1) bond lengths are 2.85 Å.", "Cu": "All Cu(1)-Cu(1) bond lengths are 2.55 Å.",
            "CaF2": "All Ca(1)-F(1) bond lengths are 2.38 Å.", "CsAu3": "All Cs(1)-Au(1) bond lengths are 3.25 Å.",
            "CaF₂": "All Ca(1)-F(1) bond lengths are 2.38 Å.", "CsAu₃": "All Cs(1)-Au(1) bond lengths are 3.25 Å.",
        ]
        var count = 0
        for line in try text(of: fixture("field/robocrys-0.2.13.txt")).split(separator: "\n") {
            guard let bar = line.firstIndex(of: "|") else { continue }
            let description = CrystalDescription(String(line[line.index(bar, offsetBy: 2)...]))
            let formula = description.reduced(to: .single)
            let key = try #require(keys[formula])
            for rule in [KeyRule.paper, .wide, .authors] { #expect(description.reduced(to: .key(rule)) == "\(formula). \(key)") }
            count += 1
        }
        #expect(count == 12)
    }

    /// The descriptions that the authors published: how many bond lengths the rules find in how many of them.
    @Test(.enabled(if: crystalFolder != nil, "set ECDX_MP_FCC to the folder of the 781 crystals"))
    func textsOfTheAuthors() throws {
        let folder = try #require(crystalFolder)
        let texts = try readCSV(path: folder + "/FCC_descriptions.csv").column("Description").cells.map(CrystalDescription.init)
        #expect(texts.count == 781 && Set(texts.map(\.composition)).count == 781)
        func counts(_ rule: KeyRule) -> [Int: Int] {
            var result: [Int: Int] = [:]
            for text in texts { result[text.bondLengths(rule).count, default: 0] += 1 }
            return result
        }
        #expect(counts(.paper) == [0: 6, 1: 143, 2: 449, 3: 181, 4: 1, 59: 1])
        // The authors' rule gives the same texts, but for those with one bond length in the singular.
        let others = texts.filter { $0.reduced(to: .key(.authors)) != $0.reduced(to: .key()) }
        #expect(others.count == texts.count { $0.text.contains("bond length is") } && !others.isEmpty)
        #expect(texts.reduce(0) { $0 + $1.bondLengths(.authors).count } == 1645)
        // Ten sentences more, three of them of a spread.
        #expect(texts.reduce(0) { $0 + $1.bondLengths(.wide).count - $1.bondLengths().count } == 10)
        for text in texts {
            let key = text.reduced(to: .key())
            #expect(key.hasPrefix(text.composition + ".") && key.hasSuffix("."))
            // None is empty where a sentence states a bond length; those without any are the three noble gases.
            #expect(text.bondLengths(.wide).isEmpty == !text.text.contains(" bond "), "\(text.text)")
            if text.bondLengths(.wide).isEmpty { #expect(["Ar", "Kr", "Ne"].contains(text.composition)) }
        }
    }
}

private let crystalFolder = PublishedData.crystals.folder(for: "the test over the 781 descriptions")
