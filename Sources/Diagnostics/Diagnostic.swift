/// How much a diagnostic weighs.
public enum Severity: String, Sendable, Codable {
    case error, warning, note
}

/// A stretch of a script: UTF-8 offsets into the text of `file`, half open.
public struct SourceSpan: Sendable, Hashable, Codable {
    /// The name under which the text was given to the parser, usually a path.
    public var file: String
    public var start: Int
    public var end: Int

    public init(file: String, start: Int, end: Int) {
        self.file = file
        self.start = start
        self.end = max(start, end)
    }

    /// The smallest span that holds both, if they are in one file; otherwise `self`.
    public func union(_ other: SourceSpan) -> SourceSpan {
        guard other.file == file else { return self }
        return SourceSpan(file: file, start: min(start, other.start), end: max(end, other.end))
    }
}

/// A place in a file of data. Lines count from 1.
public struct DataPlace: Sendable, Hashable, Codable {
    public var file: String
    public var line: Int?

    public init(file: String, line: Int? = nil) {
        self.file = file
        self.line = line
    }
}

/// What went wrong, where, and what to do about it. Every failure a user can cause is one of these values;
/// rendering is elsewhere (`Renderer`).
public struct Diagnostic: Error, Sendable, Hashable, Codable {
    /// Stable, in kebab case, for example `unknown-field`.
    public var id: String
    public var severity: Severity
    /// Lower case, what was expected then what was found, names in backticks.
    public var message: String
    /// The place in the script, when it is known.
    public var span: SourceSpan?
    /// What is written after the carets under `span`.
    public var label: String?
    /// The place in a file of data, when the data are at fault.
    public var data: DataPlace?
    public var notes: [String]
    /// One action each.
    public var hints: [String]

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

    /// The same diagnostic with `span` filled in where it had none: how a data error rises to the statement that asked.
    public func at(_ span: SourceSpan?) -> Diagnostic {
        guard self.span == nil, let span else { return self }
        var copy = self
        copy.span = span
        return copy
    }
}
