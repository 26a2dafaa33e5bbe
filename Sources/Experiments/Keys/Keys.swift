import Builtins
import Datasets
import Diagnostics
import Language
import Models
import Storage
import Tensors
import Training

/// The version of each kind of node. Raised when the same declaration would give other numbers or other bytes; golden checksums
/// in the tests fail when it should have been and was not.
public enum NodeVersion {
    /// Version of the inputs of data sets.
    public static let input = 1
    /// Version of data sets.
    public static let dataset = 1
    /// Version of experiments.
    public static let experiment = 3
    /// Version of the features that frozen layers give.
    public static let features = 2
    /// Version of tables.
    public static let table = 4
    /// Version of figures.
    public static let figure = 6
}

/// The keys of results: hashes of what a declaration means. Names, places, comments and layout are not in them. Each is worked
/// out once; one `Keys` sees one state of the files.
final class Keys {
    let store: Store
    let context: CheckContext
    let verify: Bool
    private var inputs: [InputOfPlan: Digest] = [:]
    private var digests: [InputOfPlan: [[Digest]]] = [:]
    private var datasets: [InputsOfPlan: Digest] = [:]
    private var experiments: [Object: Digest] = [:]
    private var described: [Object: JSONValue] = [:]
    private var large: [LargePart: (call: Call, hash: JSONValue)] = [:]
    /// Time of the last look; nil before the first, since what was checked may be older than these keys.
    private var looked: ContinuousClock.Instant?
    private var overwritten = 0

    /// Time for which a look at the files stands when an action begins. Actions that find all they need in the store take a
    /// few milliseconds, and a look at thousands of files takes as long.
    static let freshness = Duration.milliseconds(100)

    private struct InputOfPlan: Hashable {
        var plan: DatasetPlan.Identity
        var name: String
    }

    /// A call as a part of others, told by its identity: its key is blind to less than its equality is.
    private struct LargePart: Hashable {
        var builtin: String
        var arguments: ObjectIdentifier
        var sources: [Call]?
        var isOfLabels: Bool
    }

    private struct InputsOfPlan: Hashable {
        var plan: DatasetPlan.Identity
        var names: [String]
    }

    init(store: Store, context: CheckContext, verify: Bool) {
        self.store = store
        self.context = context
        self.verify = verify
    }

    /// The key of one input of a data set before it is split: its pipeline and the contents of its files.
    func input(_ name: String, of plan: DatasetPlan) throws -> Digest {
        let id = InputOfPlan(plan: plan.identity, name: name)
        if let known = inputs[id] { return known }
        guard let input = plan.input(name) else { throw Diagnostic("no-input", "`\(plan.label)` has no input `\(name)`") }
        let digests = try input.items.map { try $0.files.map { try store.hashes.digest(of: $0, verify: verify) } }
        self.digests[id] = digests
        // Cells of columns stand for themselves; hashed, since texts may be long.
        let cells = try input.items.flatMap { try $0.cells.map { JSONValue.string(try sha256($0).hex) } }
        let hashes = digests.joined().map { JSONValue.string($0.hex) } + cells
        let key = try sha256(
            JSONValue.object([
                "node": "input", "version": .integer(NodeVersion.input), "pipeline": try json(input.pipeline, sources: input.sources),
                "files": .array(hashes),
            ]).canonical)
        inputs[id] = key
        return key
    }

    /// The hashes of the files of one input of a data set, by row and then by source.
    func contents(_ name: String, of plan: DatasetPlan) throws -> [[Digest]] {
        _ = try input(name, of: plan)
        return digests[InputOfPlan(plan: plan.identity, name: name)] ?? []
    }

    /// The key of what is done to the files of a row, whatever rows there are: inputs that share it have items in common where rows
    /// have the same files.
    func pipeline(of input: DatasetInput) throws -> Digest {
        try sha256(
            JSONValue.object([
                "node": "pipeline", "version": .integer(NodeVersion.input), "pipeline": try json(input.pipeline, sources: input.sources),
            ]).canonical)
    }

