import Builtins
import Datasets
import Densities
import Diagnostics
import Language
import Models
import Tensors

/// The description of a value by what is known of it without computing it: what `:type` and `:list` print. `show` says the same
/// and adds the numbers (`Describer`).
public struct ValueDescription {
    let context: CheckContext
    /// Looks up how far an experiment is; nil where that cannot be told.
    let status: (Experiment) throws -> RunStatus?

    /// Creates a description of the values of a checked script.
    public init(of checked: Session.Checked, status: @escaping (Experiment) throws -> RunStatus?) {
        self.init(context: checked.context, status: status)
    }

    init(context: CheckContext, status: @escaping (Experiment) throws -> RunStatus?) {
        self.context = context
        self.status = status
    }

    /// Describes a value in one line.
    public func line(_ value: Value) -> String {
        switch value {
        case .none: return "none"
        case .bool(let value): return "truth value, \(value)"
        case .number(let number): return "number, \(written(number))"
        case .text(let text): return "text, \(shortened(source(of: .text(text))))"
        case .word(let word): return "word, \(word)"
        case .range: return "range, \(source(of: value))"
        case .function(let function): return "function `\(function.name)`"
        case .record(let fields):
            return "record with "
                + shortened(fields.keys.sorted().map { isPlainName($0) ? ".\($0)" : "[\(fieldName($0))]" }.joined(separator: ", "))
        case .list(let items): return list(items)
        case .layers(let layers): return layers.count == 1 ? "layer" : "\(layers.count) layers in a row"
        case .call(let call): return line(call)
        case .object(let object): return lines(object).first ?? object.kind
        default: return value.phrase
        }
    }

    /// Describes a value in full, over several lines where there is more to say.
    public func lines(_ value: Value) -> [String] {
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
        case .tensor(let type): return type.cell.map { density(type, in: $0) } ?? tensor(type)
        case .sort(.table): return context.library.givesRows(call) ? table(call) : "table by `\(call.builtin)`"
        case .sort(.figure): return "figure by `\(call.builtin)`"
        case .sort(let sort): return "\(sort.name), \(shortened(source(of: .call(call))))"
        default: return call.type.phrase
        }
    }

    private func tensor(_ type: TensorType) -> String {
        let what = type.shape.map { $0.isEmpty ? "number, computed when it is asked for" : Self.numbers(Shape($0)) } ?? "tensor"
        return what + Self.suffix(type.unit)
    }

    private func density(_ type: TensorType, in cell: PeriodicCell) -> String {
        guard let grid = type.shape, let formula = cell.formula, let volume = cell.volume else {
            return cell.noun + Self.suffix(type.unit)
        }
        return Self.density(cell.noun, grid, formula, volume) + Self.suffix(type.unit)
    }

    private func table(_ call: Call) -> String {
        guard let table = try? context.table(call) else { return "table" }
        return "table of \(table.count) rows: "
            + shortened(table.columns.map { column in header(ofColumn: column.name, unit: column.unit) }.joined(separator: ", "))
    }

    private func lines(_ object: Object) -> [String] {
        switch object.kind {
        case "dataset": return dataset(object)
        case "model": return model(object)
        case "experiment": return experiment(object)
        case "backbone": return backbone(object)
        case "encoder": return (try? encoderFacts(object)).map { ["encoder: \($0.head)"] + $0.lines } ?? ["encoder"]
        case "schedule":
            let stages = Self.stages(of: object)
            return ["schedule of \(stages.count)"] + stages.lines
        default: return ["\(object.kind) with " + object.fields.keys.sorted().joined(separator: ", ")]
        }
    }

    private func dataset(_ object: Object) -> [String] {
        guard let plan = try? context.plan(of: object) else { return ["dataset"] }
        var lines = [
            "dataset of \(plan.count) rows" + (plan.hasTarget ? ", \(plan.partCounts)" : "") + plan.leftOutSuffix,
            plan.hasTarget ? "target \(header(ofColumn: plan.column, unit: plan.unit))" : DatasetPlan.noTarget,
        ]
        for input in plan.inputs {
            // The rows tell what the expression alone does not, such as the size of their pictures.
            lines.append("input \(input.name): " + (input.type.map(tensor) ?? line(input.pipeline)))
        }
        return lines
    }

    private func model(_ object: Object) -> [String] {
        guard let graph = try? context.graph(of: object),
            let output = graph.outputs.first.flatMap({ graph.nodes.indices.contains($0) ? graph.nodes[$0].shape : nil })
        else { return ["model"] }
        let inputs = graph.inputs.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
        let count = graph.parameters.reduce(0) { $0 + $1.shape.count }
        return ["model from \(inputs) to \(output), \(grouped(count)) parameters"]
    }

    private func experiment(_ object: Object) -> [String] {
        guard let experiment = try? context.experiment(object) else { return ["experiment"] }
        let name = { (object: Object) in object.label.map { "`\($0)`" } ?? "an unnamed \(object.kind)" }
        let state = ((try? status(experiment)) ?? nil)?.phrase ?? RunStatus.nothing
        return ["experiment: \(name(experiment.model)) trained on \(name(experiment.data)); \(state)"]
    }

    private func backbone(_ object: Object) -> [String] {
        guard let known = (try? backboneFacts(object)) ?? nil else { return ["backbone"] }
        return ["backbone: \(known.head)"] + known.lines
    }

    private func shortened(_ text: String) -> String { text.count > 100 ? text.prefix(97) + "..." : text }
}

