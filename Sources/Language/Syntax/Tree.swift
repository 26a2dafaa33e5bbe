import Diagnostics

/// A word with its place.
public struct Name: Sendable, Hashable {
    /// The word.
    public var text: String
    /// The place of the word in the script.
    public var span: SourceSpan
    /// Makes a name of a word at a place.
    public init(_ text: String, _ span: SourceSpan) {
        self.text = text
        self.span = span
    }
}

/// A part of a string literal.
public enum TextPart: Sendable, Hashable {
    /// Characters, escapes resolved.
    case literal(String)
    /// A brace written `\{` or `\}`.
    case escaped(String)
    /// An expression in `\( ... )`.
    case code(Expression)
}

/// An argument of a call.
public struct Argument: Sendable, Hashable {
    /// The name before the colon; nil for an argument by position.
    public var label: Name?
    /// The value.
    public var value: Expression
}

/// An item between the square brackets of `value[...]`.
public enum IndexItem: Sendable, Hashable {
    /// A position, or the name of a column.
    case at(Expression)
    /// A label and the value wanted, `label: value`: the items made with it by a `for`.
    case labelled(Name, Expression)
    /// A slice `from:to:by`, each part nil where it is left out, and its place in the script.
    case slice(Expression?, Expression?, Expression?, SourceSpan)
}

/// An infix operator, by its sign or word.
public enum BinaryOperator: String, Sendable, Hashable {
    /// Arithmetic.
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case power = "^"
    /// Comparison.
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    /// Logic.
    case and, or
    /// The chain of layers, `>>`.
    case chain = ">>"

    /// Whether the operator compares its sides.
    var compares: Bool {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
        default: false
        }
    }
}

/// An expression with its place in the script.
public struct Expression: Sendable, Hashable {
    /// The kind of an expression, with its parts.
    public indirect enum Kind: Sendable, Hashable {
        /// A number, and whether it was written as a percentage; the value is already divided by 100 then.
        case number(Double, percent: Bool)
        /// A string literal in parts.
        case text([TextPart])
        /// The literal `true` or `false`.
        case bool(Bool)
        /// The literal `none`.
        case none
        /// A name.
        case name(String)
        /// A list, `[a, b]`.
        case list([Expression])
        /// A record, `{ name: value }`.
        case record([RecordEntry])
        /// The negative of a number, `-a`.
        case negate(Expression)
        /// The negation `not a`.
        case not(Expression)
        /// An infix operator between its left and right operand.
        case binary(BinaryOperator, Expression, Expression)
        /// A range `from..to`, with a step where `by` is given.
        case range(Expression, Expression, by: Expression?)
        /// A field of a value, `value.name`.
        case member(Expression, Name)
        /// Items of a list, a tensor or a table, `value[...]`.
        case index(Expression, [IndexItem])
        /// A call of a function, `function(arguments)`.
        case call(Expression, [Argument])
        /// A pipeline, `value |> name(arguments)`.
        case pipe(Expression, Name, [Argument])
        /// A copy with changed fields, `value with { ... }`.
        case with(Expression, Body)
        /// A declaration without a name, `kind { ... }`.
        case object(Name, Body)
        /// A `for` over variables, which gives a list: the bindings in its braces, and the value of each turn.
        case loop([LoopVariable], lets: [LetBinding], body: Expression)
        /// An `if` with its `else`, which may be absent.
        case conditional(Expression, then: Block, otherwise: Block?)
        /// A placeholder where something was expected and a diagnostic says so.
        case missing
    }

    /// The kind of the expression.
    public var kind: Kind
    /// The place of the expression in the script.
    public var span: SourceSpan
    /// The number of levels of expressions from this one down: bounded by the parser, so that no later walk can run out of
    /// stack.
    public var depth: Int
}

/// A field of a record, `name: value`.
public struct RecordEntry: Sendable, Hashable {
    /// The name of the field.
    public var name: Name
    /// The value of the field.
    public var value: Expression
}

/// A variable of a `for` and what it goes through.
public struct LoopVariable: Sendable, Hashable {
    /// The name of the variable.
    public var name: Name
    /// The list or range that the variable goes through.
    public var sequence: Expression
}

/// A binding, `let name = value`.
public struct LetBinding: Sendable, Hashable {
    /// The name.
    public var name: Name
    /// The value.
    public var value: Expression
}

