import Diagnostics
import SessionTestSupport
import Storage
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments

/// Densities as files of the field: what was only read is written as it was.
@Suite(.timed) struct FieldExportTests {
    /// Performs a script in a copy of the corpus; returns the folder of the copy.
    private func performed(_ script: String) throws -> CorpusCopy {
        let copy = try CorpusCopy()
        var options = SessionOptions()
        options.standardLibrary = Place.library
        options.store = copy.path + "/.ecdx"
        let session = try Session(base: copy.path + "/language/", options: options, reporter: CollectingReporter())
        let checked = session.check(script, file: "script.ecdx")
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        try session.perform(checked)
        return copy
    }

    private func text(_ path: String) throws -> String { String(decoding: try readFile(path, limit: 1 << 24), as: UTF8.self) }

    @Test func aFileThatWasOnlyReadComesBackByteForByte() throws {
        try onLargeStack {
            let copy = try performed(
                """
                export chgcar("../data/field/spin-aug.CHGCAR.gz") to "out/spin.CHGCAR"
                export locpot("../data/field/nospin.LOCPOT") to "out/nospin.LOCPOT"
                export chgcar("../data/field/noncollinear.CHG") to "out/noncollinear.CHG"
                """)
            let packed = try FileBytes.read(path: copy.path + "/data/field/spin-aug.CHGCAR.gz")
            let original = packed.withBytes { String(decoding: $0, as: UTF8.self) }
            #expect(try text(copy.path + "/language/out/spin.CHGCAR") == original)
            for name in ["nospin.LOCPOT", "noncollinear.CHG"] {
                #expect(try text(copy.path + "/language/out/" + name) == text(copy.path + "/data/field/" + name))
            }
        }
    }

    @Test func whatWasComputedHasOneBlockAndTheSameNumbers() throws {
        try onLargeStack {
            let copy = try performed(
                """
                let spin = chgcar("../data/field/spin-aug.CHGCAR.gz")
                export spin.up to "out/up.CHGCAR"
                export spin.up to "out/up.cube"
                """)
            var options = SessionOptions()
            options.standardLibrary = Place.library
            options.store = copy.path + "/.ecdx"
            let reporter = CollectingReporter()
            let session = try Session(base: copy.path + "/language/", options: options, reporter: reporter)
            let checked = session.check(
                """
                show chgcar("out/up.CHGCAR").electrons
                show cube("out/up.cube").electrons
                show (chgcar("out/up.CHGCAR") - cube("out/up.cube")).electrons
                """, file: "script.ecdx")
            #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
            try session.perform(checked)
            #expect(try text(copy.path + "/language/out/up.CHGCAR").contains("augmentation") == false)
        }
    }
}
