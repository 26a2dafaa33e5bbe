import Builtins
import Datasets
import Diagnostics
import Language
import Models
import Tensors

/// The describer of values: what `show` prints. What is known of a value without computing it comes from `ValueDescription`.
struct Describer {
    private let runner: Runner
    private let computing: ComputeContext
    private let known: ValueDescription
    private let digits: Int?

    /// `digits`: significant digits that numbers are shown with; nil for three.
    init(runner: Runner, computing: ComputeContext, digits: Int? = nil) {
        self.digits = digits
        self.runner = runner
        self.computing = computing
        known = ValueDescription(context: runner.context, status: runner.status)
    }

    func describe(_ value: Value) throws -> [Output] {
        switch value {
        case .object(let object): return try describe(object)
        case .call where value.isPlain: return [.lines([source(of: value)])]
        case .call(let call) where call.type == .sort(.trained): return try trained(call)
        case .call:
            let remarks = try computing.remarks(on: value)
            return try describe(computed: computing.compute(value), of: value) + (remarks.isEmpty ? [] : [.lines(remarks)])
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
                if field.value.isPlain { return [.lines(["\(fieldName(name)): \(source(of: field.value))"])] }
                let outputs = try describe(field.value)
                if outputs.count == 1, case .lines(let lines) = outputs[0], lines.count == 1 {
                    return [.lines(["\(fieldName(name)): \(lines[0])"])]
                }
                return [.lines([fieldName(name) + ":"])] + outputs
            }
        default: return [.lines([source(of: value)])]
        }
    }

    private func describe(computed: Computed, of value: Value) throws -> [Output] {
        switch computed {
        case .array(let array, let unit):
            let lines = ArrayDescription(array: array, unit: unit, digits: digits).lines
            let plane = try computing.planeInWords(ofInput: value)
            return [.lines(Array(lines.prefix(1)) + [plane].compactMap(\.self) + lines.dropFirst())]
        case .cut(let array, let unit, let plane):
            let lines = ArrayDescription(array: array, unit: unit, digits: digits).lines
            return [.lines(Array(lines.prefix(1)) + [plane.words] + lines.dropFirst())]
        case .picture(let picture):
            return (try? ArrayDescription.lines(of: picture)).map { [.lines($0)] } ?? []
        case .table(let table): return [.table(table, title: "")]
        case .figure: return []
        case .density(let density, let unit):
            var noun = "density"
            if case .tensor(let type)? = value.call?.type, let cell = type.cell { noun = cell.noun }
            let inUnit = unit.map { " " + $0 } ?? ""
            let range =
                density.mean.isFinite
                ? "min \(threeDigits(density.min)), mean \(threeDigits(density.mean)), max \(threeDigits(density.max))"
                : ArrayDescription.range(of: density.values)
            let integral =
                integralNoun(ofUnit: unit).map { "; \(threeDigits(density.electrons)) \($0) in \(density.frame.extent.place)" } ?? ""
            return [
                .lines(
                    [
                        ValueDescription.density(
                            noun, density.grid, formula(of: density.atoms.map(\.element)), density.lattice.volume),
                        range + inUnit + integral,
                    ] + density.frame.remarks + (density.firstLayer.map { ["[:, :, 0]:"] + ArrayDescription.drawing($0, unit: unit) } ?? [])
                )
            ]
        }
    }

    private func describe(_ object: Object) throws -> [Output] {
        switch object.kind {
        case "dataset": return try dataset(object)
        case "model": return try model(object)
        case "experiment": return try experiment(object)
        case "backbone": return try backbone(object)
        case "encoder":
            let facts = try known.encoderFacts(object)
            return [.lines(["\(object.label ?? "encoder"): \(facts.head)"] + facts.lines)]
        case "schedule": return schedule(object)
        default: return [.lines([object.label ?? object.kind] + fields(of: object))]
        }
    }

    private func dataset(_ object: Object) throws -> [Output] {
        let plan = try runner.plan(of: object)
        let unit = plan.unit.map { " " + $0 } ?? ""
        let values = plan.targets
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        var lines = [
            """
            \(plan.label): \(plan.count) rows, \
            \(plan.pairsByPosition ? "paired with their files by position" : "in natural order of their ids")
            """
                + plan.leftOutSuffix,
            !plan.hasTarget
                ? DatasetPlan.noTarget
                : """
                target \(plan.column): \(threeDigits(values.min() ?? 0)) to \(threeDigits(values.max() ?? 0))\(unit), \
                mean \(threeDigits(mean))\(unit)
                """
                    + (plan.transform == .log ? "; trained as its logarithm" : "")
                    + (plan.scale == .none ? "" : ", \(plan.scale.rawValue) scaled on the training part"),
            plan.hasTarget ? "split: \(plan.partCounts)" : nil,
        ].compactMap { $0 }
        for input in plan.inputs {
            var shape = ""
            if let type = input.type, let extents = type.shape {
                shape = " \(Shape(extents))" + ValueDescription.suffix(type.unit)
            }
            lines.append("input \(input.name):\(shape)")
        }
        let columns: [ResultTable.Column] =
            [.init("row", isNumeric: true), .init("id", isNumeric: false)]
            + (plan.hasTarget ? [.init("part", isNumeric: false), .init(plan.column, unit: plan.unit)] : [])
            + plan.inputs.flatMap { input in
                input.sources.map { _ in .init("file of \(input.name)", isNumeric: false) }
                    + input.columns.map { .init($0["name"].string ?? "", isNumeric: false) }
            }
        let shown = plan.count <= 6 ? Array(0..<plan.count) : [0, 1, 2, plan.count - 3, plan.count - 2, plan.count - 1]
        var part = [Int: String]()
        for name in partNames { for row in plan.rows(of: name) { part[row] = name } }
        let rows = shown.map { row in
            [ResultTable.Cell(String(row)), .init(plan.ids[row])]
                + (plan.hasTarget ? [.init(part[row] ?? ""), .init(threeDigits(plan.targets[row]), exact: String(plan.targets[row]))] : [])
                + plan.inputs.flatMap { input in
                    input.items[row].files.map { .init(known.relative($0)) }
                        + input.items[row].cells.map { .init($0.count > 60 ? $0.prefix(57) + "..." : $0) }
                }
        }
        return [.lines(lines), .table(ResultTable(columns: columns, rows: rows), title: "first and last pairs")]
    }

    private func model(_ object: Object) throws -> [Output] {
        [layers(of: try runner.context.graph(of: object), title: object.label ?? "model")]
    }

    /// The model of a file: where it came from, what it predicts, its inputs with their preparation, and its layers.
    private func trained(_ call: Call) throws -> [Output] {
        let path = runner.context.resolve(try runner.library.trainedPath(of: call))
        let model = try located(call.span(of: "path")) { try TrainedModel(reading: path) }.description
        let space = model.space
        let target =
            "predicts \(header(ofColumn: model.target, unit: model.unit))" + (space.transform == .log ? "; trained as its logarithm" : "")
            + (space.scale == .none ? "" : ", \(space.scale.rawValue) scaled on the training part")
        let inputs = model.graph.inputs.map { name, shape in
            "input \(name) \(shape): \(model.pipelines[name] ?? "its preparation is not told")"
        }
        let head = "\(known.relative(path)): trained model of `\(model.name)`, run \(model.key.prefix(12))"
        return [.lines([head, target] + inputs), layers(of: model.graph, title: model.name)]
    }

    /// The table of the layers of a network.
    private func layers(of graph: Graph, title: String) -> Output {
        let summary = graph.summary
        let columns: [ResultTable.Column] = [.init("layer", isNumeric: false), .init("output"), .init("parameters")]
        let total = summary.reduce(0) { $0 + $1.parameters }
        let rows = summary.map {
            [ResultTable.Cell($0.name), .init($0.outputShape.description), .init(grouped($0.parameters), exact: String($0.parameters))]
        }
        return .table(ResultTable(columns: columns, rows: rows, notes: ["\(grouped(total)) parameters in all"]), title: title)
    }

    private func experiment(_ object: Object) throws -> [Output] {
        [.lines(["\(object.label ?? "experiment"): \(try runner.status(of: runner.experiment(object)).phrase)"] + fields(of: object))]
    }

    private func fields(of object: Object) -> [String] {
        object.fields.byName.map { "  \($0.key): \(source(of: $0.value.value))" }
    }

    private func backbone(_ object: Object) throws -> [Output] {
        guard let facts = try known.backboneFacts(object) else { return [] }
        return [.lines(["\(object.label ?? "backbone"): \(facts.head)"] + facts.lines)]
    }

    private func schedule(_ object: Object) -> [Output] {
        let stages = ValueDescription.stages(of: object)
        return [.lines(["\(object.label ?? "schedule"): \(stages.count)"] + stages.lines)]
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
