import Diagnostics
import Language
import SessionTestSupport
import Storage
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments

/// Densities of rows: each row's file tells its cell, and rows of different crystals are items of one input.
@Suite(.timed) struct DensityRowTests {
    private static let folder = Place.corpus + "/data/densities"
    private static let rows = ["AgBr-rocksalt", "AgCl-rocksalt"]

    /// The data set `two` of two crystals on one grid, with an input `x`, checked in a folder that is there until the body is done.
    private func check(_ input: String, _ body: (_ data: Object?, _ errors: [Diagnostic], Session.Checked) throws -> Void) throws {
        let scratch = try Scratch()
        try writeWhole("id\n" + Self.rows.joined(separator: "\n") + "\n", to: scratch.file("two.csv"))
        var options = SessionOptions()
        options.standardLibrary = Place.library
        let session = try Session(base: scratch.path + "/", options: options, reporter: LineReporter())
        let checked = session.check(
            """
            let template = chgcar("\(Self.folder)/{id}.CHGCAR")
            let reference = chgcar("\(Self.folder)/AgBr-rocksalt.CHGCAR")
            dataset two { rows: csv("two.csv"), id: "id", inputs: { x: \(input) } }
            """, file: "script.ecdx")
        let data = checked.script.names.first { $0.name == "two" }?.value.object
        try withExtendedLifetime(scratch) { try body(data, checked.script.diagnostics.filter { $0.severity == .error }, checked) }
    }

    @Test func theTypeOfARowHasTheCellOfItsFile() throws {
        try check("template * 2 - 1") { data, errors, checked in
            #expect(errors == [])
            let context = checked.context
            let pipeline = try #require(data?[field: "inputs"].record?["x"]?.value)
            let source = try #require(checked.context.library.fileSources(of: pipeline).first)
            #expect(try context.facts(of: pipeline)?.tensor.cell == densityCell)
            for (name, formula) in zip(Self.rows, ["AgBr", "AgCl"]) {
                let path = "\(Self.folder)/\(name).CHGCAR"
                let type = try #require(try context.facts(of: context.resolved(pipeline, forRow: [source: path]))).tensor
                #expect(type.cell?.formula == formula && type.shape == [7, 7, 7] && type.unit == "e/A^3")
                let alone = Call("chgcar", ["path": Field(.text(Text(path)))], type: anyDensity, origin: Origin())
                let own = try #require(try catalogue.builtins["chgcar"]?.check?(alone, context))
                #expect(try context.facts(of: own)?.tensor == type)
            }
        }
    }

    @Test(arguments: ["template", "template + 1"]) func rowsOfDifferentCellsAreItemsOfOneInput(_ input: String) throws {
        try check(input) { data, errors, checked in
            #expect(errors == [])
            let data = try #require(data)
            // An item is a volume of one channel, whatever crystal it is of.
            #expect(try checked.plan(of: data).input("x")?.type == TensorType(shape: [7, 7, 7, 1], unit: "e/A^3"))
            let member = try checked.context.library.kinds["dataset"]?.member?(data, "inputs", Origin(), checked.context)
            guard case .tensor(let type)? = member?.record?["x"]?.value.call?.type else {
                Issue.record("an input is no tensor")
                return
            }
            #expect(type == TensorType(shape: [2, 7, 7, 7, 1], unit: "e/A^3"))
        }
    }

    /// The first row is of the cell of the reference, the second of another.
    @Test func theCellsOfEachRowHaveToGoTogether() throws {
        try check("template - reference") { _, errors, _ in #expect(errors.map(\.id) == ["cell"]) }
    }
}
