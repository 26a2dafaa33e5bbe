/// Places buffers in one arena: two that are never alive at once may share memory.
struct MemoryPlan {
    /// A buffer to be placed: its size, and the steps between which it is alive.
    struct Buffer {
        var bytes: Int
        /// The first step that touches the buffer.
        var first = Int.max
        /// The last step that touches the buffer.
        var last = Int.min
    }

    /// Alignment of every buffer in bytes: vectors of any processor are aligned so, and no two buffers share a cache line.
    static let alignment = 64

    private(set) var buffers: [Buffer] = []

    /// Adds a buffer, its size rounded up to the alignment, and returns its index.
    mutating func add(bytes: Int) -> Int {
        buffers.append(Buffer(bytes: (max(bytes, 1) + Self.alignment - 1) / Self.alignment * Self.alignment))
        return buffers.count - 1
    }

    /// Extends the life of a buffer to a step.
    mutating func touch(_ buffer: Int, at step: Int) {
        buffers[buffer].first = min(buffers[buffer].first, step)
        buffers[buffer].last = max(buffers[buffer].last, step)
    }

    /// Keeps a buffer alive throughout, so that it shares its memory with no other.
    mutating func pin(_ buffer: Int) {
        buffers[buffer].first = Int.min
        buffers[buffer].last = Int.max
    }

    /// The offset of each buffer in bytes, and the size of the arena. The largest are placed first, each into the lowest gap that
    /// is free while it lives.
    func layout() -> (offsets: [Int], size: Int) {
        var offsets = [Int](repeating: 0, count: buffers.count)
        var placed: [Int] = []
        var size = 0
        let order = buffers.indices.sorted { (buffers[$0].bytes, $1) > (buffers[$1].bytes, $0) }
        for index in order {
            let buffer = buffers[index]
            let others =
                placed
                .filter { buffers[$0].first <= buffer.last && buffer.first <= buffers[$0].last }
                .sorted { offsets[$0] < offsets[$1] }
            var offset = 0
            for other in others where offsets[other] < offset + buffer.bytes {
                offset = max(offset, offsets[other] + buffers[other].bytes)
            }
            offsets[index] = offset
            size = max(size, offset + buffer.bytes)
            placed.append(index)
        }
        return (offsets, size)
    }
}
