import Diagnostics

/// A function written in the language, with the comment that `help` and completion show.
public struct DocumentedFunction: Sendable, Hashable {
    /// A parameter of a function, as it is written.
    public struct Parameter: Sendable, Hashable {
        /// Name of the parameter.
        public var name: String
        /// Name of the type; nil where none is written.
        public var type: String?
        /// Default as it is written; nil where there is none.
        public var fallback: String?

        /// The parameter with its type and default, such as `height: Number = 73`.
        public var written: String { name + (type.map { ": " + $0 } ?? "") + (fallback.map { " = " + $0 } ?? "") }
    }

    /// Name of the function.
    public var name: String
    /// Parameters in order.
    public var parameters: [Parameter]
    /// Comment above the function, as one paragraph.
    public var comment: String
    /// File that the function is declared in.
    public var file: String

    /// The name with the parameters, such as `arora(height: Number = 73, width: Number = 196)`.
    public var signature: String { "\(name)(\(parameters.map(\.written).joined(separator: ", ")))" }

    /// The comment up to its first full stop before a blank.
    public var summary: String {
        comment.firstRange(of: ". ").map { String(comment[..<$0.lowerBound]) + "." } ?? comment
    }
}

extension SyntaxTree {
    /// The functions of the text with the comments above them.
    public var documentedFunctions: [DocumentedFunction] {
        let bytes = Array(text.utf8)
        func slice(_ start: Int, _ end: Int) -> String {
            start >= 0 && start <= end && end <= bytes.count ? String(decoding: bytes[start..<end], as: UTF8.self) : ""
        }
        return statements.compactMap { statement in
            guard case .function(let name, let parameters, _) = statement.kind else { return nil }
            return DocumentedFunction(
                name: name.text,
                parameters: parameters.map { parameter in
                    .init(
                        name: parameter.name.text, type: parameter.type?.text,
                        fallback: parameter.fallback.map { slice($0.span.start, $0.span.end) })
                },
                comment: Self.comment(above: slice(0, statement.span.start)), file: file)
        }
    }

    /// The lines of comment at the end of a text, without their marks; a line that begins a cell ends them.
    private static func comment(above text: String) -> String {
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().reversed() {
            guard line.hasPrefix("#"), !line.hasPrefix("# %%") else { break }
            lines.append(String(line.dropFirst().drop { $0 == " " }))
        }
        return lines.reversed().joined(separator: " ")
    }
}
