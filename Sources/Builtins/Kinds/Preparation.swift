import Diagnostics
import Language

/// The preparation of an input: the steps from the files of a row to what a network reads, without the places of the files.
public struct Preparation: Sendable, Hashable {
    private let steps: [Step]

    /// A step of a preparation: a function with its arguments, but for what it is applied to.
    private struct Step: Sendable, Hashable {
        var name: String
        /// Arguments by parameter name, those that were not given filled in.
        var arguments: [String: String] = [:]
        /// Names of the arguments in the order of the parameters.
        var order: [String] = []
        /// Values that need not be written, by parameter name.
        var defaults: [String: String] = [:]

        static func == (a: Step, b: Step) -> Bool { a.name == b.name && a.arguments == b.arguments }
        func hash(into hasher: inout Hasher) {
            hasher.combine(name)
            hasher.combine(arguments)
        }

        /// The step as it is written, with the defaults too in which another of the same function differs.
        func text(beside other: Step?) -> String {
            let shown = order.filter { name in
                guard let value = arguments[name] else { return false }
                if value != defaults[name] { return true }
                return other.map { $0.name == self.name && $0.arguments[name] != value } ?? false
            }
            let list = shown.map { (defaults[$0] == nil ? "" : "\($0): ") + (arguments[$0] ?? "") }
            return list.isEmpty ? name : "\(name)(\(list.joined(separator: ", ")))"
        }
    }

    /// Reads the preparation out of the text of a pipeline, as `source(of:)` writes it and exported models hold it; nil for a
    /// text that is none.
    public init?(pipeline: String, in library: Library) {
        guard let expression = Self.expression(pipeline) else { return nil }
        steps = Self.steps(of: expression, library)
    }

    /// The difference from the preparation of the input that a model was trained on, as a sentence without a full stop; nil where
    /// there is none.
    public func difference(from trained: Preparation, input: String, model: String) -> String? {
        let (own, theirs) = (steps, trained.steps)
        let most = min(own.count, theirs.count)
        let start = (0..<most).first { own[$0] != theirs[$0] } ?? most
        guard start < own.count || start < theirs.count else { return nil }
        let end = (0..<(most - start)).first { own[own.count - 1 - $0] != theirs[theirs.count - 1 - $0] } ?? most - start
        let more = Array(own[start..<(own.count - end)])
        let less = Array(theirs[start..<(theirs.count - end)])
        func listed(_ steps: [Step]) -> String {
            (steps.count == 1 ? "the step " : "the steps ") + steps.map { "`\($0.text(beside: nil))`" }.joined(separator: ", ")
        }
        if more.isEmpty { return "\(input) lacks \(listed(less)) that \(model) was trained with" }
        if less.isEmpty { return "\(input) has \(listed(more)) that \(model) was trained without" }
        func written(_ steps: [Step], beside others: [Step]) -> String {
            let texts = steps.indices.map { steps[$0].text(beside: steps.count == others.count ? others[$0] : nil) }
            return "`\(texts.joined(separator: " |> "))`"
        }
        return "\(input) has \(written(more, beside: less)) where \(model) was trained with \(written(less, beside: more))"
    }

    private static func expression(_ text: String) -> Expression? {
        let tree = Parser.parse(text, file: "pipeline")
        guard tree.diagnostics.isEmpty, tree.statements.count == 1, case .expression(let expression)? = tree.statements.first?.kind else {
            return nil
        }
        return expression
    }

    /// The steps of a pipeline. Of an operation on two results the first is gone on with, and the other is a part of the step.
    private static func steps(of expression: Expression, _ library: Library) -> [Step] {
        switch expression.kind {
        case .call(let function, let arguments):
            guard case .name(let name) = function.kind else { break }
            return steps(of: name, arguments, library)
        case .binary(let operation, let left, let right):
            if left.hasCall { return steps(of: left, library) + [Step(name: "\(operation.rawValue) \(text(of: right, library))")] }
            if right.hasCall { return steps(of: right, library) + [Step(name: "\(text(of: left, library)) \(operation.rawValue)")] }
        case .index(let value, let places):
            if value.hasCall { return steps(of: value, library) + [Step(name: text(of: places, library))] }
        default: break
        }
        return [Step(name: text(of: expression, library))]
    }

