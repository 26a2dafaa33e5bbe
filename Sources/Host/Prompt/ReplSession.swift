/// A session that evaluates what is typed at the prompt. It prints through the terminal it was made with, and never throws.
public protocol ReplSession: AnyObject {
    /// Whether `text` is complete. False when it is the beginning of something: more lines are read then.
    func isComplete(_ text: String) -> Bool
    /// The completions at a UTF-8 offset of `text`, which begins with the lines of the same input before this one.
    func completions(of text: String, at byteOffset: Int) -> Completions
    /// Evaluates a text and prints what it gives.
    func submit(_ text: String)
    /// Evaluates a script, as `:load` asks.
    func load(_ path: String)
    /// Prints the reference of a name, as `:help NAME` and `?NAME` ask.
    func help(_ name: String)
    /// The session's own commands, beside `:help`, `:load`, `:edit` and `:quit`.
    var commands: [ReplCommand] { get }
    /// The declaration of a name, for `:edit NAME`; nil where nothing has that name.
    func declaration(of name: String) -> String?
    /// The names that were declared, in order.
    var declaredNames: [String] { get }
    /// The names that have a page in the reference.
    var referenceNames: [String] { get }
}

/// A command of the prompt, `:name argument`.
public struct ReplCommand {
    /// The argument that a command takes; completion goes by it. The word stands for it in `:help`, for example `FILE`.
    public enum Argument: Sendable, Hashable {
        /// No argument.
        case none
        /// The path of a file.
        case file(String, required: Bool)
        /// Any text.
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
                .declared(let word, let required), .reference(let word, let required):
                (word, required)
            }
        }

        var placeholder: String? { parts.map { $0.isRequired ? $0.word : "[\($0.word)]" } }
        var isRequired: Bool { parts?.isRequired ?? false }
    }

    /// The name, without the colon.
    public var name: String
    /// The argument that the command takes.
    public var argument: Argument
    /// The description in `:help`: a few words, lower case.
    public var summary: String
    /// The action of the command, given the argument without blanks around it; empty when there is none.
    public var run: (String) -> Void
    /// The action of `:name!`; nil where there is no such form.
    public var forced: ((String) -> Void)?

    /// Creates a command.
    public init(
        _ name: String, argument: Argument = .none, summary: String, forced: ((String) -> Void)? = nil, run: @escaping (String) -> Void
    ) {
        self.name = name
        self.argument = argument
        self.summary = summary
        self.run = run
        self.forced = forced
    }
}

/// The hooks to the program's watch over SIGINT and SIGTERM while something is computed.
public struct InterruptHooks {
    /// Forgets earlier signals; called before each evaluation.
    public var reset: () -> Void
    /// The signal that asked the computation to stop, if one did.
    public var requested: () -> Int32?

    /// Creates the hooks.
    public init(reset: @escaping () -> Void, requested: @escaping () -> Int32?) {
        self.reset = reset
        self.requested = requested
    }
}
