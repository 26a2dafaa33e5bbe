import Diagnostics
import Language
import Storage

/// The preparation of an input: the steps from the files of a row to what a network reads, without the places of the files.
///
/// A file that is the same for all rows is a constant of the preparation. Files of rows may lie anywhere and have any names; where
/// a pipeline reads several of a row, their names tell which is which.
public struct Preparation: Sendable {
    fileprivate let pipeline: Expression
    fileprivate let library: Library

    /// A step of a preparation: a function with its arguments, but for what it is applied to.
    fileprivate struct Step: Sendable, Equatable {
        var name: String
        /// Arguments by parameter name, those that were not given filled in.
        var arguments: [String: String] = [:]
        /// Names of the arguments in the order of the parameters.
        var order: [String] = []
        /// Values that need not be written, by parameter name.
        var defaults: [String: String] = [:]

        static func == (a: Step, b: Step) -> Bool { a.name == b.name && a.arguments == b.arguments }

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
        guard let expression = Self.expression(pipeline, library) else { return nil }
        self.pipeline = expression
        self.library = library
    }

    /// The difference from the preparation of the input that a model was trained on, as a sentence without a full stop; nil where
    /// there is none. `same` says whether two paths, as they are written, name files of the same contents; without it files are
    /// the same that have the same name, in whatever folder.
    public func difference(
        from trained: Preparation, input: String, model: String, same: ((_ own: String, _ other: String) -> Bool)? = nil
    ) -> String? {
        let (ownFiles, theirFiles) = (Reader(self), Reader(trained))
        let (shown, theirsShown) = (ownFiles.read(), theirFiles.read())
        // One name for all files that are the same.
        let name: (String) -> String = { path in
            theirFiles.constants.first { $0 == path || same?(path, $0) ?? (lastName(of: path) == lastName(of: $0)) } ?? path
        }
        let (own, theirs) = (Reader(self, naming: name).read(), Reader(trained, naming: name).read())
        let most = min(own.count, theirs.count)
        let start = (0..<most).first { own[$0] != theirs[$0] } ?? most
        guard start < own.count || start < theirs.count else {
            return Self.difference(ofRows: ownFiles.rows, from: theirFiles.rows).map { own, theirs in
                "\(input) reads \(own) where \(model) was trained with \(theirs)"
            }
        }
        let end = (0..<(most - start)).first { own[own.count - 1 - $0] != theirs[theirs.count - 1 - $0] } ?? most - start
        let more = Array(shown[start..<(own.count - end)])
        let less = Array(theirsShown[start..<(theirs.count - end)])
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

    fileprivate static func expression(_ text: String, _ library: Library) -> Expression? {
        let tree = library.parse(text, file: "pipeline")
        guard tree.diagnostics.isEmpty, tree.statements.count == 1, case .expression(let expression)? = tree.statements.first?.kind else {
            return nil
        }
        return expression
    }

    /// The paths of files of rows in which two pipelines of the same steps differ, as a sentence names them; nil where they do
    /// not. The only file of a row may have any name.
    private static func difference(ofRows own: [String], from theirs: [String]) -> (own: String, theirs: String)? {
        guard own.count == theirs.count, max(Set(own).count, Set(theirs).count) > 1 else { return nil }
        func listed(_ paths: [String], _ places: [Int]) -> String {
            let names = places.map { "`\(paths[$0])`" }
            let distinct = names.indices.filter { names.firstIndex(of: names[$0]) == $0 }.map { names[$0] }
            return distinct.joined(separator: " and ")
        }
        func result(_ differs: (Int) -> Bool) -> (own: String, theirs: String)? {
            let places = own.indices.filter(differs)
            return places.isEmpty ? nil : (listed(own, places), listed(theirs, places))
        }
        if let found = result({ own[$0].fileTemplate != theirs[$0].fileTemplate }) { return found }
        // One file read twice is not two files.
        if let found = result({ own.firstIndex(of: own[$0]) != theirs.firstIndex(of: theirs[$0]) }) { return found }
        // Names that tell nothing apart: what tells the files apart is a folder or a column, and may not change places.
        let parts = own.map { Array($0.split(separator: "/").reversed()) }
        let theirParts = theirs.map { Array($0.split(separator: "/").reversed()) }
        for level in 0..<((parts + theirParts).map(\.count).min() ?? 0) {
            let (names, theirNames) = (parts.map { $0[level] }, theirParts.map { $0[level] })
            guard names != theirNames, names.sorted() == theirNames.sorted() else { continue }
            return result { names[$0] != theirNames[$0] }
        }
        return nil
    }
}

/// A walk through a pipeline from its files to its last step, which gathers the files on its way.
private final class Reader {
    /// Paths of the files of a row, in the order in which they stand.
    private(set) var rows: [String] = []
    /// Paths of the files that are the same for all rows.
    private(set) var constants: [String] = []
    private let pipeline: Expression
    private let library: Library
    private let naming: (String) -> String

    /// Creates a walk. `naming`: the name that a file that is the same for all rows has in the steps.
    init(_ preparation: Preparation, naming: @escaping (String) -> String = { $0 }) {
        pipeline = preparation.pipeline
        library = preparation.library
        self.naming = naming
    }

    /// The steps of the pipeline.
    func read() -> [Preparation.Step] { steps(of: pipeline) }