    /// The steps of a call: those of what it is applied to, and its own. The path of a file, and how files meet rows, are left out.
    private static func steps(of name: String, _ given: [Argument], _ library: Library) -> [Step] {
        let builtin = library.builtin(name)
        let parameters = builtin?.parameters ?? []
        var path: String?
        if case .source(let argument, _)? = (builtin?.meaning as? any HasRole)?.role { path = argument }
        var step = Step(name: name)
        for parameter in parameters {
            guard let fallback = parameter.fallback, let value = expression(source(of: fallback)) else { continue }
            step.defaults[parameter.name] = text(of: value, library)
        }
        step.arguments = step.defaults
        var before: [Step] = []
        for (index, argument) in given.enumerated() {
            let label = argument.label?.text ?? (parameters.indices.contains(index) ? parameters[index].name : String(index))
            if label == path, case .text = argument.value.kind { continue }
            if before.isEmpty, label == parameters.first?.name, argument.value.hasCall {
                before = steps(of: argument.value, library)
            } else {
                step.arguments[label] = text(of: argument.value, library)
            }
        }
        if path != nil { step.arguments["pair"] = nil }
        let known = parameters.map(\.name)
        step.order = known + step.arguments.keys.filter { !known.contains($0) }.sorted()
        return before + [step]
    }

    /// An expression as it is written, in one way for all that mean the same.
    private static func text(of expression: Expression, _ library: Library) -> String {
        func text(_ inner: Expression) -> String { self.text(of: inner, library) }
        switch expression.kind {
        case .number(let value, _): return written(value)
        case .text(let parts):
            let literals = parts.map { part in
                switch part {
                case .literal(let text), .escaped(let text): text
                case .code(let inner): text(inner)
                }
            }
            return "\"\(literals.joined())\""
        case .bool(let value): return value ? "true" : "false"
        case .none: return "none"
        case .name(let name): return name
        case .list(let items): return "[\(items.map(text).joined(separator: ", "))]"
        case .record(let entries): return "{ \(entries.map { "\($0.name.text): \(text($0.value))" }.joined(separator: ", ")) }"
        case .negate(let inner): return "-" + text(inner)
        case .binary(let operation, let left, let right): return "(\(text(left)) \(operation.rawValue) \(text(right)))"
        case .range(let from, let to, let by): return "\(text(from))..\(text(to))" + (by.map { " by \(text($0))" } ?? "")
        case .member(let inner, let name): return "\(text(inner)).\(name.text)"
        case .index(let inner, let places): return text(inner) + self.text(of: places, library)
        case .call: return steps(of: expression, library).map { $0.text(beside: nil) }.joined(separator: " |> ")
        // What pipelines do not hold.
        default: return "?"
        }
    }

    private static func text(of places: [IndexItem], _ library: Library) -> String {
        let texts = places.map { place in
            switch place {
            case .at(let value): text(of: value, library)
            case .labelled(let name, let value): "\(name.text): \(text(of: value, library))"
            case .slice(let from, let to, _): "\(from.map { text(of: $0, library) } ?? ""):\(to.map { text(of: $0, library) } ?? "")"
            }
        }
        return "[\(texts.joined(separator: ", "))]"
    }
}

extension Expression {
    /// Whether something is called in the expression: what it gives is then made from files.
    fileprivate var hasCall: Bool {
        switch kind {
        case .call: true
        case .binary(_, let left, let right): left.hasCall || right.hasCall
        case .index(let value, _), .negate(let value), .member(let value, _): value.hasCall
        default: false
        }
    }
}
