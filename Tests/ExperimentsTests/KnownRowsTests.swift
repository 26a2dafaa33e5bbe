import Diagnostics
import SessionTestSupport
import Storage
import TestSupport
import Testing

@testable import Experiments

/// Where files are added to a folder, only those are read: the others have items in the store.
@Suite(.timed) struct KnownRowsTests {
    /// What a run of the bench shows of its input, and the notes on the way.
    private func run(_ bench: StoreBench, _ actions: String = "show plain.inputs.shape\n") throws -> (lines: [String], notes: [String]) {
        let reporter = LineReporter()
        var notes: [String] = []
        reporter.noted = { notes.append($0) }
        let session = try bench.session(reporter)
        let checked = session.check(StoreBench.data + actions, file: "script.ecdx")
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        try session.perform(checked)
        return (reporter.lines, notes)
    }

    @Test func onlyNewRowsAreRead() throws {
        let bench = try StoreBench()
        try bench.writeMarks(count: 12)
        #expect(try run(bench).notes == ["reading 12 files for `plain.inputs.shape`"])
        try bench.writeMarks(count: 20)
        let added = try run(bench)
        #expect(added.notes == ["reading 8 files for `plain.inputs.shape`; 12 rows are in the store"])
        // A file that changed is read anew.
        try writeWhole("1 2 3", to: bench.scratch.file("a3.txt"))
        let changed = try run(bench)
        #expect(changed.notes == ["reading 1 file for `plain.inputs.shape`; 19 rows are in the store"])
        let fresh = try StoreBench()
        try fresh.writeMarks(count: 20)
        #expect(try run(fresh).lines == added.lines)
        try writeWhole("1 2 3", to: fresh.scratch.file("a3.txt"))
        #expect(try run(fresh).lines == changed.lines)
    }

    /// Items of another pipeline are other items, and a damaged entry is none.
    @Test func otherItemsAreNotTaken() throws {
        let bench = try StoreBench()
        try bench.writeMarks(count: 12)
        _ = try run(bench)
        let doubled = StoreBench.data.replacing("numbers(\"{id}.txt\")", with: "numbers(\"{id}.txt\") * 2")
        let reporter = LineReporter()
        var notes: [String] = []
        reporter.noted = { notes.append($0) }
        let session = try bench.session(reporter)
        try session.perform(session.check(doubled + "show plain.inputs.shape\n", file: "script.ecdx"))
        #expect(notes == ["reading 12 files for `plain.inputs.shape`"])
        for key in Cache(root: joined(bench.store, "cache")).keys() {
            let path = joined(Cache(root: joined(bench.store, "cache")).path(key) ?? "", "input.safetensors")
            var bytes = try readFile(path)
            bytes[bytes.count - 1] ^= 1
            try writeWhole(bytes, to: path)
        }
        try bench.writeMarks(count: 13)
        #expect(try run(bench).notes == ["reading 13 files for `plain.inputs.shape`"])
    }
}
