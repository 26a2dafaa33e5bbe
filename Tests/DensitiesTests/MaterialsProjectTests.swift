import Diagnostics
import TestSupport
import Testing

@testable import Densities
@testable import Storage

/// A small document: a 2x1x3 grid of values 8...13 in a cell of 8 A^3, of twelve atoms.
private let structure = """
    {"@class": "Structure", "lattice": {"matrix": [[2, 0, 0], [0, 2.0, 0], [0, 0, 2e0]], "volume": 8},
     "properties": {"a": [{"b": [1, "]"]}]},
     "sites": [{"species": [{"element": "Fe", "occu": 1}], "abc": [0, 0, 0.5], "label": "Fe \\"1\\\\"},
               {"species": [{"element": "O", "oxidation_state": -2}], "xyz": [1, 0, 0], "properties": {"magmom": null}}]}
    """
private let total = #"{"@module": "numpy", "@class": "array", "dtype": "float64", "data": [[[8, 9, 10]], [[11, 12, 1.3e1]]]}"#
private func chgcar(_ total: String = total, more: String = "", aug: String = "{}") -> String {
    #"{"@class": "Chgcar", "poscar": {"comment": "x", "structure": \#(structure)}, "#
        + #""data": {"total": \#(total)\#(more)}, "data_aug": \#(aug)}"#
}

private func read(_ text: String, piece: Int = TextPieces.usualSize) throws -> SpinDensity {
    try withFile("a.json", Array(text.utf8)) { try readMaterialsProjectDensity(path: $0, piece: piece, whole: TextPieces.packedWhole) }
}

@Suite(.timed) struct MaterialsProjectTests {
    /// The total is that of the CHGCAR bit for bit, the spin to the tables of right values.
    @Test(arguments: ["parsed-nested-spin.json.gz", "parsed-nested-legacy-spin.json.gz", "emmet-flat.json.gz"])
    func readsWhatPymatgenAndEmmetWrite(_ name: String) throws {
        let chgcar = try readCHGCAR(path: field("spin-aug.CHGCAR"))
        let found = try readMaterialsProjectDensity(path: field(name))
        #expect(found.total.values.map(\.bitPattern) == chgcar.values.map(\.bitPattern))
        #expect(found.total.lattice == chgcar.lattice && found.total.atoms == chgcar.atoms && found.total.grid == [9, 7, 11])
        let spin = try #require(found.magnetization)
        #expect(abs(spin.electrons - 3) < 1e-9 && abs(spin.min + 0.11950637423) < 1e-11 && abs(spin.max - 0.19084544605) < 1e-11)
        #expect(abs(spin.values[(7 + 2) * 11 + 3] + 0.064991619009) < 1e-12)
        #expect(try abs(#require(found.up).electrons - 29.5) < 1e-9 && abs(#require(found.down).electrons - 26.5) < 1e-9)
        // Both spins too are those of the CHGCAR.
        for (component, density) in [(FieldComponent.up, found.up), (.down, found.down)] {
            let right = try readVolumetricFile(path: field("spin-aug.CHGCAR"), component: component).values(component)
            #expect(try #require(density).values.map(\.bitPattern) == right.map(\.bitPattern))
        }
        #expect(found.occupancies.blocks.map(\.atom) == Array(1...7) && found.magnetizationVector.isEmpty)
        #expect(found.occupancies.blocks.map(\.values.count) == [15, 15, 15, 33, 33, 33, 33])
        #expect(found.occupancies.blocks[0].values[1] == -0.1103638)
        #expect(found.magnetizationOccupancies.blocks.map(\.values.count) == [15, 15, 15, 33, 33, 33, 33])
        #expect(found.magnetizationOccupancies.blocks[0].values[1] == -0.01103638)
        // In pieces of any size, packed and plain.
        for size in [1, 61, 4096] {
            let again = try readMaterialsProjectDensity(path: field(name), piece: size, whole: 0)
            #expect(again == found)
            guard size > 1 else { continue }
            let plain = try FileBytes.read(path: field(name)).withBytes { Array($0) }
            try #expect(withFile("a.json", plain) { try readMaterialsProjectDensity(path: $0, piece: size, whole: 0) } == found)
        }
        if name.contains("legacy") {
            #expect(found.occupancies.atomNumbers.count == 7)
        }
    }

