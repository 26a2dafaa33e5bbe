import Diagnostics

/// Hints for text that reads like another language.
extension Parser {
    private static let module = "modules of the language are read by `use \"file.ecdx\"`"
    private static let naming = "a name is given with `let name = value`"
    private static let function = "a function is declared: `def twice(x) = 2 * x`"

    private var previous: Token? { index > 0 ? tokens[index - 1] : nil }

    /// Whether the current token and the one behind it are these symbols, as in `=>`.
    private func currentPair(_ first: String, _ second: String) -> Bool { current.isSymbol(first) && peek(1).isSymbol(second) }

    /// The hint where the end of the line was expected.
    func hint(after statement: Statement?) -> String? {
        var word: String?
        if case .expression(let expression) = statement?.kind, case .name(let name) = expression.kind { word = name }
        if let word {
            if ["import", "from", "include", "require", "load"].contains(word) { return Self.module }
            if ["var", "const", "val", "auto", "set"].contains(word) { return Self.naming }
            if word == "while" { return "a `for` goes over a list or a range" }
            if word == "return" { return "a function gives the expression after its `=`" }
            if word == "print" { return "write `show`" }
            if ["function", "func", "fn", "lambda"].contains(word) { return Self.function }
        }
        if case .expression(let expression) = statement?.kind, case .negate(let inner) = expression.kind, case .negate = inner.kind {
            return "a comment begins with `#`"
        }
        if currentPair("=", ">") { return Self.function }
        if current.isSymbol("=") || currentPair(":", "=") { return Self.naming }
        if current.isName("elif") || current.isName("elsif") { return "write `else if`" }
        if current.isSymbol(","), case .number = previous?.kind, case .number = peek(1).kind {
            return "digits stand together, items of a list in square brackets"
        }
        if case .action(let verb, _, _, _, _) = statement?.kind, verb.form.to == .absent, current.isName("to") || current.isString {
            let others = Verb.allCases.filter { $0.form.to != .absent }.map { "`\($0.rawValue)`" }
            return "\(joinedByAnd(others)) write files, `\(verb.rawValue)` does not"
        }
        if case .string = current.kind {
            if case .action = statement?.kind { return "the path of a file follows `to`" }
            if case .string = previous?.kind { return "a string has one `\"` at each end" }
            if case .name = previous?.kind { return "no letter stands before a string; values stand in it as `\\(name)`" }
        }
        if case .function(_, _, let body) = statement?.kind, case .name("return") = body.kind {
            return "a function gives the expression after its `=`"
        }
        if current.isName("if") { return "a choice is `if condition { a } else { b }`" }
        if case .binding(let binding) = statement?.kind, case .name(let name) = binding.value.kind {
            if name == "lambda" { return Self.function }
            if grammar.kinds.contains(name) { return "what has a name is declared without `let`: `\(name) name { ... }`" }
            return "a function is called as in `\(name)(...)`"
        }
        return nil
    }

    /// The hint where an expression was expected.
    var hintForExpression: String? {
        if current.isSymbol("=") {
            if let previous, ["+", "-", "*", "/"].contains(where: { previous.isSymbol($0) }) {
                return "a name keeps its value; give the new value another name"
            }
            return "equality is `==`"
        }
        if current.isSymbol(">") { return previous?.isSymbol("<") == true ? "inequality is `!=`" : "layers in a row are joined by `>>`" }
        if current.isSymbol("*"), previous?.isSymbol("*") == true { return "a power is written `^`" }
        if current.isSymbol("."), case .number = peek(1).kind {
            return previous?.isSymbol("..") == true ? "a range is written `1..9`" : "a number begins with a digit: `0.5`"
        }
        if current.isSymbol(":") { return "a slice is written `list[from:to]`" }
        if current.isSymbol(">>"), previous?.isSymbol(",") == true { return "no comma stands between layers" }
        return nil
    }

    /// The hint where the name of a field was expected after a dot.
    var hintForField: String? {
        if index > 1, case .number = tokens[index - 2].kind { return "a number ends in a digit: `5.0`" }
        return nil
    }

    /// The hint where the braces of a declaration were expected.
    func hintForBody(of kind: String, _ name: String) -> String? {
        if current.isSymbol("(") { return "what takes parameters is a `def`: `def \(name)(...) = \(kind) { ... }`" }
        if current.isSymbol(":") || current.isSymbol("=") { return "write `\(kind) \(name) { field: value }`" }
        if current.kind == .newline || isAtEnd { return "the brace stands on the line of the name: `\(kind) \(name) {`" }
        return nil
    }

    /// The hint where the braces of a loop were expected.
    var hintForLoop: String? {
        if current.isSymbol(":"), case .number = peek(1).kind { return "a range is written `1..9`" }
        return "as in `for n in 1..3 { n * n }`"
    }

    /// The hint where the end of a list was expected.
    var hintForItems: String? {
        if current.isName("for") { return "a list is made by `for n in 1..3 { n * n }`" }
        switch current.kind {
        case .number, .string, .name: return "items are separated by `,`"
        default: return nil
        }
    }
}
