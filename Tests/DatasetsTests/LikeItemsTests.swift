import TestSupport
import Tensors
import Testing

@testable import Datasets

/// Rows that a network reads as all but the same.
@Suite(.timed) struct LikeItemsTests {
    /// 40 items of 300 numbers by chance; what `change` makes of each.
    private func items(_ change: (Int, inout [[Float]]) -> Void = { _, _ in }) throws -> Items {
        var random = Philox(RandomKey(seed: 3, purpose: .sampling))
        var rows = (0..<40).map { _ in (0..<300).map { _ in Float(random.next() % 1000) } }
        for row in rows.indices { change(row, &rows) }
        return try Items(Tensor(shape: [40, 300], values: rows.flatMap { $0 }))
    }

    @Test func nearRowsAreFound() throws {
        #expect(try likeItems([items()], within: 0.02, between: {}) == [])
        // Rows are 408 apart in each number and 289 from the mean (uniform 0 to 1000): 1.4 % of that is found, 4.2 % is not.
        let near = try items { row, rows in
            if row == 7 { rows[7] = rows[3].map { $0 + 4 } }
            if row == 20 { rows[20] = rows[3] }
            if row == 30 { rows[30] = rows[12].map { $0 + 12 } }
        }
        #expect(try likeItems([near], within: 0.02, between: {}) == [[3, 7, 20]])
        #expect(try likeItems([near], within: 0.05, between: {}) == [[3, 7, 20], [12, 30]])
        #expect(try likeItems([near], exact: [0], within: 0.05, between: {}) == [[3, 20]])
        // Alike in one input alone is not alike.
        #expect(try likeItems([near, items()], within: 0.02, between: {}) == [])
        let constant = try Items(Tensor(shape: [40, 20], values: [Float](repeating: 1, count: 800)))
        #expect(try likeItems([near, constant], within: 0.02, between: {}) == [[3, 7, 20]])
        #expect(try likeItems([constant], within: 0.02, between: {}) == [])
        #expect(try likeItems([near.gather([0, 1])], within: 0.02, between: {}) == [])
    }

    /// One row that is far from all others makes none of those alike, nor do rows of very different magnitudes.
    @Test func farRowsChangeLittle() throws {
        let far = try items { row, rows in
            if row == 5 { rows[5] = rows[5].map { $0 * 300 } }
            if row == 9 { rows[9] = rows[8].map { $0 + 4 } }
        }
        #expect(try likeItems([far], within: 0.02, between: {}) == [[8, 9]])
        let spread = try items { row, rows in
            var scale: Float = 1
            for _ in 0..<(row % 8) { scale *= 10 }
            rows[row] = rows[row].map { $0 * scale }
            if row == 16 { rows[16] = rows[0].map { $0 * 1.001 } }
        }
        #expect(try likeItems([spread], within: 0.02, between: {}) == [[0, 16]])
        // Most rows are one and the same.
        let copies = try items { row, rows in if row > 4 { rows[row] = rows[4] } }
        #expect(try likeItems([copies], within: 0.02, between: {}) == [Array(4..<40)])
    }

    /// Of a smooth scan neighbours are alike, but not its ends.
    @Test func aChainIsNoGroup() throws {
        let scan = try items { row, rows in
            rows[row] = rows[0].indices.map { Float($0 % 7) * 100 + (row == 0 ? 0 : Float(row) * Float($0 % 5)) }
        }
        let groups = try likeItems([scan], within: 0.1, between: {})
        #expect(!groups.isEmpty && !groups.contains { $0.contains(0) && $0.contains(39) }, "\(groups)")
        #expect(groups.allSatisfy { $0.count < 12 }, "\(groups)")
    }

    @Test func fewNumbersTellNothing() throws {
        let few = try Items(Tensor(shape: [40, 2], values: (0..<80).map { Float($0 % 4) }))
        #expect(try likeItems([few], within: 0.02, between: {}) == [])
        #expect(try likeItems([], within: 0.02, between: {}) == [])
        #expect(diagnostic { try likeItems([items(), items().gather([1, 2])], within: 0.02, between: {}) }.id == "shape")
    }

    @Test func itStops() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) { try likeItems([items()], within: 0.02, between: { throw Stop() }) }
    }
}
