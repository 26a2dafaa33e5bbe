/// Pieces by their bytes, one after another, so that all pieces with which a text begins are found in one go.
struct PieceTrie: Sendable {
    /// The node behind each first byte; 0 where no piece begins with it.
    private var roots = [UInt32](repeating: 0, count: 256)
    /// Other edges: node and byte in one number, and the node they lead to. The number of slots is a power of two.
    private var keys: [UInt64] = []
    private var targets: [UInt32] = []
    private var edges = 0
    /// The id of the piece that ends at each node; -1 where none does.
    private var ids: [Int32] = [-1]

    private static let free = UInt64.max

    /// Adds a piece of at least one byte; one with the same bytes is replaced.
    mutating func add(_ piece: some Collection<UInt8>, id: Int32) {
        var node: UInt32 = 0
        for byte in piece {
            let next = self.next(node, byte)
            node = next != 0 ? next : addNode(node, byte)
        }
        if node != 0 { ids[Int(node)] = id }
    }

    private mutating func addNode(_ node: UInt32, _ byte: UInt8) -> UInt32 {
        let new = UInt32(truncatingIfNeeded: ids.count)
        ids.append(-1)
        if node == 0 {
            roots[Int(byte)] = new
            return new
        }
        if edges * 2 >= keys.count { grow() }
        let slot = slot(of: Self.key(node, byte))
        keys[slot] = Self.key(node, byte)
        targets[slot] = new
        edges += 1
        return new
    }

    private mutating func grow() {
        let (oldKeys, oldTargets) = (keys, targets)
        let size = max(1024, oldKeys.count * 2)
        keys = [UInt64](repeating: Self.free, count: size)
        targets = [UInt32](repeating: 0, count: size)
        for (key, target) in zip(oldKeys, oldTargets) where key != Self.free {
            let slot = slot(of: key)
            (keys[slot], targets[slot]) = (key, target)
        }
    }

    private static func key(_ node: UInt32, _ byte: UInt8) -> UInt64 { UInt64(node) << 8 | UInt64(byte) }

    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let product = key &* 0x9E37_79B9_7F4A_7C15
        var slot = Int(truncatingIfNeeded: product >> 32) & (keys.count - 1)
        while keys[slot] != Self.free, keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
        return slot
    }

    /// The node behind another one; 0 where there is none.
    @inline(__always)
    private func next(_ node: UInt32, _ byte: UInt8) -> UInt32 {
        if node == 0 { return roots[Int(byte)] }
        guard !keys.isEmpty else { return 0 }
        let slot = slot(of: Self.key(node, byte))
        return keys[slot] == Self.free ? 0 : targets[slot]
    }

    /// Calls `body` with the end and the id of every piece that begins at a place of a text, from the shortest on.
    @inline(__always)
    func forEachPiece(in text: UnsafeBufferPointer<UInt8>, at start: Int, _ body: (Int, Int32) -> Void) {
        var node: UInt32 = 0
        var place = start
        while place < text.count {
            node = next(node, text[place])
            if node == 0 { return }
            place += 1
            let id = ids[Int(node)]
            if id >= 0 { body(place, id) }
        }
    }
}
