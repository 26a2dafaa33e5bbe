import Builtins
import Diagnostics
import Language
import Storage
import Tensors

/// `export`: writes the trained model of an experiment, or the numbers of a tensor or a density.
struct ExportAction: ActionMeaning {
    var subject: String { "what is exported" }

    func faults(of action: CheckedScript.Action, in check: ActionCheck) -> [Diagnostic] {
        do { return try fault(of: action, check.context).map { [$0] } ?? [] } catch let diagnostic as Diagnostic {
            return [diagnostic.at(action.span)]
        } catch { return [] }
    }

    /// The fault of the value that is written; nil where there is none.
    private func fault(of action: CheckedScript.Action, _ context: CheckContext) throws -> Diagnostic? {
        switch action.value {
        case .object(let object) where object.kind == "experiment":
            if let encoder = try context.experiment(object).built.encoders.first {
                return Diagnostic(
                    "type", "a model that reads texts is not exported: its tokenizer would not be in the file", at: action.span,
                    hint: "predict with the experiment itself; `\(encoder.found.label)` is found again by its files")
            }
            guard case .folds(let folds) = try context.experiment(object).form, folds.report == .mean else { return nil }
            return Diagnostic(
                "several-models", "`\(object.label ?? "the experiment")` reports the mean of its folds, which is not one model",
                at: action.span,
                hint: "say `report: best` or `report: refit`")
        case .number: break
        case .call(let call):
            if case .tensor(let type) = call.type {
                if type.cell == nil, let target = action.target, DensityFormat(path: target) != nil, TensorFormat(path: target) == nil {
                    return Diagnostic(
                        "type", "`export` expected a density to write a file of one, found a tensor", at: action.span,
                        hint: "write a tensor to \(TensorFormat.endings)")
                }
                guard type.cell == nil, action.target?.hasSuffix(".csv") == true, let shape = type.shape, shape.count > 2 else { break }
                return Diagnostic(
                    "shape", "a `.csv` file holds rows and columns, found shape \(Shape(shape))", at: action.targetSpan,
                    hint: "write to `.npy` or `.safetensors`")
            }
            if call.type == .sort(.table) {
                return Diagnostic(
                    "type", "`export` expected a tensor or a density, found a table", at: action.span,
                    hint: "write `table ... to \"\(action.target ?? "out.csv")\"`")
            }
            fallthrough
        default:
            return Diagnostic(
                "type", "`export` expected an experiment, a tensor or a density, found \(action.value.phrase)", at: action.span)
        }
        return nil
    }

    func checkFormat(of target: String, for action: CheckedScript.Action) throws {
        if action.value.object != nil {
            guard target.hasSuffix(".safetensors") else {
                throw Diagnostic("unknown-format", "a model's path ends in `.safetensors`, found `\(target)`")
            }
        } else if case .tensor(let type)? = action.value.call?.type, type.cell != nil {
            if case .vasp(let named, _)? = DensityFormat(path: target) {
                _ = try type.kind(ofFileNamed: named)
            } else if DensityFormat(path: target) == nil, TensorFormat(path: target) == nil {
                throw Diagnostic("unknown-format", "a density's path ends in \(DensityFormat.endings), found `\(target)`")
            }
        } else if TensorFormat(path: target) == nil {
            throw Diagnostic("unknown-format", "a tensor's path ends in \(TensorFormat.endings), found `\(target)`")
        }
    }

    func perform(_ action: CheckedScript.Action, with performer: Performer) throws {
        guard let target = action.target else { return }
        if let object = action.value.object {
            let sink = ByteList()
            let runner = performer.runner
            try runner.model(of: runner.experiment(object)).contents.write(to: sink)
            return try performer.write(sink.bytes, to: target, span: action.targetSpan)
        }
        if case .tensor(let type)? = action.value.call?.type, type.cell != nil, let format = DensityFormat(path: target) {
            let bytes = try performer.computing.bytes(of: action.value, type, as: format)
            return try performer.write(bytes, to: target, span: action.targetSpan)
        }
        guard let format = TensorFormat(path: target) else { return }
        let (array, unit) = try performer.computing.array(action.value)
        try performer.write(TensorFile.bytes(of: array, unit: unit, as: format), to: target, span: action.targetSpan)
    }
}
