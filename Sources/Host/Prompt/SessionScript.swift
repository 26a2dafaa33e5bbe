import Diagnostics
import Experiments
import Language

/// A session as the text of a script.
struct SessionScript {
    private(set) var pieces: [(text: String, isAction: Bool, isOff: Bool)]

    /// `placed`: literals of loaded scripts that are paths from another folder, with that folder.
    init(_ record: SessionRecord, placed: [SourceSpan: String]) {
        pieces = record.current.map { ($0.text(placed), !$0.isDeclaration && $0.statement != nil, false) }
    }

    var isEmpty: Bool { pieces.isEmpty }
    /// The number of actions that no longer fit what was declared since, or whose file a later one writes again: they stand as
    /// comments.
    var leftOut: Int { pieces.count(where: \.isOff) }

    /// The text of the script, and where each piece begins in it.
    private var laidOut: (text: String, starts: [Int]) {
        var text = ""
        var starts: [Int] = []
        var wasLong = false
        for piece in pieces {
            let isLong = piece.text.contains("\n")
            if !text.isEmpty, isLong || wasLong || piece.text.hasPrefix("#") { text += "\n" }
            starts.append(text.utf8.count)
            text += piece.isOff ? commented(piece.text) : piece.text
            text += "\n"
            wasLong = isLong
        }
        return (text, starts)
    }

    var text: String { laidOut.text }

    private func commented(_ text: String) -> String {
        "# no longer fits what comes after it:\n"
            + text.split(separator: "\n", omittingEmptySubsequences: false).map { "# \($0)" }.joined(separator: "\n")
    }

    /// Turns actions into comments until the script checks, and returns the errors that remain.
    mutating func settle(_ check: (String) -> [Diagnostic]) -> [Diagnostic] {
        while true {
            let (text, starts) = laidOut
            let errors = check(text).filter { $0.severity == .error }
            let places = errors.compactMap { $0.span?.start }.compactMap { place in starts.lastIndex { $0 <= place } }
            let wrong = Set(places.filter { pieces[$0].isAction && !pieces[$0].isOff })
            if wrong.isEmpty { return errors }
            for index in wrong { pieces[index].isOff = true }
        }
    }
}
