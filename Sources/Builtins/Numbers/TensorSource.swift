import Diagnostics
import Language
import Storage
import Tensors

/// The builtin `tensor`: a tensor of a file, or of numbers in brackets.
let tensorSource = Vocabulary([
    Word(
        "tensor", family: "Sources",
        [
            Parameter(
                "of", .either([.template, .list(.any, count: nil)]),
                """
                a file that ends in `.npy`, `.csv` or `.safetensors`, in an input of a data set with `{column}` for a column of the row; \
                or numbers in brackets, lists in lists for further axes
                """
            ),
            Parameter("name", .optional(.text), .fallback(.none), "which tensor of a `.safetensors` file that holds several"),
            Parameter("unit", .optional(.text), .fallback(.none), "of the numbers; a `.safetensors` file that ecdx wrote tells it"),
            pairParameter,
        ],
        gives: anyTensor, "A tensor of a file, or of the numbers given.",
        examples: [Example("let a = tensor([[1, 2, 3], [4, 5, 6]], unit: \"GPa\")\nshow a\nshow a[1, 0:2]\nshow a - mean(a, axis: 0)")],
        role: .source(argument: "of") { call, path, context in try context.tensorHeader(call, path: path) },
        check: { call, context in
            if let unit = call.arguments["unit"] { try checkUnit(unit) }
            if case .list = call["of"] {
                let facts = try located(call.span(of: "of")) { try context.factsOfLiteral(call["of"]) }
                if let unit = facts.unit, let given = call["unit"].string, !isSameUnit(unit, given) {
                    throw Diagnostic("unit", "the numbers are in \(unit), and `unit` says \(given)", at: call.span(of: "unit"))
                }
                return call.typed(facts.with(shape: facts.shape, unit: facts.unit ?? call["unit"].string))
            }
            guard case .text(let text) = call["of"] else { return .call(call) }
            guard TensorFormat(path: text.string) != nil else {
                throw Diagnostic(
                    "unknown-format", "a tensor's path ends in \(TensorFormat.endings), found `\(text.string)`", at: call.span(of: "of"))
            }
            guard let path = context.library.literalPath(of: call) else {
                return call.typed(TensorType(shape: nil, unit: call["unit"].string))
            }
            return call.typed(try located(call.span(of: "of")) { try context.tensorHeader(call, path: context.resolve(path)) })
        }, knows: { call, context in try context.knownNumbers(inBrackets: call["of"]) },
        // Of numbers in brackets those alone tell.
        keepsFinite: { $0["of"].items != nil }, computes: computeTensor)
])

/// The tensor of the numbers in brackets, or of a file.
@Sendable private func computeTensor(_ call: Call, _ context: ComputeContext) throws -> Computed {
    if context.library.path(of: call) != nil {
        let file = try located(context.library.pathSpan(of: call)) {
            try TensorFile(reading: context.path(of: call), name: call["name"].string)
        }
        return .array(file.array, unit: call["unit"].string ?? file.unit)
    }
    var unit = call["unit"].string
    func gather(_ value: Value, into values: inout [Double]) throws -> [Int] {
        if let number = value.number {
            values.append(number)
            return []
        }
        if case .list(let items) = value {
            var shape: [Int] = []
            for item in items { shape = try gather(item.value, into: &values) }
            return [items.count] + shape
        }
        let (array, found) = try context.array(value)
        unit = unit ?? found
        values += array.values
        return array.shape.extents
    }
    var values: [Double] = []
    let shape = try gather(call["of"], into: &values)
    return .array(try NumericArray(shape: Shape(shape), values: values, precision: .double), unit: unit)
}

extension CheckContext {
    /// The numbers in brackets, and in brackets within them, in order; nil where some of them are computed later.
    fileprivate func knownNumbers(inBrackets value: Value) throws -> [Double]? {
        guard let items = value.items else { return try knownNumbers(of: value) }
        var numbers: [Double] = []
        for item in items {
            guard let known = try knownNumbers(inBrackets: item) else { return nil }
            numbers += known
        }
        return numbers
    }

    /// The shape and unit of a file's tensor, read once. The header of the file is enough, but for `.csv`, which has none.
    func tensorHeader(_ call: Call, path: String) throws -> TensorType {
        let name = call["name"].string
        var type = try remembered(TensorOfFile(path: path, name: name)) {
            switch TensorFormat(path: path) {
            case .npy: return TensorType(shape: try readNpyHeader(path).shape.extents, unit: nil)
            case .safetensors:
                let outline = try readSafetensorsHeader(path)
                let place = try TensorFile.place(of: name, among: outline.tensors.map(\.name), path: path)
                return TensorType(shape: outline.tensors[place].shape, unit: TensorFile.unit(in: outline.metadata))
            case .csv, nil:
                let file = try TensorFile(reading: path, name: name)
                return TensorType(shape: file.array.shape.extents, unit: file.unit)
            }
        }
        type.unit = call["unit"].string ?? type.unit
        type.isLogarithm = type.unit?.hasPrefix("log(") ?? false
        return type
    }

    /// The facts known of numbers in brackets: every item of a list has one shape and one unit. Throws `type`, `shape`, `unit`.
    func factsOfLiteral(_ value: Value) throws -> ArrayFacts {
        guard case .list(let items) = value else {
            if let facts = try facts(of: value) { return facts }
            throw Diagnostic("type", "`tensor` expected numbers, found \(value.phrase)")
        }
        guard let first = items.first else { throw Diagnostic("shape", "`tensor` expected numbers, found an empty list") }
        let facts = try factsOfLiteral(first.value)
        var isLogarithm = facts.tensor.isLogarithm
        for (index, item) in items.enumerated().dropFirst() {
            let other = try factsOfLiteral(item.value)
            isLogarithm = isLogarithm && other.tensor.isLogarithm
            if let a = facts.shape, let b = other.shape, a != b {
                throw Diagnostic("shape", "expected items of one shape, found \(a.asShape) and, at position \(index), \(b.asShape)")
            }
            guard isSameUnit(facts.unit, other.unit) else {
                throw Diagnostic(
                    "unit", "expected items of one unit, found \(facts.unit ?? "none") and, at position \(index), \(other.unit ?? "none")")
            }
        }
        return ArrayFacts(tensor: TensorType(shape: facts.shape.map { [items.count] + $0 }, unit: facts.unit, isLogarithm: isLogarithm))
    }
}

/// Key of a tensor's header that is remembered.
private struct TensorOfFile: Hashable {
    var path: String
    var name: String?
}
