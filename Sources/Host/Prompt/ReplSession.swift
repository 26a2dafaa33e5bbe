/// What a session does with what is typed. It prints through the terminal it was made with, and never throws.
public protocol ReplSession: AnyObject {
    /// False when `text` is the beginning of something: more lines are read then.
    func isComplete(_ text: String) -> Bool
    /// What may stand at a UTF-8 offset of `text`, which begins with the lines of the same input before this one.
    func completions(of text: String, at byteOffset: Int) -> Completions
    /// Evaluates the text and prints what it gives.
    func submit(_ text: String)
    /// Evaluates a script, as `:load` asks.
    func load(_ path: String)
    /// Prints the reference of a name, as `:help NAME` and `?NAME` ask.
    func help(_ name: String)
    /// Commands of the session's own, beside `:help`, `:load`, `:edit` and `:quit`.
    var commands: [ReplCommand] { get }
    /// The declaration of a name, for `:edit NAME`; nil where nothing has that name.
    func declaration(of name: String) -> String?
    /// The names that were declared, in order.
    var declaredNames: [String] { get }
    /// The names that have a page in the reference.
    var referenceNames: [String] { get }
}

extension ReplSession {
    public var commands: [ReplCommand] { [] }
    public func declaration(of name: String) -> String? { nil }
    public var declaredNames: [String] { [] }
    public var referenceNames: [String] { [] }
}

/// A command of the prompt, `:name argument`.
public struct ReplCommand {
    /// What a command takes; completion goes by it. The word stands for it in `:help`, for example `FILE`.
    public enum Argument: Sendable, Hashable {
        case none
        case file(String, required: Bool)
        case text(String, required: Bool)
        /// An expression of the language.
        case expression(String, required: Bool)
        /// A name that was declared.
        case declared(String, required: Bool)
        /// A name of the reference, or one that was declared.
        case reference(String, required: Bool)

        private var parts: (word: String, isRequired: Bool)? {
            switch self {
            case .none: nil
            case .file(let word, let required), .text(let word, let required), .expression(let word, let required),
                 .declared(let word, let required), .reference(let word, let required): (word, required)
            }
        }

        var placeholder: String? { parts.map { $0.isRequired ? $0.word : "[\($0.word)]" } }
        var isRequired: Bool { parts?.isRequired ?? false }
    }

    /// Without the colon.
    public var name: String
    public var argument: Argument
    /// A few words, lower case.
    public var summary: String
    /// Given the argument without blanks around it; empty when there is none.
    public var run: (String) -> Void
    /// What `:name!` does; nil where there is no such form.
    public var forced: ((String) -> Void)?

    public init(_ name: String, argument: Argument = .none, summary: String, forced: ((String) -> Void)? = nil, run: @escaping (String) -> Void) {
        self.name = name
        self.argument = argument
        self.summary = summary
        self.run = run
        self.forced = forced
    }
}

/// The program's own watch over SIGINT and SIGTERM while something is computed.
public struct InterruptHooks {
    /// Forgets what was asked before, called before each evaluation.
    public var reset: () -> Void
    /// The signal that asked the computation to stop, if one did.
    public var requested: () -> Int32?

    public init(reset: @escaping () -> Void, requested: @escaping () -> Int32?) {
        self.reset = reset
        self.requested = requested
    }
}
