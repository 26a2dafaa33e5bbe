/// The severity of a diagnostic.
public enum Severity: String, Sendable, Codable {
    /// A failure, a warning that stops nothing, or a remark.
    case error, warning, note
}

/// A range of a script: UTF-8 offsets into the text of `file`, half open.
public struct SourceSpan: Sendable, Hashable, Codable {
    /// The name under which the text was given to the parser, usually a path.
    public var file: String
    /// The offset of the first byte.
    public var start: Int
    /// The offset behind the last byte.
    public var end: Int

    /// Creates a span from its offsets.
    public init(file: String, start: Int, end: Int) {
        self.file = file
        self.start = start
        self.end = max(start, end)
    }

    /// The smallest span that holds this one and another, if they are in one file; otherwise `self`.
    public func union(_ other: SourceSpan) -> SourceSpan {
        guard other.file == file else { return self }
        return SourceSpan(file: file, start: min(start, other.start), end: max(end, other.end))
    }
}

/// A place in a data file: the file, and its line where that is known.
public struct DataPlace: Sendable, Hashable, Codable {
    /// The path of the file.
    public var file: String
    /// The line, from 1; nil where it is not known.
    public var line: Int?

    /// Creates a place in a data file.
    public init(file: String, line: Int? = nil) {
        self.file = file
        self.line = line
    }
}

/// A message about an error or a warning: what went wrong, where, and what to do about it. Every failure a user can cause
/// is one of these values; rendering is elsewhere (`Renderer`).
public struct Diagnostic: Error, Sendable, Hashable, Codable {
    /// The stable identifier, in kebab case, for example `unknown-field`.
    public var id: String
    /// The severity.
    public var severity: Severity
    /// The message in lower case: what was expected then what was found, names in backticks.
    public var message: String
    /// The place in the script; nil where it is not known.
    public var span: SourceSpan?
    /// The text after the carets under `span`.
    public var label: String?
    /// The place in a data file; nil where no data are at fault.
    public var data: DataPlace?
    /// Further remarks, printed below the message.
    public var notes: [String]
    /// Suggestions to the user, one action each.
    public var hints: [String]

    /// Creates a diagnostic, by default an error without a place.
    public init(
        _ id: String, _ message: String, severity: Severity = .error, at span: SourceSpan? = nil,
        label: String? = nil, data: DataPlace? = nil, notes: [String] = [], hint: String? = nil
    ) {
        self.id = id
        self.severity = severity
        self.message = message
        self.span = span
        self.label = label
        self.data = data
        self.notes = notes
        self.hints = hint.map { [$0] } ?? []
    }

    /// A copy of the diagnostic with `span` filled in where it had none: how a data error rises to the statement that
    /// asked.
    public func at(_ span: SourceSpan?) -> Diagnostic {
        guard self.span == nil, let span else { return self }
        var copy = self
        copy.span = span
        return copy
    }
}
