import Builtins
import Language
import SessionTestSupport
import TestSupport
import Testing

/// What the type of a density says of its cell, and what becomes of it on the way.
@Suite(.timed) struct DensityTypeTests {
    private static let start = """
        let al = chgcar("../data/densities/Al-fcc.CHGCAR")
        let row = chgcar("../data/densities/{material_id}.CHGCAR")

        """

    private func type(_ expression: String) throws -> TensorType {
        let value = try values(Self.start + "let x = \(expression)")["x"]
        guard case .tensor(let type)? = value?.call?.type else {
            Issue.record("\(expression) is no tensor")
            return TensorType(shape: nil, unit: nil)
        }
        return type
    }

    @Test func theHeaderOfAFileIsInTheType() throws {
        let side = 2.015554
        #expect(
            try type("al")
                == TensorType(
                    shape: [5, 5, 5], unit: "e/A^3",
                    cell: PeriodicCell(
                        noun: "density", vectors: [[0, side, side], [side, 0, side], [side, side, 0]], formula: "Al",
                        atoms: [CellAtom(element: "Al", place: [0, 0, 0])])))
        #expect(try type("row") == TensorType(shape: nil, unit: "e/A^3", cell: PeriodicCell(noun: "density")))
    }

    @Test(arguments: ["al + 1", "1 - al", "2 * al", "al * 2", "al / 2", "-al", "al + al", "al - 0.5 * al", "al - row", "row + al"])
    func sumsAndMultiplesKeepTheCell(_ expression: String) throws {
        let (found, al) = (try type(expression), try type("al"))
        #expect(found.cell == al.cell && found.shape == al.shape && found.unit == al.unit)
    }

    @Test(arguments: [
        "al * al", "1 / al", "al ^ 2", "al[:, :, 0]", "al[0:5]", "log(al)", "abs(al)", "mean(al, axis: 0)", "max(al)",
        "tensor([al, al])", "al + al[:, :, 0]", "plane(al, [1, 1, 1])",
    ])
    func whatIsNoLongerOnTheGridOfACellHasNone(_ expression: String) throws { #expect(try type(expression).cell == nil) }

    /// A quotient lies on the grid of the crystal, and is no density.
    @Test func aQuotientKeepsItsCrystal() throws {
        let (found, al) = (try type("al / al"), try type("al"))
        #expect(found.cell?.vectors == al.cell?.vectors && found.cell?.noun == "field" && found.unit == nil && found.shape == al.shape)
    }

    @Test func aPlaneSaysWhatItIsACutOf() throws {
        let cell = try type("al").cell
        #expect(try type("plane(al, [1, 1, 1])").cut == cell)
        #expect(try type("plane(row - al, [1, 1, 1])").cut == cell)
        #expect(try type("plane(row, [1, 1, 1])").cut == PeriodicCell(noun: "density"))
        #expect(try type("plane(al, [1, 1, 1]) * 2").cut == cell)
        #expect(try type("plane(al, [1, 1, 1]) - plane(al * 2, [1, 1, 1])").cut == cell)
        for expression in [
            "log(plane(al, [1, 1, 1]))", "plane(al, [1, 1, 1])[0]", "plane(al, [1, 1, 1]) - plane(al, [1, 1, 0])",
            "plane(al, [1, 1, 1]) * tensor([1, 2])",
        ] {
            #expect(try type(expression).cut == nil, "\(expression)")
        }
    }

    @Test(arguments: [
        ("plane(al[:, :, 0], [1, 1, 1])", "`density` of `plane` expected a density, found a tensor of shape 5x5"),
        ("plane(al * al, [1, 1, 1])", "`density` of `plane` expected a density, found a tensor of shape 5x5x5"),
        ("plane(row * row, [1, 1, 1])", "`density` of `plane` expected a density, found a tensor"),
        ("electrons(mean(al))", "`density` of `electrons` expected a density, found a number that is computed later"),
        ("heatmap(al)", "`of` of `heatmap` expected a tensor, found a density"),
        ("resize(row, [4, 4])", "`x` of `resize` expected a tensor, found a density"),
    ])
    func whatHasNoCellIsNoDensity(_ expression: String, _ message: String) throws {
        let found = try diagnostics(Self.start + "let x = \(expression)")
        #expect(found.map(\.id) == ["type"] && found.map(\.message) == [message])
    }

    @Test func twoOfDifferentCellsAreNotAdded() throws {
        let found = try diagnostics(
            """
            let a = chgcar("../data/densities/AgBr-rocksalt.CHGCAR")
            let b = chgcar("../data/densities/AgCl-rocksalt.CHGCAR")
            let x = 2 * a - (b + 1)
            """)
        #expect(found.map(\.id) == ["cell"])
    }
}
