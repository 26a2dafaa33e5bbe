import Builtins
import Datasets
import Diagnostics
import Language
import Models
import Tensors

/// The describer of values: what `show` prints.
struct Describer {
    let runner: Runner
    let computing: ComputeContext

    func describe(_ value: Value) throws -> [Output] {
        switch value {
        case .object(let object): return try describe(object)
        case .call where value.isPlain: return [.lines([source(of: value)])]
        case .call: return try describe(computed: computing.compute(value))
        case .list(let items):
            // What can be read in a line stands in one.
            if value.isPlain {
                let line = source(of: value)
                if line.utf8.count <= 100 || !items.contains(where: \.value.isComposed) { return [.lines([line])] }
                return [.lines(items.map { source(of: $0.value) })]
            }
            return try items.flatMap { try describe($0.value) }
        case .record(let fields):
            return try fields.byName.flatMap { name, field -> [Output] in
                if field.value.isPlain { return [.lines(["\(name): \(source(of: field.value))"])] }
                let outputs = try describe(field.value)
                if outputs.count == 1, case .lines(let lines) = outputs[0], lines.count == 1 { return [.lines(["\(name): \(lines[0])"])] }
                return [.lines([name + ":"])] + outputs
            }
        default: return [.lines([source(of: value)])]
        }
    }

    private func describe(computed: Computed) -> [Output] {
        switch computed {
        case .array(let array, let unit), .cut(let array, let unit, _): return [.lines(ArrayDescription(array: array, unit: unit).lines)]
        case .picture(let picture):
            guard let tensor = try? picture.tensor(rescaled: false) else { return [] }
            return [.lines(ArrayDescription(array: NumericArray(tensor), unit: nil).lines)]
        case .table(let table): return [.table(table, title: "")]
        case .figure: return []
        case .density(let density, let unit):
            let formula = formula(of: density.atoms.map(\.element))
            let grid = density.grid.map(String.init).joined(separator: "x")
            let inUnit = unit.map { " " + $0 } ?? ""
            return [
                .lines(
                    [
                        "density \(grid), \(formula), \(threeDigits(density.lattice.volume)) A^3",
                        """
                        min \(threeDigits(density.min)), mean \(threeDigits(density.mean)), max \(threeDigits(density.max))\(inUnit); \
                        \(threeDigits(density.electrons)) electrons in the cell
                        """,
                    ] + (density.firstLayer.map { ["[:, :, 0]:"] + ArrayDescription.drawing($0, unit: unit) } ?? []))
            ]
        }
    }

    private func describe(_ object: Object) throws -> [Output] {
        switch object.kind {
        case "dataset": return try dataset(object)
        case "model": return try model(object)
        case "experiment": return try experiment(object)
        case "backbone": return try backbone(object)
        case "schedule": return schedule(object)
        default: return [.lines([object.label ?? object.kind] + fields(of: object))]
        }
    }

    private func dataset(_ object: Object) throws -> [Output] {
        let plan = try runner.plan(of: object)
        let unit = plan.unit.map { " " + $0 } ?? ""
        let values = plan.targets
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        let hasTarget = !plan.targets.isEmpty
        var lines = [
            """
            \(plan.label): \(plan.count) rows, \
            \(plan.pairsByPosition ? "paired with their files by position" : "in natural order of their ids")
            """
                + (plan.leftOut.map { "; \($0) left out" } ?? ""),
            !hasTarget
                ? "no target: rows to predict for"
                : """
                target \(plan.column): \(threeDigits(values.min() ?? 0)) to \(threeDigits(values.max() ?? 0))\(unit), \
                mean \(threeDigits(mean))\(unit)
                """
                    + (plan.transform == .log ? "; trained as its logarithm" : "")
                    + (plan.scale == .none ? "" : ", \(plan.scale.rawValue) scaled on the training part"),
            !hasTarget
                ? nil
                : "split: \(plan.parts.train.count) train, \(plan.parts.validation.count) validation, \(plan.parts.holdout.count) holdout",
        ].compactMap { $0 }
        for (name, _) in plan.inputs.sorted(by: { $0.key < $1.key }) {
            var shape = ""
            if let type = plan.types[name], let extents = type.shape {
                shape = " " + extents.map(String.init).joined(separator: "x") + (type.unit.map { ", " + $0 } ?? "")
            }
            lines.append("input \(name):\(shape)")
        }
        let columns: [ResultTable.Column] =
            [.init("row", isNumeric: true), .init("id", isNumeric: false)]
            + (hasTarget ? [.init("part", isNumeric: false), .init(plan.column, unit: plan.unit)] : [])
            + plan.files.sorted { $0.key < $1.key }.flatMap { name, files in
                files.sources.map { _ in .init("file of \(name)", isNumeric: false) }
            }
        let shown = plan.count <= 6 ? Array(0..<plan.count) : [0, 1, 2, plan.count - 3, plan.count - 2, plan.count - 1]
        var part = [Int: String]()
        for name in partNames { for row in plan.rows(of: name) { part[row] = name } }
        let rows = shown.map { row in
            [ResultTable.Cell(String(row)), .init(plan.ids[row])]
                + (hasTarget ? [.init(part[row] ?? ""), .init(threeDigits(plan.targets[row]), exact: String(plan.targets[row]))] : [])
                + plan.files.sorted { $0.key < $1.key }.flatMap { $0.value.paths[row].map { .init(relative($0)) } }
        }
        return [.lines(lines), .table(ResultTable(columns: columns, rows: rows), title: "first and last pairs")]
    }