/// The inside of a declaration's braces.
public struct Body: Sendable, Hashable {
    /// A member of the body.
    public enum Member: Sendable, Hashable {
        /// A field, `path: value`, with the path in its parts.
        case field([Name], Expression)
        /// An input, `input name: value`.
        case input(Name, Expression)
        /// An object inside, `kind name { ... }`.
        case inner(Name, Name, Body)
        /// A binding, `let name = value`.
        case binding(LetBinding)
        /// An expression alone.
        case expression(Expression)
    }
    /// The members in their order.
    public var members: [Member]
    /// The place of the body in the script, braces included.
    public var span: SourceSpan
    /// Whether part of the body could not be read: what is not there may be what was lost.
    public var isBroken = false

    /// The number of levels of expressions inside.
    var depth: Int {
        members.reduce(1) { deepest, member in
            switch member {
            case .field(_, let value), .input(_, let value), .expression(let value): max(deepest, value.depth + 1)
            case .binding(let binding): max(deepest, binding.value.depth + 1)
            case .inner(_, _, let body): max(deepest, body.depth + 1)
            }
        }
    }
}

/// The statements in the braces of an `if` or `else`.
public struct Block: Sendable, Hashable {
    /// The statements in their order.
    public var statements: [Statement]
    /// The place of the block in the script, braces included.
    public var span: SourceSpan

    /// The number of levels of expressions inside.
    var depth: Int {
        statements.reduce(1) { deepest, statement in
            switch statement.kind {
            case .param(_, _, let value), .function(_, _, let value), .expression(let value), .action(_, let value, _, _, _):
                max(deepest, value.depth + 1)
            case .binding(let binding): max(deepest, binding.value.depth + 1)
            case .declaration(let declaration): max(deepest, declaration.body.depth + 1)
            case .use: deepest
            }
        }
    }
}

/// A declaration, `kind name like base { ... }`.
public struct Declaration: Sendable, Hashable {
    /// The kind of what is declared, such as `model`.
    public var kind: Name
    /// The name of what is declared.
    public var name: Name
    /// The declaration whose fields are taken over, behind `like`; nil where there is none.
    public var base: Expression?
    /// The body in braces.
    public var body: Body
}

/// A parameter of a `def`.
public struct DefParameter: Sendable, Hashable {
    /// The name of the parameter.
    public var name: Name
    /// The type behind the colon; nil where none is given.
    public var type: Name?
    /// The default value; nil where none is given.
    public var fallback: Expression?
}

/// A statement of a script.
public struct Statement: Sendable, Hashable {
    /// The kind of a statement, with its parts.
    public enum Kind: Sendable, Hashable {
        /// A module that is read, `use "path"`, with the place of the path.
        case use(String, SourceSpan)
        /// A parameter of the script, `param name: type = value`.
        case param(Name, type: Name, Expression)
        /// A binding, `let name = value`.
        case binding(LetBinding)
        /// A function, `def name(parameters) = expression`.
        case function(Name, [DefParameter], Expression)
        /// A declaration.
        case declaration(Declaration)
        /// An action, `verb value on data as given to path`, with the clauses that the form of its verb has.
        case action(Verb, Expression, on: Expression?, asGiven: Bool, to: Expression?)
        /// An expression alone.
        case expression(Expression)
    }
    /// The kind of the statement.
    public var kind: Kind
    /// The place of the statement in the script.
    public var span: SourceSpan
}

/// A script as a tree. Parsing never fails: where the text was wrong, `diagnostics` says so and the tree goes on after it.
public struct SyntaxTree: Sendable {
    /// The name of the file in spans and diagnostics.
    public var file: String
    /// The text of the script.
    public var text: String
    /// The statements in their order.
    public var statements: [Statement]
    /// The marks of the notebook's cells.
    public var cells: [CellMark]
    /// The spans of all comments, `#` included, cell marks too.
    public var comments: [SourceSpan]
    /// The mistakes of the text.
    public var diagnostics: [Diagnostic]
    /// The roles of tokens that look alike, for the formatter.
    public var roles: TokenRoles
    /// Whether the text ends where more must come: a prompt goes on reading.
    public var isUnfinished: Bool
}

/// The words that a library adds to the grammar; each is a word of its place only.
public struct Grammar: Sendable, Hashable {
    /// Kinds of objects that can be declared, `kind name { ... }`.
    public var kinds: Set<String>
    /// Kinds of objects that stand in the bodies of others.
    public var innerKinds: Set<String>

    /// Creates the grammar with words of a library.
    public init(kinds: Set<String>, innerKinds: Set<String> = []) {
        self.kinds = kinds
        self.innerKinds = innerKinds
    }
}
