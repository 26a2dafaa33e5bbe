/// A piece of a paragraph whose emphasis is not found yet.
enum MarkdownNode: Hashable {
    /// A piece with how deep others stand in it.
    case done(MarkdownInline, depth: Int)
    /// `*` or `_`, some of them.
    case delimiter(Unicode.Scalar, Int, opens: Bool, closes: Bool)
    /// A bracket that nothing closed.
    case bracket(isPicture: Bool)
}

/// How deep emphasis and links may stand in each other; beyond it marks are text.
private let deepestEmphasis = 24
/// How many marks an end of emphasis is compared with, so that a hostile text takes no longer than another.
private let farthestOpener = 64

/// The pieces with emphasis put around what stands between its marks, and how deep they stand in each other.
func resolved(_ nodes: ArraySlice<MarkdownNode>) -> (inlines: [MarkdownInline], depth: Int) {
    var kept: [MarkdownNode] = []
    var openers: [Unicode.Scalar: [Int]] = [:]
    for node in nodes {
        guard case .delimiter(let mark, var count, let opens, let closes) = node else {
            kept.append(node)
            continue
        }
        while closes, count > 0, let place = opener(for: mark, count, opens: opens, in: kept, openers[mark] ?? []) {
            guard case .delimiter(_, let open, let alsoOpens, let alsoCloses) = kept[place] else { break }
            let inner = plain(kept[(place + 1)...])
            guard inner.depth < deepestEmphasis else { break }
            let used = open >= 2 && count >= 2 ? 2 : 1
            kept.removeSubrange(place...)
            for key in openers.keys { while let last = openers[key]?.last, last >= place { openers[key]?.removeLast() } }
            if open > used {
                openers[mark, default: []].append(kept.count)
                kept.append(.delimiter(mark, open - used, opens: alsoOpens, closes: alsoCloses))
            }
            kept.append(.done(used == 2 ? .strong(inner.inlines) : .emphasis(inner.inlines), depth: inner.depth + 1))
            count -= used
        }
        guard count > 0 else { continue }
        if opens { openers[mark, default: []].append(kept.count) }
        kept.append(.delimiter(mark, count, opens: opens, closes: closes))
    }
    return plain(kept[...])
}

/// The place of the mark that an end of emphasis belongs to; nil where there is none.
private func opener(for mark: Unicode.Scalar, _ count: Int, opens: Bool, in nodes: [MarkdownNode], _ places: [Int]) -> Int? {
    for place in places.reversed().prefix(farthestOpener) {
        guard case .delimiter(_, let open, _, let closes) = nodes[place] else { continue }
        // The rule of CommonMark for marks that could be both.
        if (opens || closes), (open + count).isMultiple(of: 3), !(open.isMultiple(of: 3) && count.isMultiple(of: 3)) { continue }
        return place
    }
    return nil
}

/// The pieces as they are, marks that found no other as text.
private func plain(_ nodes: ArraySlice<MarkdownNode>) -> (inlines: [MarkdownInline], depth: Int) {
    var found: [MarkdownInline] = []
    var words = ""
    var deepest = 0
    func flush() {
        if !words.isEmpty { found.append(.text(words)) }
        words = ""
    }
    for node in nodes {
        switch node {
        case .done(.text(let text), _): words += text
        case .done(let inline, let depth):
            deepest = max(deepest, depth)
            flush()
            found.append(inline)
        case .delimiter(let mark, let count, _, _): words += String(repeating: Character(mark), count: count)
        case .bracket(let isPicture): words += isPicture ? "![" : "["
        }
    }
    flush()
    return (found, deepest)
}
