import Builtins
import Foundation
import SessionTestSupport
import Storage
import TestSupport
import Testing

@testable import Experiments

/// Free atoms that an input rests on besides the files of its rows.
@Suite(.timed) struct FreeAtomTests {
    @Test func theContentsOfTheFolderAreInTheKeyAndItsPlaceIsNot() throws {
        try onLargeStack {
            let copy = try CorpusCopy()
            let folder = copy.path + "/data/"
            try writeWhole("material_id\nAl-fcc\n", to: folder + "al.csv")
            try FileManager.default.copyItem(atPath: folder + "atoms", toPath: folder + "elsewhere")
            func key(_ atoms: String) throws -> Digest {
                let session = try Session(base: copy.path + "/language/", options: SessionOptions(), reporter: CollectingReporter())
                let checked = session.check(
                    """
                    dataset bonds {
                        rows:   csv("../data/al.csv")
                        id:     "material_id"
                        inputs: { bonds: chgcar("../data/densities/{material_id}.CHGCAR") |> deformation(atoms: "../data/\(atoms)") }
                    }
                    """, file: "script.ecdx")
                #expect(checked.script.diagnostics == [])
                let runner = try session.runner(for: checked)
                let data = try #require(checked.script.names.first { $0.name == "bonds" }?.value.object)
                return try runner.keys.input("bonds", of: runner.plan(of: data))
            }
            let first = try key("atoms")
            #expect(try key("elsewhere") == first)
            let path = folder + "elsewhere/Al.csv"
            try writeWhole("# another table\n" + String(decoding: readFile(path, limit: 1 << 20), as: UTF8.self), to: path)
            #expect(try key("elsewhere") != first)
        }
    }
}
