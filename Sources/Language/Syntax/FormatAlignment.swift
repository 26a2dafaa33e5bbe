extension ScriptLayout {
    /// Puts the values of fields on consecutive lines under one another. A line with several members, a comment on a line
    /// of its own, a blank line and a member of several lines end a group; that member's own first line belongs to it.
    mutating func align(_ statement: Range<Int>) {
        for index in statement { padding[index] = 0 }
        for bracket in statement where text.tokens[bracket].isSymbol("{") && text.isOpen(bracket) { alignMembers(of: bracket) }
    }

    private mutating func alignMembers(of bracket: Int) {
        var group: [(value: Int, width: Int)] = []
        func settle(_ group: inout [(value: Int, width: Int)]) {
            let widest = group.map(\.width).max() ?? 0
            for (value, width) in group { padding[value] = widest - width }
            group = []
        }
        let gaps = text.members[bracket]
        for (start, end) in zip(gaps, gaps.dropFirst()) {
            let before = text.gaps[start]
            if before.lines > 1 || before.remarks.contains(where: { $0.standsAlone || $0.isCell }) { settle(&group) }
            guard before.isBroken, text.gaps[end].isBroken, let label = label(of: start..<end) else {
                settle(&group)
                continue
            }
            group.append(label)
            if (start + 1..<end).contains(where: { text.gaps[$0].isBroken }) { settle(&group) }
        }
        settle(&group)
    }

    /// The value of a member `path: value`, `input name: value` or `kind name { ... }`, and the width of what is before it.
    private func label(of member: Range<Int>) -> (value: Int, width: Int)? {
        func token(_ index: Int) -> FormatToken? { member.contains(index) ? text.tokens[index] : nil }
        var at = member.lowerBound
        guard token(at)?.isWord == true else { return nil }
        let hasName = token(at + 1)?.isWord == true
        if hasName, ![at, at + 1].contains(where: { reservedWords.contains(text.tokens[$0].text) }), token(at + 2)?.isSymbol("{") == true {
            at += 2
        } else {
            if hasName, token(at)?.text == "input" { at += 1 }
            while token(at + 1)?.isSymbol(".") == true, token(at + 2)?.isWord == true { at += 2 }
            guard token(at + 1)?.isSymbol(":") == true else { return nil }
            at += 2
        }
        guard member.contains(at) else { return nil }
        let inner = member.lowerBound + 1..<at
        guard !text.gaps[at].isBroken, !inner.contains(where: { text.gaps[$0].isBroken }) else { return nil }
        return (at, text.tokens[member.lowerBound].width + inner.reduce(0) { $0 + text.blanks(before: $1) + text.tokens[$1].width })
    }
}
