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
            let found = try shown(
                """
                show chgcar("out/up.CHGCAR").electrons
                show cube("out/up.cube").electrons
                show abs(chgcar("out/up.CHGCAR") - cube("out/up.cube")).max
                """, in: copy)
            #expect(found.lines.prefix(2) == ["29.5 e", "29.5 e"] && found.lines.count == 3, "\(found.lines)")
            let apart = try #require(Double(found.lines[2].prefix { $0 != " " }))
            #expect(apart < 1e-9, "\(found.lines)")
            #expect(try text(copy.path + "/language/out/up.CHGCAR").contains("augmentation") == false)
        }
    }

    /// What a second script shows of files that a first one wrote, and of which it warns.
    private func shown(_ script: String, in copy: CorpusCopy) throws -> CollectingReporter {
        var options = SessionOptions()
        options.standardLibrary = Place.library
        options.store = copy.path + "/.ecdx"
        let reporter = CollectingReporter()
        let session = try Session(base: copy.path + "/language/", options: options, reporter: reporter)
        let checked = session.check(script, file: "script.ecdx")
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        try session.perform(checked)
        return reporter
    }

    /// A cube tells what its numbers are where `export` wrote it, and they come back in their unit.
    @Test func cubesTellTheirUnit() throws {
        try onLargeStack {
            let copy = try performed(
                """
                export locpot("../data/field/nospin.LOCPOT") to "out/potential.cube"
                export elfcar("../data/field/spin-up-down.ELFCAR").up to "out/elf.cube"
                export chgcar("../data/field/spin-aug.CHGCAR.gz").magnetization to "out/spin.cube"
                """)
            let reporter = try shown(
                """
                show cube("out/potential.cube") |> mean
                show cube("out/elf.cube").max
                show cube("out/spin.cube").moment
                """, in: copy)
            #expect(reporter.warnings.isEmpty, "\(reporter.warnings)")
            #expect(reporter.lines == ["-3.25 eV", "0.949", "3.00 mu_B"], "\(reporter.lines)")
            #expect(try text(copy.path + "/language/out/potential.cube").contains("\necdx: potential [eV]\n"))
        }
    }

    /// The two blocks of a file with spin that has no total, and a difference that comes to less than nothing, are written and read again.
    @Test func whatWasWrittenIsReadAgain() throws {
        try onLargeStack {
            let copy = try performed(
                """
                let d = chgcar("../data/field/fcc-primitive.CHGCAR")
                export elfcar("../data/field/spin-up-down.ELFCAR") to "out/both.ELFCAR"
                export d / 2 - d to "out/less.CHGCAR"
                export chgcar("../data/field/number-shapes.CHGCAR") * 1 to "out/shapes.CHGCAR"
                """)
            #expect(try text(copy.path + "/language/out/both.ELFCAR") == text(copy.path + "/data/field/spin-up-down.ELFCAR"))
            // Exponents of what was computed have a letter.
            #expect(try text(copy.path + "/language/out/shapes.CHGCAR").contains("0.1234567890E-100"))
            let reporter = try shown("show chgcar(\"out/less.CHGCAR\").electrons", in: copy)
            #expect(reporter.lines == ["-1.50 e"] && reporter.warnings.map(\.id) == ["other-field"], "\(reporter.lines)")
        }
    }
}
