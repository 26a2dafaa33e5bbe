import Diagnostics
import Language
import Storage

/// The builtin `trained`, which names a model's file: who uses it looks into the file.
let namings: [Builtin] = [
    Builtin(
        "trained", family: "Results", [Parameter("path", .path, "a file that `export` wrote: `\"model.safetensors\"`")],
        gives: .sort(.trained),
        "A trained model of a file, with the preparation of its inputs, the scale and the unit of its output.",
        examples: [
            Example("export bulk to \"out/bulk.safetensors\"\npredict bulk on crystals to \"out/predictions.csv\"", with: .crystals)
        ], check: checkTrained)
]

extension Library {
    /// The path, as it was written, of the file that a call of `trained` names. Throws `internal` for another call.
    public func trainedPath(of call: Call) throws -> String { try Arguments(call, library: self).text("path") }
}

/// Checks that the file of a trained model is there. Throws `missing-file`.
@Sendable private func checkTrained(_ call: Call, _ context: CheckContext) throws -> Value {
    let path = try context.library.trainedPath(of: call)
    guard fileStatus(context.resolve(path))?.kind == .file else {
        throw Diagnostic("missing-file", "there is no file `\(path)`", at: call.span(of: "path"))
    }
    return .call(call)
}
