import Diagnostics

/// A word with its place.
public struct Name: Sendable, Hashable {
    public var text: String
    public var span: SourceSpan
    public init(_ text: String, _ span: SourceSpan) {
        self.text = text
        self.span = span
    }
}

public enum TextPart: Sendable, Hashable {
    case literal(String)
    case escaped(String)
    case code(Expression)
}

public struct Argument: Sendable, Hashable {
    public var label: Name?
    public var value: Expression
}

public enum IndexItem: Sendable, Hashable {
    case at(Expression)
    case labelled(Name, Expression)
    case slice(Expression?, Expression?, SourceSpan)
}

public enum BinaryOperator: String, Sendable, Hashable {
    case add = "+", subtract = "-", multiply = "*", divide = "/", power = "^"
    case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    case and, or
    case chain = ">>"
}

/// An expression with its place in the script.
public struct Expression: Sendable, Hashable {
    public indirect enum Kind: Sendable, Hashable {
        case number(Double, percent: Bool)
        case text([TextPart])
        case bool(Bool)
        case none
        case name(String)
        case list([Expression])
        case record([RecordEntry])
        case negate(Expression)
        case not(Expression)
        case binary(BinaryOperator, Expression, Expression)
        case range(Expression, Expression, by: Expression?)
        case member(Expression, Name)
        case index(Expression, [IndexItem])
        case call(Expression, [Argument])
        /// `value |> name(arguments)`
        case pipe(Expression, Name, [Argument])
        case with(Expression, Body)
        /// `kind { ... }`
        case object(Name, Body)
        case loop([LoopVariable], lets: [LetBinding], body: Expression)
        case conditional(Expression, then: Block, otherwise: Block?)
        /// Stands where something was expected and a diagnostic says so.
        case missing
    }

    public var kind: Kind
    public var span: SourceSpan
    /// Levels of expressions below this one: bounded by the parser, so that no later walk can run out of stack.
    public var depth: Int
}

public struct RecordEntry: Sendable, Hashable {
    public var name: Name
    public var value: Expression
}

public struct LoopVariable: Sendable, Hashable {
    public var name: Name
    public var sequence: Expression
}

public struct LetBinding: Sendable, Hashable {
    public var name: Name
    public var value: Expression
}

/// The inside of a declaration's braces.
public struct Body: Sendable, Hashable {
    public enum Member: Sendable, Hashable {
        case field([Name], Expression)
        case input(Name, Expression)
        case stage(Name, Body)
        case binding(LetBinding)
        case expression(Expression)
    }
    public var members: [Member]
    public var span: SourceSpan
    /// True where part of it could not be read: what is not there may be what was lost.
    public var isBroken = false

    /// Levels of expressions inside.
    var depth: Int {
        members.reduce(1) { deepest, member in
            switch member {
            case .field(_, let value), .input(_, let value), .expression(let value): max(deepest, value.depth + 1)
            case .binding(let binding): max(deepest, binding.value.depth + 1)
            case .stage(_, let body): max(deepest, body.depth + 1)
            }
        }
    }
}

public struct Block: Sendable, Hashable {
    public var statements: [Statement]
    public var span: SourceSpan

    /// Levels of expressions inside.
    var depth: Int {
        statements.reduce(1) { deepest, statement in
            switch statement.kind {
            case .param(_, _, let value), .function(_, _, let value), .expression(let value), .action(_, let value, _, _):
                max(deepest, value.depth + 1)
            case .binding(let binding): max(deepest, binding.value.depth + 1)
            case .declaration(let declaration): max(deepest, declaration.body.depth + 1)
            case .use: deepest
            }
        }
    }
}

public struct Declaration: Sendable, Hashable {
    public var kind: Name
    public var name: Name
    public var base: Expression?
    public var body: Body
}

public struct DefParameter: Sendable, Hashable {
    public var name: Name
    public var type: Name?
    public var fallback: Expression?
}

public enum Verb: String, Sendable, Hashable, CaseIterable { case show, table, plot, export, predict }

public struct Statement: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case use(String, SourceSpan)
        case param(Name, type: Name, Expression)
        case binding(LetBinding)
        case function(Name, [DefParameter], Expression)
        case declaration(Declaration)
        case action(Verb, Expression, on: Expression?, to: Expression?)
        case expression(Expression)
    }
    public var kind: Kind
    public var span: SourceSpan
}

/// A script as a tree. Parsing never fails: where the text was wrong, `diagnostics` says so and the tree goes on after it.
public struct SyntaxTree: Sendable {
    public var file: String
    public var text: String
    public var statements: [Statement]
    public var cells: [CellMark]
    public var comments: [SourceSpan]
    public var diagnostics: [Diagnostic]
    public var roles: TokenRoles
    /// The text ends where more must come: a prompt goes on reading.
    public var isUnfinished: Bool
}

/// The kinds that can be declared; words of their place only.
public let declarationKinds = ["dataset", "backbone", "encoder", "model", "schedule", "experiment", "llm"]
