import Diagnostics

/// A value given on the command line for a `param` or a dotted field.
public struct Override: Sendable {
    /// Name of the `param`, or of the declaration and the fields inside it.
    public var path: [String]
    /// Source text of the value.
    public var text: String
    /// Creates an override.
    public init(path: [String], text: String) {
        self.path = path
        self.text = text
    }

    /// Reads an override as `--set` takes it, `name.field=value`. Throws `bad-override` where it has another form; whether the value
    /// can be read shows when the script is checked.
    public init(reading given: String) throws {
        if let read = Self(given) {
            self = read
            return
        }
        // Quotes that a shell passed on, and blanks around the sign.
        let bare = given.filter { $0 != "\"" && $0 != "'" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map { $0.split { $0.isWhitespace }.joined(separator: " ") }.joined(separator: "=")
        let meant = bare == given ? nil : Self(bare)
        throw Diagnostic(
            "bad-override", "`--set` expected `name=value` or `name.field=value`, found `\(given)`",
            hint: meant.map { $0.text.isEmpty ? "write it as in `--set \(bare)20`" : "write `--set \(bare)`" }
                ?? "write names with a dot between two, then `=` and a value, as in `--set bulk.epochs=20`")
    }

    /// The parts of a text of the form `name.field=value`; nil for another text.
    private init?(_ given: String) {
        guard let equals = given.firstIndex(of: "=") else { return nil }
        let path = given[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.allSatisfy(Lexer.isName) else { return nil }
        self.init(path: path, text: String(given[given.index(after: equals)...]))
    }

    /// The diagnostic for an override whose value is empty where one is needed.
    var withoutValue: Diagnostic {
        let name = path.joined(separator: ".")
        return Diagnostic(
            "bad-override", "`--set` expected `name=value` or `name.field=value`, found no value in `\(name)=`",
            hint: "write one behind `=`, as in `--set \(name)=20`")
    }
}

extension Lexer {
    /// Whether a text is one name and nothing else.
    static func isName(_ text: String) -> Bool {
        let lexed = lex(text, file: "")
        return lexed.diagnostics.isEmpty && lexed.tokens.first?.kind == .name(text) && lexed.tokens.dropFirst().first?.kind == .end
    }
}
