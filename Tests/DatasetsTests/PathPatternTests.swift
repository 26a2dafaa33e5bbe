import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Datasets

/// Patterns of paths with `*` in any of their parts.
@Suite(.timed) struct PathPatternTests {
    @Test func anyPartMayHoldStars() throws {
        let scratch = try Scratch()
        for path in ["runs/2/CHGCAR", "runs/10/CHGCAR", "runs/10/CHGCAR.gz", "runs/1/POSCAR", "runs/.old/CHGCAR"] {
            try createFolder(scratch.file(parentFolder(of: path)))
            try writeWhole("", to: scratch.file(path))
        }
        try createFolder(scratch.file("runs/3/CHGCAR"))
        func found(_ pattern: String) throws -> [String] {
            try files(matching: scratch.file(pattern)).map { String($0.dropFirst(scratch.path.count + 1)) }
        }
        #expect(try found("runs/*/CHGCAR") == ["runs/2/CHGCAR", "runs/10/CHGCAR"])
        #expect(try found("r*s/*/*G*R*") == ["runs/2/CHGCAR", "runs/10/CHGCAR", "runs/10/CHGCAR.gz"])
        #expect(try found("runs/1/POSCAR") == ["runs/1/POSCAR"])
        #expect(try found("runs/.*/CHGCAR") == ["runs/.old/CHGCAR"])
        #expect(diagnostic { _ = try found("runs/*/LOCPOT") }.id == "empty-glob")
        #expect(diagnostic { _ = try files(matching: "") }.id == "bad-glob")
    }
}