    /// The key of a data set with the inputs that are used.
    func dataset(_ plan: DatasetPlan, inputs names: [String]) throws -> Digest {
        let id = InputsOfPlan(plan: plan.identity, names: names)
        if let known = datasets[id] { return known }
        var used: [String: JSONValue] = [:]
        for name in names { used[name] = .string(try input(name, of: plan).hex) }
        let key = try sha256(
            JSONValue.object([
                "node": "dataset", "version": .integer(NodeVersion.dataset), "ids": .array(plan.ids.map { .string($0) }),
                "targets": .array(plan.targets.map { .number($0) }), "transform": .string(plan.transform.rawValue),
                "scale": .string(plan.scale.rawValue),
                "parts": .array([plan.parts.train, plan.parts.validation, plan.parts.holdout].map { .array($0.map { .integer($0) }) }),
                "inputs": .object(used),
            ]).canonical)
        datasets[id] = key
        return key
    }

    /// Forgets what was worked out where an action wrote a file that was looked at, or the last look is not fresh: what is there
    /// may have changed. Whether it was looked at anew.
    func refresh() -> Bool {
        if let looked, store.hashes.overwritten == overwritten, looked.duration(to: .now) <= Self.freshness { return false }
        forget()
        return true
    }

    /// Forgets what was worked out, so that the files are looked at again.
    func forget() {
        store.hashes.forget()
        context.lookAgain()
        (looked, overwritten) = (.now, store.hashes.overwritten)
        (inputs, digests, datasets, experiments, described, large) = ([:], [:], [:], [:], [:], [:])
    }

    /// The key of an experiment.
    func key(of experiment: Object) throws -> Digest {
        if let known = experiments[experiment] { return known }
        let key = try self.experiment(experiment).key
        experiments[experiment] = key
        return key
    }

    /// The key of an experiment, and the resolved values it was made from.
    func experiment(_ object: Object) throws -> (key: Digest, resolved: JSONValue) {
        let written = ExperimentObject(object)
        guard let data = written.data, let network = written.model?.network else {
            throw Diagnostic("type", "an experiment expected data and a model", at: object.origin.span)
        }
        let plan = try context.plan(of: data)
        var fields: [String: JSONValue] = ["node": "experiment", "version": .integer(NodeVersion.experiment)]
        fields["data"] = .string(try dataset(plan, inputs: network.inputs.map(\.name)).hex)
        fields["model"] = try json(network)
        for (name, field) in written.meaning { fields[name] = try json(field.value) }
        if !written.stages.isEmpty { fields["stages"] = .array(try describe(written)) }
        let resolved = JSONValue.object(fields)
        return (try sha256(resolved.canonical), resolved)
    }

    /// The settings that hold in each stage of an experiment.
    private func describe(_ experiment: ExperimentObject) throws -> [JSONValue] {
        try experiment.settings.enumerated().map { index, settings in
            var described: [String: JSONValue] = [
                "rate": try json(settings.rate), "stop": try json(settings.stop), "keep": try json(settings.keep),
                // A search space where there is no number.
                "epochs": try json(settings.epochs), "batch": try json(settings.batch),
            ]
            if let stage = settings.stage {
                described["train"] = try json(stage.trained)
                described["groups"] = try json(stage.rateGroups)
                described["statistics"] = try statistics(of: stage, in: experiment.model)
            }
            // A later stage counts what it begins with as its epoch 0.
            if index > 0, settings.watches { described["from epoch"] = .integer(0) }
            return .object(described)
        }
    }

    /// What a stage does with the statistics of batch normalisations. A stage that says nothing is one that says `frozen`, except
    /// where layers of the model's own would follow the batches.
    private func statistics(of stage: Object, in model: Object?) throws -> JSONValue {
        let said = stage.statistics
        if said.isNone { return try json(.word("frozen")) }
        guard said.word == "frozen", let model else { return try json(said) }
        return try context.holdsStatistics(stage, of: model) ? json(.word("all frozen")) : json(said)
    }

    /// The description of a backbone: its name is no part of it, and its weights are their contents.
    private func describe(_ backbone: Object) throws -> JSONValue {
        var weights = JSONValue.null
        if let written = backbone.weights, let architecture = backbone.architecture {
            weights = .string(try store.hashes.digest(of: try context.weightsPath(written, architecture), verify: verify).hex)
        }
        let meaning = backbone.backboneMeaning
        return .object([
            "backbone": try json(meaning.architecture), "weights": weights, "channels": try json(meaning.channels),
            "preprocess": try json(meaning.preprocess),
        ])
    }

