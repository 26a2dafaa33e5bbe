import Experiments

extension WholeProgress {
    /// The place and the time left in words: `trial 3 of 30, fold 2 of 10, about 02:10 left`; empty where nothing is known.
    public var text: String {
        (parts.map { "\($0.name) \($0.number) of \($0.count)" } + (left.map { ["about \(formatDuration($0)) left"] } ?? []))
            .joined(separator: ", ")
    }

    /// The same for a narrow screen: `trial 3/30, fold 2/10, 02:10 left`.
    public var shortText: String {
        (parts.map { "\($0.name) \($0.number)/\($0.count)" } + (left.map { ["\(formatDuration($0)) left"] } ?? [])).joined(separator: ", ")
    }
}

extension ProgressState {
    /// The least columns that a long name keeps: more than that gives way to what is behind it.
    private static let leastName = 10
    /// The columns that a name may take before it is shortened to make room for a bar.
    private static let fullName = 24

    /// The line redrawn on a screen of `width` columns: name, bar, count, measures, time gone, place in the whole run, time left. It
    /// is never wider than the screen: a long name is shortened in its middle, and a narrow screen loses the bar, the time gone and
    /// the measures before the place and the time left.
    public func screenLine(width: Int, ascii: Bool = false) -> String {
        let ellipsis = ascii ? "~" : "…"
        func line(_ rest: [String], _ room: Int) -> String {
            ([shortenedInTheMiddle(name, to: room, ellipsis: ellipsis)] + rest).filter { !$0.isEmpty }.joined(separator: "  ")
        }
        func room(_ rest: [String]) -> Int { width - displayWidth(rest.joined(separator: "  ")) - (name.isEmpty ? 0 : 2) }
        for rest in layouts {
            let least = min(displayWidth(name), Self.fullName)
            let bar = room(rest) - least - 2
            if bar >= 10 {
                let columns = min(bar, 30)
                return line([progressBar(fraction, width: columns, ascii: ascii)] + rest, room(rest) - columns - 2)
            }
        }
        for rest in barest where room(rest) >= min(displayWidth(name), Self.leastName) { return line(rest, room(rest)) }
        // The count is what moves; of the name there is what is left of the line.
        let space = room([count])
        if space > 2 { return line([count], space) }
        let bare = "\(done)/\(total)"
        return displayWidth(bare) <= width || name.isEmpty ? truncated(bare, to: width, ellipsis: ellipsis)
            : truncated(name, to: width, ellipsis: ellipsis)
    }

    private var count: String { "\(String(repeating: " ", count: max(0, "\(total)".count - "\(done)".count)))\(done)/\(total)" }

    private var values: [String] { measures.map { "\($0.short) \(formatMeasure($0.value))" } }

    /// What stands behind the name, from the fullest.
    private var layouts: [[String]] {
        let short = [count] + values + [formatDuration(elapsed)]
        if let whole, !whole.text.isEmpty { return [short + [whole.text]] }
        return (remaining.map { [short + ["left \(formatDuration($0))"]] } ?? []) + [short]
    }

    /// What stands behind the name where there is no room for a bar, from the fullest to nothing but the count.
    private var barest: [[String]] {
        let short = [count] + values + [formatDuration(elapsed)]
        let fewer = (1...short.count).reversed().map { Array(short.prefix($0)) }
        guard let whole, !whole.text.isEmpty else { return fewer }
        let left = WholeProgress(left: whole.left).shortText
        return [
            short + [whole.text], [count] + values + [whole.text], [count] + values + [whole.shortText], [count, whole.shortText],
            [count, left],
        ] + fewer.filter { $0.count == 1 }
    }
}
