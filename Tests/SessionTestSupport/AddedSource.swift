import Diagnostics
import Language
import Storage
import Synchronization
import Tensors

@testable import Builtins

/// A source of numbers that the language does not have, files of numbers between blanks: all it takes is this file.
let addedSource = Vocabulary([
    Word(
        "numbers", family: "Sources",
        [
            Parameter("path", .template, "a file of numbers between blanks; `{column}` stands for a column of the row"),
            Parameter(
                "pair", .word(["key": "by the text that `*` stands for", "position": "in order"]), .fallback(.word("key")),
                "how the files of a pattern meet the rows"),
        ],
        gives: anyTensor, "The numbers of a text file.",
        role: .source(argument: "path") { _, path, _ in TensorType(shape: [try readNumbers(path).count], unit: nil) },
        check: { call, context in
            guard let path = context.library.literalPath(of: call) else { return .call(call) }
            return call.typed(TensorType(shape: [try readNumbers(context.resolve(path)).count], unit: nil))
        },
        computes: { call, context in
            computedSources.add(1, ordering: .relaxed)
            let values = try readNumbers(context.path(of: call))
            return .array(try NumericArray(shape: [values.count], values: values, precision: .double), unit: nil)
        })
])

/// How often a file was read to be computed with.
let computedSources = Atomic<Int>(0)

private func readNumbers(_ path: String) throws -> [Double] {
    let values = try String(decoding: readFile(path), as: UTF8.self).split(whereSeparator: \.isWhitespace).map { Double($0) }
    guard !values.isEmpty, !values.contains(nil) else {
        throw Diagnostic("bad-data", "expected numbers between blanks, found something else", data: DataPlace(file: path))
    }
    return values.compactMap(\.self)
}