    /// The key of the features that a frozen network gives for the rows of a data set.
    func features(_ trunk: Graph, parameters: JSONValue, inputs: JSONValue) throws -> Digest {
        try sha256(
            JSONValue.object([
                "node": "features", "version": .integer(NodeVersion.features), "network": JSONValue(encoding: trunk),
                "parameters": parameters, "inputs": inputs,
                "chunk": .integer(featureChunk),
            ]).canonical)
    }

    /// The key of a table or a figure: its call, with experiments and data sets by their keys and names, since both show, and the
    /// runs it rests on.
    func result(_ call: Call, node: String, version: Int, detail: String = "", runs: String = "") throws -> Digest {
        try sha256(
            JSONValue.object([
                "node": .string(node), "version": .integer(version), "call": try json(.call(call)), "labels": try labels(in: .call(call)),
                "detail": .string(detail), "runs": .string(runs),
            ]).canonical)
    }

    /// The hash of a call that stands inside something, where its tree is too large to be written out again wherever it stands: of forty
    /// steps on a table it may have 2^40 values. Nil for a smaller one, which keys have as it is.
    private func hash(ofLarge call: Call, sources: [Call]?, isOfLabels: Bool, _ json: () throws -> JSONValue) throws -> JSONValue? {
        guard Value.call(call).extent.size > Extent.mostWritten else { return nil }
        let part = LargePart(builtin: call.builtin, arguments: call.arguments.identity, sources: sources, isOfLabels: isOfLabels)
        if let known = large[part] { return known.hash }
        let hash = JSONValue.object(["sha256": .string(try sha256(json().canonical).hex)])
        // The call is kept, so that nothing else takes its identity.
        large[part] = (call, hash)
        return hash
    }

    /// The labels of the lists and the order of the records in a call: no part of what anything is, but tables and figures show
    /// them.
    private func labels(in value: Value, isInside: Bool = false) throws -> JSONValue {
        if isInside, let call = value.call,
            let hash = try hash(ofLarge: call, sources: nil, isOfLabels: true, { try labels(in: value) })
        {
            return hash
        }
        return switch value {
        case .list(let items):
            .array(
                try items.map { item in
                    let loop = item.labels.mapValues { JSONValue.string(source(of: $0)) }
                    return .object(["of": try labels(in: item.value, isInside: true)].merging(loop) { $1 })
                })
        case .call(let call):
            .object(
                Dictionary(
                    try context.library.keyed(call).arguments.map { ($0.key, try labels(in: $0.value.value, isInside: true)) }
                ) { $1 })
        case .record(let fields):
            .array(try fields.map { .array([.string($0.key), try labels(in: $0.value.value, isInside: true)]) })
        default: .null
        }
    }

    private func json(_ network: Network) throws -> JSONValue {
        .object([
            "inputs": .array(try network.inputs.map { .object(["name": .string($0.name), "shape": try json($0.shape)]) }),
            "applications": .array(
                try network.applications.map { .object(["layer": try json($0.layer), "of": .array($0.inputs.map { .integer($0) })]) }),
            "output": .integer(network.output ?? -1),
        ])
    }