    @Test func readsAllNestings() throws {
        let expected = try read(chgcar())
        #expect(expected.total.values == (8...13).map { Double($0) / 8 } && expected.total.grid == [2, 1, 3])
        #expect(expected.total.atoms == [Atom(element: "Fe", fractional: [0, 0, 0.5]), Atom(element: "O", fractional: [0.5, 0, 0])])
        #expect(expected.magnetization == nil && expected.up == nil && expected.occupancies == Occupancies())
        let flat =
            #"{"labels": ["total", "diff"], "data": [[8, 9, 10, 11, 12, 13], null], "data_rank": [[2, 1, 3], [2, 1, 3]], "#
            + #""data_aug": null, "structure": \#(structure)}"#
        let texts: [String] = [
            "[\(chgcar())]", #"{"data": \#(chgcar()), "task_id": "mp-1", "total": 5}"#, #"[{"a": [[], {}], "data": [\#(chgcar())]}]"#,
            " \n\(chgcar())\n ",
            chgcar("[[[8, 9, 10]], [[11, 12, 13]]]"), flat, #"{"data": \#(flat)}"#, chgcar(more: #", "diff": null"#),
            // Values before the crystal.
            #"{"data": {"total": \#(total)}, "structure": \#(structure)}"#,
        ]
        for text in texts {
            for piece in [1, 2, 50, TextPieces.usualSize] {
                var found = try read(text, piece: piece)
                #expect(found.comment == (text.contains("poscar") ? "x" : ""))
                found.comment = expected.comment
                #expect(found == expected, "\(text)")
            }
        }
        let vector = try read(
            chgcar(more: #", "diff_x": [[[1,2,3]],[[4,5,6]]], "diff_y": [[[0,0,0]],[[0,0,0]]], "diff_z": [[[8,8,8]],[[8,8,8]]]"#))
        #expect(vector.magnetizationVector.map { $0.values[0] } == [0.125, 0, 1])
    }

    @Test func ordersOccupanciesByNumber() throws {
        let numbers = #"{"total": {"1": [1], "10": [10], "11": [11], "2": {"@class": "array", "data": [2, 0.5]}}, "diff": {}}"#
        let found = try read(chgcar(aug: numbers)).occupancies
        #expect(found.blocks.map(\.atom) == [1, 2, 10, 11] && found.blocks[1].values == [2, 0.5])
        let lines = #"""
            {"total": ["augmentation occupancies   2  3\n", "  0.1E+00  -.15-109\n", " \n", "0.3D0\n",
             "augmentation occupancies 1 1\n", " 7\n",
             "augmentation occupancies (imaginary part)   2   1\n", "0.5\n", " 0.25E+01 1\n"]}
            """#
        let text = try read(chgcar(aug: lines)).occupancies
        #expect(
            text.blocks.map(\.values) == [[7], [0.1, -0.15e-109, 0.3], [0.5]] && text.blocks.map(\.isImaginary) == [false, false, true])
        #expect(text.atomNumbers == [2.5, 1])
        for (bad, words) in [
            (#"{"total": ["augmentation occupancies 1 3\n", "1 2\n"]}"#, "expected 1 more augmentation occupancies of atom 1"),
            (#"{"total": ["augmentation occupancies x 3\n"]}"#, "the line above the occupancies"), (#"{"total": ["1 **"]}"#, "found `**`"),
            (#"{"total": {"x": [1]}}"#, "the number of an atom"), (#"{"total": {"1": [1, null]}}"#, "expected a number"),
            (#"{"total": ["augmentation occupancies 1 99999999999999999999\n"]}"#, "the line above"),
        ] {
            let fault = diagnostic { try read(chgcar(aug: bad)) }
            #expect(fault.message.contains(words) && fault.message.contains("at byte") && fault.data?.line == 4, "\(fault)")
        }
    }

    @Test func refusesEveryCut() throws {
        let text = Array(chgcar(aug: #"{"total": {"1": [1, 2]}}"#).utf8)
        for count in 0..<text.count {
            for piece in [1, 64] {
                let fault = diagnostic { try read(String(decoding: text.prefix(count), as: UTF8.self), piece: piece) }
                #expect(
                    fault.id == "bad-data" && fault.message.contains("the end of the file") && fault.data?.line != nil,
                    "\(count): \(fault)")
            }
        }
        let packed = try bytes(of: field("parsed-nested-spin.json.gz"))
        for count in stride(from: 0, to: packed.count, by: 501) {
            try withFile("a.json.gz", Array(packed.prefix(count))) { path in
                try expectFault("bad-data") { _ = try readMaterialsProjectDensity(path: path) }
            }
        }
    }

    @Test(arguments: [
        ("[[11, 12, 1.3e1]]", "[[11, 12]]", "expected 3 values in list [1][0] of `total`, found 2"),
        ("[[11, 12, 1.3e1]]", "[]", "expected 1 lists in list [1] of `total`, found fewer"),
        ("[[11, 12, 1.3e1]]", "[[11, 12, 1.3e1], [1, 2, 3]]", "found more"), ("1.3e1", "NaN", "expected a number, found `NaN`"),
        ("1.3e1", "null", "expected a number, found `null`"), ("1.3e1", "1e999", "expected a number, found `1e999`"),
        ("1.3e1", "[1]", "expected a number"), ("1.3e1", "\"1\"", "expected a number"),
        ("[[[8, 9, 10]], [[11, 12, 1.3e1]]]", "[]", "found none"),
        ("[[[8, 9, 10]], [[11, 12, 1.3e1]]]", "{\"data\": [[[1]]]}", "expected the values of a total density"),
        ("1.3e1", "13 14", "`,` or `]` behind a number"),
        ("\"total\":", "\"all\":", "expected the values of a total density, found none"),
        ("[0, 0, 2e0]", "[2, 0, 0]", "vectors in one plane"),
        (", [0, 0, 2e0]", "", "three lattice vectors"), ("\"matrix\"", "\"m\"", "the lattice of a structure"),
        ("Chgcar", "Locpot", "found a `Locpot`"),
        ("\"data\": {\"total\"", "\"data\": {\"total\": [[[1]]], \"total\"", "the values of `total` once"),
        ("[0, 0, 0.5]", "[0, 0]", "three numbers"),
        ("\"data_aug\": {}", "\"data_aug\": {} 1", "`,` or `}`"),
        ("\"data_aug\": {}}", "\"data_aug\": {}}}", "the end of the JSON document"),
    ]) func namesEveryFault(_ from: String, _ to: String, _ words: String) throws {
        let text = chgcar().replacing(from, with: to)
        #expect(text != chgcar())
        for piece in [1, 30, TextPieces.usualSize] {
            let fault = diagnostic { try read(text, piece: piece) }
            #expect(fault.id == "bad-data" && fault.message.contains(words), "\(piece): \(fault)")
        }
    }

    @Test func refusesOtherShapes() throws {
        let texts: [String] = [
            "", "5", "[]", "{}", "[\(chgcar()), \(chgcar())]", #"{"data": [[1, 2]], "structure": \#(structure)}"#, "null", "\"a\"",
            #"{"labels": ["total"], "data": [[1, 2]], "structure": \#(structure)}"#, String(repeating: "[", count: 100_000),
            #"{"labels": ["total"], "data": [[1, 2]], "data_rank": [[2, 2, 1]], "structure": \#(structure)}"#,
            #"{"labels": ["total"], "data": [[1, 2]], "data_rank": [[1e30, 2, 1]], "structure": \#(structure)}"#,
            #"{"labels": ["total", "total"], "data": [[1, 2], [1, 2]], "data_rank": [[2, 1, 1]], "structure": \#(structure)}"#,
            String(repeating: "{\"data\":", count: 100_000), "{\"a\":" + String(repeating: "[", count: 200_000),
            chgcar(more: #", "diff": [[[1]]]"#), chgcar(more: #", "diff_x": [[[1,2,3]],[[4,5,6]]]"#),
        ]
        for text in texts {
            try expectFault("bad-data") { _ = try read(text) }
        }
    }
}
