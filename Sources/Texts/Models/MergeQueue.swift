/// The joining of the symbols of a long word by a queue, whose time grows with the length of the word and not with its square.
enum MergeQueue {
    private struct Symbol {
        var id: Int32
        /// The neighbours; -1 where there is none, and for both where the symbol was joined to the one before it.
        var previous: Int
        var next: Int
        var isGone = false
    }

    private struct Entry {
        var rank: UInt32
        var place: Int
        var id: Int32

        func precedes(_ other: Entry) -> Bool { rank == other.rank ? place < other.place : rank < other.rank }
    }

    static func merge(_ ids: [Int32], by merges: MergeTable) -> [Int32] {
        var symbols = ids.enumerated().map { Symbol(id: $1, previous: $0 - 1, next: $0 + 1 < ids.count ? $0 + 1 : -1) }
        var heap: [Entry] = []
        func push(_ place: Int) {
            let next = symbols[place].next
            guard next >= 0 else { return }
            let merge = merges.merge(symbols[place].id, symbols[next].id)
            if merge.rank != .max { sift(Entry(rank: merge.rank, place: place, id: merge.id), into: &heap) }
        }
        for place in 0..<symbols.count { push(place) }
        while let top = pop(&heap) {
            let next = symbols[top.place].next
            guard !symbols[top.place].isGone, next >= 0 else { continue }
            // An entry of a pair that has changed since is passed over.
            guard merges.merge(symbols[top.place].id, symbols[next].id).id == top.id else { continue }
            symbols[top.place].id = top.id
            symbols[next].isGone = true
            let after = symbols[next].next
            symbols[top.place].next = after
            if after >= 0 { symbols[after].previous = top.place }
            if symbols[top.place].previous >= 0 { push(symbols[top.place].previous) }
            push(top.place)
        }
        return symbols.filter { !$0.isGone }.map(\.id)
    }

    private static func sift(_ entry: Entry, into heap: inout [Entry]) {
        heap.append(entry)
        var place = heap.count - 1
        while place > 0 {
            let above = (place - 1) / 2
            guard heap[place].precedes(heap[above]) else { return }
            heap.swapAt(place, above)
            place = above
        }
    }

    private static func pop(_ heap: inout [Entry]) -> Entry? {
        guard let top = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return top }
        heap[0] = last
        var place = 0
        while true {
            var least = place
            for below in [2 * place + 1, 2 * place + 2] where below < heap.count && heap[below].precedes(heap[least]) { least = below }
            if least == place { return top }
            heap.swapAt(place, least)
            place = least
        }
    }
}
