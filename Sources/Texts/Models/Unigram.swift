/// A unigram model: of all ways to split a word into pieces, the one whose scores have the largest sum. Of two ways with equal sums the
/// one found first counts, so the precision of the sums matters.
struct Unigram: Sendable {
    let trie: PieceTrie
    /// The score of each id.
    let scores: [Double]
    /// The score of a character that is no piece.
    let unknownScore: Double
    let unknown: Int32
    /// Whether sums are kept in single precision, as in SentencePiece; in `tokenizers` they are doubles.
    var isSingle = false

    /// A piece of the way: its bytes and its id.
    struct Step {
        var range: Range<Int>
        var id: Int32
    }

    /// The best way to split a word; neighbouring unknown characters are one piece.
    func split(_ word: UnsafeBufferPointer<UInt8>, _ body: (Step) -> Void) {
        guard !word.isEmpty else { return }
        withUnsafeTemporaryAllocation(of: Node.self, capacity: word.count + 1) { nodes in
            nodes.initialize(repeating: Node(score: 0, start: -1, id: 0))
            findBest(word, nodes)
            follow(nodes, body)
        }
    }

    private struct Node {
        var score: Double
        /// Where the piece begins that ends here on the best way; -1 where none ends here.
        var start: Int32
        var id: Int32
    }

    @inline(__always)
    private func rounded(_ score: Double) -> Double { isSingle ? Double(Float(score)) : score }

    private func findBest(_ word: UnsafeBufferPointer<UInt8>, _ nodes: UnsafeMutableBufferPointer<Node>) {
        var start = 0
        while start < word.count {
            let until = nodes[start].score
            let length = min(scalarLength(word[start]), word.count - start)
            var isPiece = false
            func offer(_ end: Int, _ sum: Double, _ id: Int32) {
                let score = rounded(sum)
                if nodes[end].start < 0 || score > nodes[end].score {
                    nodes[end] = Node(score: score, start: Int32(truncatingIfNeeded: start), id: id)
                }
            }
            trie.forEachPiece(in: word, at: start) { end, id in
                offer(end, scores[Int(id)] + until, id)
                if end - start == length { isPiece = true }
            }
            if !isPiece { offer(start + length, unknownScore + until, unknown) }
            start += length
        }
    }

    /// Turns the links around and walks the way from its beginning.
    private func follow(_ nodes: UnsafeMutableBufferPointer<Node>, _ body: (Step) -> Void) {
        // The end of the next piece is kept where the start of the one that ends there was.
        var end = nodes.count - 1
        var next = -1
        while end > 0 {
            let start = max(0, Int(nodes[end].start))
            nodes[end].start = Int32(truncatingIfNeeded: next)
            next = end
            end = start
        }
        var start = 0
        var unknownStart = -1
        while next > 0 {
            let node = nodes[next]
            if node.id == unknown {
                if unknownStart < 0 { unknownStart = start }
            } else {
                if unknownStart >= 0 { body(Step(range: unknownStart..<start, id: unknown)) }
                unknownStart = -1
                body(Step(range: start..<next, id: node.id))
            }
            start = next
            next = Int(node.start)
        }
        if unknownStart >= 0 { body(Step(range: unknownStart..<start, id: unknown)) }
    }
}
