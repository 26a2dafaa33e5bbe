import TestSupport
import Testing

@testable import Host

/// What readline is told of a window, and how long a line may grow: it was made for neither the smallest nor the longest.
@Suite(.timed) struct EditorGuardTests {
    @Test func windowsAreNeitherTooSmallNorTooLarge() {
        for (given, told) in [
            ((24, 80), (24, 80)), ((1, 1), (4, 20)), ((2, 2), (4, 20)), ((50, 2), (50, 20)), ((1, 200), (4, 200)),
            ((65535, 65535), (4096, 4096)),
            // What is not known is left to readline, which takes 24 x 80.
            ((0, 0), (0, 0)), ((-1, 1), (-1, 20)),
        ] as [((Int32, Int32), (Int32, Int32))] {
            let found = LineEditor.guarded(rows: given.0, columns: given.1)
            #expect(found == told, "\(given)")
        }
    }

    @Test func aLineHasALimitHoweverItGrows() {
        let limit = HistoryFile.longestEntry
        #expect(LineEditor.mayGrow(length: 0, pasted: 0) && LineEditor.mayGrow(length: limit, pasted: 0))
        #expect(LineEditor.mayGrow(length: 1, pasted: limit - 1))
        #expect(!LineEditor.mayGrow(length: limit + 1, pasted: 0) && !LineEditor.mayGrow(length: 1, pasted: limit))
        #expect(!LineEditor.mayGrow(length: .max, pasted: .max))
    }
}
