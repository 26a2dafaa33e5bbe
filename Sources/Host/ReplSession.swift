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
    /// Prints the reference of a name, as `:help NAME` asks.
    func help(_ name: String)
    /// Commands of the session's own, beside `:help`, `:load` and `:quit`.
    var commands: [ReplCommand] { get }
}

extension ReplSession {
    public var commands: [ReplCommand] { [] }
}

/// A command of the prompt, `:name argument`.
public struct ReplCommand {
    /// What a command takes; completion goes by it.
    public enum Argument: Sendable, Hashable {
        case none
        /// Required, or not; the word stands for it in `:help`, for example `FILE`.
        case file(String, required: Bool)
        case text(String, required: Bool)

        var placeholder: String? {
            switch self {
            case .none: nil
            case .file(let word, let required), .text(let word, let required): required ? word : "[\(word)]"
            }
        }

        var isRequired: Bool {
            switch self {
            case .none: false
            case .file(_, let required), .text(_, let required): required
            }
        }
    }

    /// Without the colon.
    public var name: String
    public var argument: Argument
    /// A few words, lower case.
    public var summary: String
    /// Given the argument without blanks around it; empty when there is none.
    public var run: (String) -> Void

    public init(_ name: String, argument: Argument = .none, summary: String, run: @escaping (String) -> Void) {
        self.name = name
        self.argument = argument
        self.summary = summary
        self.run = run
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
