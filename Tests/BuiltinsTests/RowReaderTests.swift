import Datasets
import Diagnostics
import Language
import Storage
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import Builtins

/// Items of rows are read on several threads, and nothing shows of it.
@Suite(.timed) struct RowReaderTests {
    /// The rows that were looked at.
    private final class Seen: Sendable {
        private let rows = Mutex<[Int]>([])
        func add(_ row: Int) { rows.withLock { $0.append(row) } }
        var all: [Int] { rows.withLock { $0 } }
    }

    private func reader(_ threads: Int) -> RowReader { RowReader(library: catalogue, folder: "/", threads: threads) }

    @Test(arguments: [1, 2, 5, 64]) func rowsComeInOrder(threads: Int) throws {
        let rows = Array(stride(from: 100, to: 0, by: -1))
        var taken: [Int] = []
        try reader(threads).inOrder(rows, between: {}, { $0 * 2 }, { row, made in if made == row * 2 { taken.append(row) } })
        #expect(taken == rows)
    }

    @Test(arguments: [1, 2, 5]) func theFirstFaultInOrderCounts(threads: Int) throws {
        let seen = Seen()
        var taken: [Int] = []
        #expect {
            try reader(threads).inOrder(
                Array(0..<100), between: {},
                { row in
                    seen.add(row)
                    if row % 10 >= 7 { throw Diagnostic("bad-data", "row \(row)") }
                    return row
                }, { row, _ in taken.append(row) })
        } throws: {
            ($0 as? Diagnostic)?.message == "row 7"
        }
        #expect(taken == Array(0..<7))
        // Not all rows are read when one is at fault.
        #expect(seen.all.count <= max(8, 8 * threads))
    }

    @Test func itStopsBetweenRows() throws {
        struct Stop: Error {}
        var calls = 0
        #expect(throws: Stop.self) {
            try reader(2).inOrder(
                Array(0..<1000),
                between: {
                    calls += 1
                    if calls == 3 { throw Stop() }
                }, { $0 }, { _, _ in })
        }
        #expect(calls == 3)
    }

    /// More threads than may be made are no fault.
    @Test func everyNumberIsTakenOnce() {
        let seen = Seen()
        concurrently(1000, threads: 16) { seen.add($0) }
        #expect(seen.all.sorted() == Array(0..<1000))
        concurrently(0, threads: 3) { seen.add($0) }
        #expect(seen.all.count == 1000)
    }
}