    /// The value as JSON for a key. `sources`: the files of an input's pipeline; where they are and how they were found is left
    /// out, since their contents are in the key on their own.
    func json(_ value: Value, sources: [Call]? = nil, isInside: Bool = false) throws -> JSONValue {
        if isInside, let call = value.call,
            let hash = try hash(ofLarge: call, sources: sources, isOfLabels: false, { try json(value, sources: sources) })
        {
            return hash
        }
        switch value {
        case .none, .poison: return .null
        case .bool(let value): return .bool(value)
        case .number(let value): return .number(value)
        case .text(let text): return .object(["text": .string(text.string)])
        case .word(let word): return .object(["word": .string(word)])
        case .list(let items): return .array(try items.map { try json($0.value, sources: sources, isInside: true) })
        case .record(let fields): return .object(try json(fields, sources))
        case .range(let from, let to, let by): return .object(["range": .array([.number(from), .number(to), .number(by)])])
        case .call(let call):
            if sources != nil, context.library.isOfRow(call) {
                return .object(["column": .string(call["name"].string ?? ""), "isText": .bool(value.isColumn)])
            }
            var arguments: [String: JSONValue] = [:]
            let isFile = sources != nil && context.library.pathArgument(of: call) != nil
            let further = try context.library.furtherFiles(of: call, in: context)
            for (name, field) in context.library.keyed(call).arguments {
                if isFile, [context.library.pathArgument(of: call), "pair"].contains(name) { continue }
                if name == further?.argument { continue }
                arguments[name] = try json(field.value, sources: sources, isInside: true)
            }
            if let further { arguments["files"] = try contents(of: further.paths) }
            // With one source there is nothing to tell apart.
            if isFile, let sources, sources.count > 1 { arguments["source"] = .integer(sources.firstIndex(of: call) ?? -1) }
            if sources == nil, context.library.pathArgument(of: call) != nil || context.library.tablePath(of: call) != nil {
                arguments["contents"] = try contents(of: call)
            }
            return .object(["call": .string(call.builtin), "arguments": .object(arguments)])
        case .object(let object):
            var fields: [String: JSONValue] = ["name": .string(object.label ?? "")]
            switch object.kind {
            case "experiment":
                fields["key"] = .string(try key(of: object).hex)
                // Tables and figures show the names of stages, and of search spaces that stages hold.
                if !object.stages.isEmpty { fields["stages"] = .array(object.stages.map { .string($0.label ?? "") }) }
                if let data = ExperimentObject(object).data { fields["data"] = try json(.object(data), sources: sources) }
            case "dataset":
                if let known = described[object]?.objectValue { return .object(known.merging(fields) { $1 }) }
                let plan = try context.plan(of: object)
                fields["key"] = .string(try dataset(plan, inputs: plan.inputs.map(\.name)).hex)
                // Columns and units stand in tables and figures.
                fields["columns"] = .string(try hash(ofColumns: plan.table.columns).hex)
                fields["target"] = .string("\(plan.column)\t\(plan.unit ?? "")")
                described[object] = .object(fields)
            case "backbone": return try describe(object)
            case "encoder": return try describe(encoder: object)
            case "stage":
                return .object(["stage": .string(object.label ?? ""), "fields": .object(try json(object.fields, sources))])
            default:
                if let network = object.network { fields["network"] = try json(network) }
                fields["fields"] = .object(try json(object.fields, sources))
            }
            return .object(fields)
        case .function(let function): return .object(["function": .string(function.name)])
        case .signal(let index): return .integer(index)
        case .layers(let layers): return .array(try layers.map { try json($0.value, sources: sources, isInside: true) })
        }
    }

    /// The hash of the names, units and cells of columns, fed a cell at a time: of a million rows the texts would fill the memory.
    private func hash(ofColumns columns: [Column]) throws -> Digest {
        let hasher = try Hasher256()
        var text: [UInt8] = []
        for (index, column) in columns.enumerated() {
            text += "\(index > 0 ? "\u{1E}" : "")\(column.name)\t\(column.unit ?? "")\t".utf8
            for row in 0..<column.count {
                if row > 0 { text.append(0x1F) }
                text += column.text(row).utf8
                if text.count >= 1 << 16 {
                    try hasher.write(text)
                    text.removeAll(keepingCapacity: true)
                }
            }
        }
        try hasher.write(text)
        return try hasher.finish()
    }

    private func json(_ fields: Fields, _ sources: [Call]?) throws -> [String: JSONValue] {
        Dictionary(try fields.map { ($0.key, try json($0.value.value, sources: sources, isInside: true)) }) { $1 }
    }

    /// The hashes of files by their names: where they are is no part of what they hold.
    private func contents(of paths: [String]) throws -> JSONValue {
        .object(
            Dictionary(
                try paths.map { path in
                    return (lastName(of: path), JSONValue.string(try store.hashes.digest(of: path, verify: verify).hex))
                }
            ) { $1 })
    }

    /// The hash of the one file a source names, so that a figure of it is drawn anew when it changes.
    private func contents(of call: Call) throws -> JSONValue {
        guard let path = context.library.tablePath(of: call) ?? context.library.literalPath(of: call) else { return .null }
        return .string(try store.hashes.digest(of: context.resolve(path), verify: verify).hex)
    }
}
