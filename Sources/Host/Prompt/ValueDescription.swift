import Builtins
import Diagnostics
import Experiments
import Language

/// A description of values that computes nothing: what `:type` and `:list` print.
struct ValueDescription {
    let checked: Session.Checked
    /// Looks up how far an experiment is.
    let status: (Object) -> RunStatus?
    /// Turns a path of the session into its absolute form.
    let resolve: (String) -> String

    /// Describes a value in one line.
    func line(_ value: Value) -> String {
        switch value {
        case .none: return "none"
        case .bool(let value): return "truth value, \(value)"
        case .number(let number): return "number, \(written(number))"
        case .text(let text): return "text, \(shortened(source(of: .text(text))))"
        case .word(let word): return "word, \(word)"
        case .range: return "range, \(source(of: value))"
        case .function(let function): return "function `\(function.name)`"
        case .record(let fields): return "record with " + shortened(fields.keys.sorted().map { ".\($0)" }.joined(separator: ", "))
        case .list(let items): return list(items)
        case .layers(let layers): return layers.count == 1 ? "layer" : "\(layers.count) layers in a row"
        case .call(let call): return line(call)
        case .object(let object): return lines(object).first ?? object.kind
        default: return value.phrase
        }
    }

    /// Describes a value in full, over several lines where there is more to say.
    func lines(_ value: Value) -> [String] {
        if case .object(let object) = value { return lines(object) }
        return [line(value)]
    }

    private func list(_ items: [ListItem]) -> String {
        let kinds = Set(
            items.map { item -> String in if case .object(let object) = item.value { "\(object.kind)s" } else { kind(item.value) } })
        let labels = Set(items.flatMap { $0.labels.keys }).sorted()
        let what = kinds.count == 1 ? kinds.first ?? "items" : "items"
        return "list of \(items.count) \(what)" + (labels.isEmpty ? "" : ", by " + joinedByAnd(labels))
    }

    private func kind(_ value: Value) -> String {
        switch value {
        case .number: "numbers"
        case .text: "texts"
        case .list: "lists"
        case .record: "records"
        case .call(let call):
            switch call.type {
            case .tensor(let type): type.cell == nil ? "tensors" : "densities"
            case .sort(let sort): sort.name + "s"
            default: "items"
            }
        default: "items"
        }
    }

    private func line(_ call: Call) -> String {
        switch call.type {
        case .tensor(let type):
            if let cell = type.cell { return density(type, in: cell) }
            guard let shape = type.shape else { return "tensor" + unit(type.unit) }
            return (shape.isEmpty ? "number, computed when it is asked for" : "tensor " + shape.map(String.init).joined(separator: "x"))
                + unit(type.unit)
        case .sort(.table): return checked.library.tablePath(of: call) != nil ? table(call) : "table by `\(call.builtin)`"
        case .sort(.figure): return "figure by `\(call.builtin)`"
        case .sort(let sort): return "\(sort.name), \(shortened(source(of: .call(call))))"
        default: return call.type.phrase
        }
    }

    private func unit(_ unit: String?) -> String { unit.map { ", \($0)" } ?? "" }

    private func density(_ type: TensorType, in cell: PeriodicCell) -> String {
        guard let grid = type.shape, let formula = cell.formula, let volume = cell.volume else { return cell.noun + unit(type.unit) }
        return "\(cell.noun) \(grid.map(String.init).joined(separator: "x")), \(formula), \(threeDigits(volume)) A^3" + unit(type.unit)
    }

    private func table(_ call: Call) -> String {
        guard let table = try? checked.table(of: call) else { return "table" }
        return "table of \(table.count) rows: "
            + shortened(table.columns.map { column in column.name + (column.unit.map { " [\($0)]" } ?? "") }.joined(separator: ", "))
    }

    private func lines(_ object: Object) -> [String] {
        switch object.kind {
        case "dataset": return dataset(object)
        case "model": return model(object)
        case "experiment": return experiment(object)
        default: return ["\(object.kind) with " + object.fields.keys.sorted().joined(separator: ", ")]
        }
    }

    private func dataset(_ object: Object) -> [String] {
        guard let plan = try? checked.plan(of: object) else { return ["dataset"] }
        let parts = "\(plan.parts.train.count) train, \(plan.parts.validation.count) validation, \(plan.parts.holdout.count) holdout"
        var lines = ["dataset of \(plan.count) rows, \(parts)", "target \(plan.column)" + (plan.unit.map { " [\($0)]" } ?? "")]
        for (name, field) in plan.inputs.sorted(by: { $0.key < $1.key }) { lines.append("input \(name): \(line(field.value))") }
        return lines
    }

    private func model(_ object: Object) -> [String] {
        guard let graph = try? checked.graph(of: object),
            let output = graph.outputs.first.flatMap({ graph.nodes.indices.contains($0) ? graph.nodes[$0].shape : nil })
        else { return ["model"] }
        let inputs = graph.inputs.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
        let count = graph.parameters.reduce(0) { $0 + $1.shape.count }
        return ["model from \(inputs) to \(output), \(count) parameters"]
    }

    private func experiment(_ object: Object) -> [String] {
        let name = { (value: Value) in value.object?.label.map { "`\($0)`" } ?? "an unnamed \(value.object?.kind ?? "value")" }
        let state =
            switch status(object) {
            case .done(let id): "computed, run \(id)"
            case .begun(let id): "begun, run \(id)"
            case .absent, nil: "not computed yet"
            }
        return ["experiment: \(name(object["model"])) trained on \(name(object["data"])); \(state)"]
    }

    private func shortened(_ text: String) -> String { text.count > 100 ? text.prefix(97) + "..." : text }
}