    /// The steps of a pipeline. Of an operation on two results the first is gone on with, and the other is a part of the step.
    private func steps(of expression: Expression) -> [Preparation.Step] {
        switch expression.kind {
        case .call(let function, let arguments):
            guard case .name(let name) = function.kind else { break }
            return steps(of: name, arguments)
        case .binary(let operation, let first, let second):
            let (left, right) = sides(operation, first, second)
            if left.hasCall { return steps(of: left) + [Preparation.Step(name: "\(operation.rawValue) \(text(of: right))")] }
            if right.hasCall { return steps(of: right) + [Preparation.Step(name: "\(text(of: left)) \(operation.rawValue)")] }
        case .member(let value, let name):
            if value.hasCall { return steps(of: value) + [Preparation.Step(name: "." + name.text)] }
        case .index(let value, let places):
            if value.hasCall { return steps(of: value) + [Preparation.Step(name: text(of: places))] }
        default: break
        }
        return [Preparation.Step(name: text(of: expression))]
    }

    /// The steps of a call: those of what it is applied to, and its own. The path of a file of a row, and
    /// how files meet rows, are left out.
    private func steps(of name: String, _ given: [Argument]) -> [Preparation.Step] {
        let builtin = library.builtin(name)
        let parameters = builtin?.parameters ?? []
        var path: String?
        if case .source(let argument, _)? = (builtin?.meaning as? any HasRole)?.role { path = argument }
        var step = Preparation.Step(name: name)
        // Whatever is not written was written before the word had it: what is left out now is filled in.
        let later = (builtin?.meaning as? ComputedWord)?.later ?? [:]
        func asText(_ value: Value) -> String? { Preparation.expression(source(of: value), library).map { self.text(of: $0) } }
        for parameter in parameters {
            guard let fallback = parameter.fallback, let value = asText(fallback) else { continue }
            step.defaults[parameter.name] = value
            step.arguments[parameter.name] = later[parameter.name].flatMap(asText) ?? value
        }
        var before: [Preparation.Step] = []
        for (index, argument) in given.enumerated() {
            let label = argument.label?.text ?? (parameters.indices.contains(index) ? parameters[index].name : String(index))
            if label == path, case .text(let parts) = argument.value.kind {
                let file = literals(parts)
                if file.template.contains("*") {
                    rows.append(file)
                } else {
                    constants.append(file)
                    step.arguments[label] = "\"\(naming(file))\""
                }
                continue
            }
            if before.isEmpty, label == parameters.first?.name, argument.value.hasCall {
                before = steps(of: argument.value)
            } else {
                step.arguments[label] = text(of: argument.value)
            }
        }
        if path != nil { step.arguments["pair"] = nil }
        let known = parameters.map(\.name)
        step.order = known + step.arguments.keys.filter { !known.contains($0) }.sorted()
        return before + [step]
    }

    /// An expression as it is written, in one way for all that mean the same.
    private func text(of expression: Expression) -> String {
        func text(_ inner: Expression) -> String { self.text(of: inner) }
        switch expression.kind {
        case .number(let value, _): return written(value)
        case .text(let parts): return "\"\(literals(parts))\""
        case .bool(let value): return value ? "true" : "false"
        case .none: return "none"
        case .name(let name): return name
        case .list(let items): return "[\(items.map(text).joined(separator: ", "))]"
        case .record(let entries): return "{ \(entries.map { "\(fieldName($0.name.text)): \(text($0.value))" }.joined(separator: ", ")) }"
        case .negate(let inner): return "-" + text(inner)
        case .binary(let operation, let left, let right):
            let (first, second) = sides(operation, left, right)
            return "(\(text(first)) \(operation.rawValue) \(text(second)))"
        case .range(let from, let to, let by): return "\(text(from))..\(text(to))" + (by.map { " by \(text($0))" } ?? "")
        case .member(let inner, let name): return "\(text(inner)).\(name.text)"
        case .index(let inner, let places): return text(inner) + self.text(of: places)
        case .call: return steps(of: expression).map { $0.text(beside: nil) }.joined(separator: " |> ")
        // What pipelines do not hold.
        default: return "?"
        }
    }

    private func text(of places: [IndexItem]) -> String {
        let texts = places.map { place in
            switch place {
            case .at(let value): text(of: value)
            case .labelled(let name, let value): "\(name.text): \(text(of: value))"
            case .slice(let from, let to, let by, _):
                "\(from.map { text(of: $0) } ?? ""):\(to.map { text(of: $0) } ?? "")\(by.map { ":" + text(of: $0) } ?? "")"
            }
        }
        return "[\(texts.joined(separator: ", "))]"
    }

    private func literals(_ parts: [TextPart]) -> String {
        let texts = parts.map { part in
            switch part {
            case .literal(let text), .escaped(let text): text
            case .code(let inner): text(of: inner)
            }
        }
        return texts.joined()
    }

    /// The sides of an operation: a plain number stands second where the order makes no difference.
    private func sides(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) -> (Expression, Expression) {
        let isEither = operation == .add || operation == .multiply
        return isEither && left.isPlainNumber && !right.isPlainNumber ? (right, left) : (left, right)
    }
}

extension String {
    /// The name of the file of a path, with `*` for each column in braces; compressed or not makes no difference.
    fileprivate var fileTemplate: String {
        let name = lastName(of: template)
        let packing = [".gz", ".bz2", ".xz", ".zst"].first { name.hasSuffix($0) }
        return String(name.dropLast(packing?.count ?? 0))
    }

    /// The text with `*` for each column in braces.
    fileprivate var template: String {
        var result = ""
        var rest = Substring(self)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let column = rest[rest.index(after: open)..<close]
            let isColumn = !column.isEmpty && column.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
            result += rest[..<open]
            result += isColumn ? "*" : rest[open...close]
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}

extension Expression {
    /// Whether the expression is a number, perhaps with a sign.
    fileprivate var isPlainNumber: Bool {
        switch kind {
        case .number: true
        case .negate(let inner): inner.isPlainNumber
        default: false
        }
    }

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