    private func relative(_ path: String) -> String {
        let prefix = runner.context.folder + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    private func model(_ object: Object) throws -> [Output] {
        let summary = try runner.context.graph(of: object).summary
        let columns: [ResultTable.Column] = [.init("layer", isNumeric: false), .init("output"), .init("parameters")]
        let total = summary.reduce(0) { $0 + $1.parameters }
        let rows = summary.map {
            [ResultTable.Cell($0.name), .init($0.outputShape.description), .init(grouped($0.parameters), exact: String($0.parameters))]
        }
        return [
            .table(
                ResultTable(columns: columns, rows: rows, notes: ["\(grouped(total)) parameters in all"]), title: object.label ?? "model")
        ]
    }

    private func experiment(_ object: Object) throws -> [Output] {
        let name = object.label ?? "experiment"
        let status =
            switch try runner.status(of: object) {
            case .done(let id): "computed, run \(id)"
            case .begun(let id): "begun, run \(id)"
            case .absent: "not computed yet"
            }
        return [.lines(["\(name): \(status)"] + fields(of: object))]
    }

    private func fields(of object: Object) -> [String] {
        object.fields.byName.map { "  \($0.key): \(source(of: $0.value.value))" }
    }

    private func backbone(_ object: Object) throws -> [Output] {
        guard let architecture = object.architecture else { return [] }
        let layers = architecture.layers
        let counted = architecture.counts(summed: object["channels"].word == "sum")
        var weights = "drawn by the seed of the experiment"
        if let written = object["weights"].string { weights = relative(try runner.context.weightsPath(written, architecture)) }
        let channels =
            switch object["channels"].word {
            case "repeat": "three channels, from one by repetition"
            case "sum": "one channel, under the sum of the first kernels' three"
            default: "three channels"
            }
        return [
            .lines([
                """
                \(object.label ?? "backbone"): \(architecture.rawValue), \(layers.count) layers, \
                \(grouped(counted.trainable)) parameters and \(grouped(counted.statistics)) moving statistics, \
                \(counted.channels) channels of features
                """,
                "  images of \(channels), at least \(architecture.minimumSize)x\(architecture.minimumSize)",
                "  pixels: \(object.preparation(of: architecture).phrase)",
                "  weights: \(weights)",
            ])
        ]
    }

    private func schedule(_ object: Object) -> [Output] {
        let stages = (object["stages"].items ?? []).compactMap(\.object)
        return [
            .lines(
                ["\(object.label ?? "schedule"): \(stages.count) stage\(stages.count == 1 ? "" : "s")"]
                    + stages.map { stage in
                        let given = stage.given.filter { $0.key != "train" }.sorted { $0.key < $1.key }.map {
                            ", \($0.key): \(source(of: $0.value.value))"
                        }
                        return "  \(stage.label ?? ""): trains \(source(of: stage["train"]))\(given.joined())"
                    })
        ]
    }
}

extension Value {
    /// Whether the value is shown as it stands in the script: a number, a text, a word, or a setting.
    fileprivate var isPlain: Bool {
        switch self {
        case .none, .bool, .number, .text, .word, .range: true
        case .list(let items): items.allSatisfy(\.value.isPlain)
        case .record(let fields): fields.values.allSatisfy(\.value.isPlain)
        // Settings of an experiment: nothing is computed.
        case .call(let call): call.isSetting
        default: false
        }
    }

    /// Whether the value is a list or a record.
    fileprivate var isComposed: Bool {
        switch self {
        case .list, .record: true
        default: false
        }
    }
}
