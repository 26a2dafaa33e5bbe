extension ScriptLayout {
    /// Breaks lines that are too long, one step for each such line. False where nothing was left to do.
    mutating func breakLongLines(_ statement: Range<Int>) -> Bool {
        var didBreak = false
        var start = statement.lowerBound
        while start < statement.upperBound {
            var end = start + 1
            while end < statement.upperBound, !text.gaps[end].isBroken { end += 1 }
            if self.end(of: end - 1) > ScriptFormatter.width, breakLine(start..<end) { didBreak = true }
            start = end
        }
        return didBreak
    }

    private func end(of token: Int) -> Int { column[token] + text.tokens[token].width }

    /// A way to break a line, the best first: outermost; then between members, before operators of a chain, inside a
    /// bracket; last of all behind other operators.
    private struct Way: Comparable {
        enum Kind: Int { case members, chain, bracket, infix }
        var depth: Int
        var kind: Kind

        static func < (left: Way, right: Way) -> Bool {
            let (a, b) = (left.kind == .infix, right.kind == .infix)
            if a != b { return b }
            return (left.depth, left.kind.rawValue) < (right.depth, right.kind.rawValue)
        }
    }

    private mutating func breakLine(_ line: Range<Int>) -> Bool {
        var best: Way?
        var places: [Int] = []
        for index in line.dropFirst() {
            guard let way = way(index, in: line) else { continue }
            if let known = best, known < way { continue }
            if best != way { places = [] }
            best = way
            places.append(index)
        }
        switch best?.kind {
        case .members: breakMembers(places, line)
        case .chain: breakChain(places)
        case .bracket: openBracket(places)
        case .infix: breakInfix(places)
        case nil: return false
        }
        return true
    }

    private func way(_ index: Int, in line: Range<Int>) -> Way? {
        let depth = text.depth[index]
        let parent = text.parent[index]
        switch text.gaps[index].place {
        case .separator, .comma: return parent >= 0 && text.isOpen(parent) ? Way(depth: depth, kind: .members) : nil
        case .open:
            // A single word or string in brackets gains nothing by a line of its own, unless it fits there.
            let isSingle = text.partner[index - 1] == index + 1
            let fits = (column[line.lowerBound] + ScriptFormatter.indentation + text.tokens[index].width) <= ScriptFormatter.width
            return isSingle && !fits ? nil : Way(depth: depth - 1, kind: .bracket)
        case .inner:
            if text.tokens[index].isChain { return Way(depth: depth, kind: .chain) }
            return text.tokens[index - 1].looseness == nil ? nil : Way(depth: depth, kind: .infix)
        case .close: return nil
        }
    }

    /// Breaks a line between members, one member a line; lists of short items are filled up.
    private mutating func breakMembers(_ places: [Int], _ line: Range<Int>) {
        guard let first = places.first, isTextual(first, line) else {
            for place in places { text.gaps[place].lines = 1 }
            return
        }
        var shift = 0
        for (place, next) in zip(places, places.dropFirst() + [line.upperBound]) where end(of: next - 1) - shift > ScriptFormatter.width {
            text.gaps[place].lines = 1
            shift = column[place] - column[line.lowerBound]
        }
        // Where only what is behind the last comma is too long, breaking before it is all there is to do.
        if shift == 0, let last = places.last { text.gaps[last].lines = 1 }
    }

    /// The most columns of an item that a list may have several of in a line.
    private static let shortItem = 32

    /// Whether a line is part of a list of short items without structure.
    private func isTextual(_ place: Int, _ line: Range<Int>) -> Bool {
        guard text.tokens[text.parent[place]].text == "[" else { return false }
        return line.allSatisfy { index in
            let token = text.tokens[index]
            return token.width <= Self.shortItem && !token.isSymbol(":") && !token.opens && !token.closes
        }
    }

    /// Ends the line before the last operator that lets what is before it fit. Where the first stands too far from the
    /// beginning for others to stand under it, it begins the next line itself.
    private mutating func breakChain(_ places: [Int]) {
        let pipes = places.filter { text.tokens[$0].text == "|>" }
        let places = pipes.isEmpty ? places : pipes
        guard let first = places.first else { return }
        let isFar = leadsChain[first] && column[first] - itemIndent[first] > Self.hanging
        let fitting = places.last { end(of: $0 - 1) <= ScriptFormatter.width }
        text.gaps[isFar ? first : fitting ?? first].lines = 1
    }

    /// Opens the last bracket that begins within the line, braces before others, and those of all branches of an `if`.
    private mutating func openBracket(_ places: [Int]) {
        let fitting = places.filter { column[$0 - 1] < ScriptFormatter.width }
        let braces = fitting.filter { text.tokens[$0 - 1].text == "{" }
        let larger = fitting.filter { text.partner[$0 - 1] > $0 + 1 }
        guard let chosen = braces.last ?? larger.last ?? fitting.last ?? places.first else { return }
        text.open(chosen - 1)
        guard isBranch(chosen - 1) else { return }
        for place in braces where isBranch(place - 1) { text.open(place - 1) }
    }

    private func isBranch(_ brace: Int) -> Bool {
        let after = text.partner[brace] + 1
        return brace > 0 && text.tokens[brace - 1].isWord("else") || after < text.tokens.count && text.tokens[after].isWord("else")
    }

    /// Ends the line behind the loosest operators, the last that fits.
    private mutating func breakInfix(_ places: [Int]) {
        let loosest = places.compactMap { text.tokens[$0 - 1].looseness }.min()
        let places = places.filter { text.tokens[$0 - 1].looseness == loosest }
        guard let place = places.last(where: { end(of: $0 - 1) <= ScriptFormatter.width }) ?? places.first else { return }
        text.gaps[place].lines = 1
    }
}