/// What `show` says too.
extension ValueDescription {
    /// The grid, formula and volume of a density, behind the noun for it.
    static func density(_ noun: String, _ grid: [Int], _ formula: String, _ volume: Double) -> String {
        "\(noun) \(Shape(grid)), \(formula.isEmpty ? "no atoms" : formula), \(threeDigits(volume)) A^3"
    }

    /// Numbers by their shape of one axis or more: `24 numbers`, `tensor 4x5x1`.
    static func numbers(_ shape: Shape) -> String {
        guard shape.rank == 1 else { return "tensor \(shape)" }
        return shape.count == 1 ? "1 number" : "\(shape.count) numbers"
    }

    /// A unit behind what it is the unit of; empty where there is none.
    static func suffix(_ unit: String?) -> String { unit.map { ", \($0)" } ?? "" }

    /// The number of stages of a schedule as a phrase, and a line for each.
    static func stages(of schedule: Object) -> (count: String, lines: [String]) {
        let stages = schedule.stagesOfSchedule
        let lines = stages.map { stage in
            let given = stage.given.filter { $0.key != "train" }.sorted { $0.key < $1.key }.map {
                ", \($0.key): \(source(of: $0.value.value))"
            }
            return "  \(stage.label ?? ""): trains \(source(of: stage.trained))\(given.joined())"
        }
        return ("\(stages.count) stage\(stages.count == 1 ? "" : "s")", lines)
    }

    /// The size of an encoder, and lines with its tokenizer, its files and what is odd about them. Throws what finding them throws.
    func encoderFacts(_ object: Object) throws -> (head: String, lines: [String]) {
        let found = try context.encoder(object)
        let sizes = found.configuration
        let counts = try found.network().counts
        let place = found.files.pinned.map { "\($0) in \(relative(found.files.folder))" } ?? relative(found.files.folder)
        let shared =
            sizes.blockCount < sizes.layers
            ? " that share \(sizes.blockCount == 1 ? "one set" : "\(sizes.blockCount) sets") of parameters" : ""
        return (
            """
            \(sizes.architecture?.name ?? sizes.modelType), \(sizes.layers) layers\(shared), \(sizes.hidden) wide, \(sizes.heads) heads, \
            \(grouped(counts.graph)) parameters (\(grouped(counts.withPooler)) with the pooler, which is not used)
            """,
            [
                "tokenizer: \(found.tokenizer.kind), \(found.tokenizer.variant.rawValue)",
                "texts: \(found.length) of at most \(sizes.longest) tokens, \(found.tokenizer.specialCount) of them special",
                "weights: \(place)",
            ] + found.remarks
        )
    }

    /// The size of a backbone, and lines with the images, pixels and weights it takes; nil for one of no known architecture. Throws
    /// `missing-file` and what else the place of its weights does.
    func backboneFacts(_ object: Object) throws -> (head: String, lines: [String])? {
        guard let architecture = object.architecture else { return nil }
        let counted = architecture.counts(summed: object.greyImages == .summed)
        var weights = "drawn by the seed of the experiment"
        if let written = object.weights { weights = relative(try context.weightsPath(written, architecture)) }
        let channels =
            switch object.greyImages {
            case .repeated: "three channels, from one by repetition"
            case .summed: "one channel, under the sum of the first kernels' three"
            case nil: "three channels"
            }
        return (
            """
            \(architecture.name), \(architecture.layers.count) layers, \
            \(grouped(counted.trainable)) parameters and \(grouped(counted.statistics)) moving statistics, \
            \(counted.channels) channels of features
            """,
            [
                "  images of \(channels), at least \(architecture.minimumSize)x\(architecture.minimumSize)",
                "  pixels: \(object.preparation(of: architecture).phrase)",
                "  weights: \(weights)",
            ]
        )
    }

    /// A path as the script would write it, where it lies in the script's folder.
    func relative(_ path: String) -> String {
        let prefix = context.folder + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }
}

extension RunStatus {
    /// How far nothing is.
    static let nothing = "not computed yet"

    /// The progress as a phrase, such as `computed, run 3f2a`.
    var phrase: String {
        switch self {
        case .done(let id): "computed, run \(id)"
        case .begun(let id): "begun, run \(id)"
        case .absent: Self.nothing
        }
    }
}

extension DatasetPlan {
    /// What stands in place of the target of rows that are to be predicted for.
    static let noTarget = "no target: rows to predict for"

    /// Whether the rows have targets; without, they are in no part.
    var hasTarget: Bool { !targets.isEmpty }

    /// The number of rows of each part as a phrase.
    var partCounts: String { partNames.map { "\(rows(of: $0).count) \($0)" }.joined(separator: ", ") }

    /// The rows that were left out, behind what is said of those that are there; empty where none was.
    var leftOutSuffix: String { leftOut.map { "; \($0) left out" } ?? "" }
}
