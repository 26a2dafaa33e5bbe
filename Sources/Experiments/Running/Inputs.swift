import Builtins
import Datasets
import Diagnostics
import Engine
import Language
import Storage
import Tensors

extension Runner {
    /// All items of an input as one tensor, read from its files once and then from the cache.
    public func raw(_ name: String, of data: Object) throws -> Tensor { try items(of: name, in: data).tensor() }

    /// The items of an input, read from its files once and then from the cache. A large input is not held in memory: its items are
    /// read from the cache as they are needed.
    public func items(of name: String, in data: Object) throws -> Items {
        let plan = try plan(of: data)
        let key = try keys.input(name, of: plan)
        if let known = inputs[key] { return known }
        let kept = try cachedItems(key)
        // The numbers are those of then, and so is what was odd about them.
        if kept != nil, let input = plan.input(name) {
            for warning in input.summed(keptWarnings(of: key, at: input.span), of: plan) { warn(warning) }
        }
        let items = try kept ?? computedItems(name, plan, data, key)
        inputs[key] = items
        return items
    }

    /// The items that are kept under a key; nil where there are none. Those that cannot be used are removed.
    private func cachedItems(_ key: Digest) throws -> Items? {
        if let items = try usableItems(key) { return items }
        if store.cache.has(key) { try store.cache.remove(key) }
        return nil
    }

    private func usableItems(_ key: Digest) throws -> Items? {
        if let size = store.cache.size(of: Self.inputFile, in: key), size > heldInput {
            return try whole(key) { try store.cache.items(Self.inputFile, tensor: Self.inputName, of: key) }.map { Items($0) }
        }
        guard let found = try cachedTensors(Self.inputFile, of: key)?[Self.inputName], case .float(let values) = found.values,
            values.allSatisfy(\.isFinite)
        else { return nil }
        return try Items(Tensor(shape: Shape(found.shape), values: values))
    }

    private static let inputFile = "input.safetensors"
    private static let inputName = "input"
    /// The hashes of the files of each row, in the order of the items.
    private static let rowsFile = "rows.json"
    /// The warnings that there were about the numbers of each item, such as electrons that a regridding lost, by the places of the items.
    private static let warningsFile = "warnings.json"

    /// The warnings that there were when the items of an entry were made.
    private func keptWarnings(of key: Digest, at span: SourceSpan?) -> [Int: [Diagnostic]] {
        guard let bytes = try? store.cache.bytes(Self.warningsFile, of: key),
            let kept: [String: [Diagnostic]] = try? JSONValue(parsing: bytes).decoded()
        else { return [:] }
        // Where they stood in the script of then is not where they stand now.
        var warnings: [Int: [Diagnostic]] = [:]
        for (row, found) in kept {
            guard let row = Int(row) else { continue }
            warnings[row] = found.map { warning in
                var warning = warning
                warning.span = span
                return warning
            }
        }
        return warnings
    }

    /// Reads the files of an input on all cores, and keeps the items in the cache as they come.
    private func computedItems(_ name: String, _ plan: DatasetPlan, _ data: Object, _ key: Digest) throws -> Items {
        guard let input = plan.input(name) else {
            throw Diagnostic("no-input", "`\(plan.label)` has no input `\(name)`", at: data.span(of: "inputs"))
        }
        if !plan.notFinite.isEmpty, context.isFirst(NotFiniteOf(plan: plan.identity)) {
            let rows = plan.notFinite.count == 1 ? "1 row" : "\(plan.notFinite.count) rows"
            reporter.note("\(rows) of `\(plan.label)` left out, \(plan.reason): \(plan.notFiniteNames)")
        }
        if !input.columns.isEmpty { return try itemsOfColumns(input, plan, key) }
        let rows = try keys.contents(name, of: plan).map { $0.map(\.hex).joined(separator: " ") }
        let kin = try keys.pipeline(of: input)
        let known = try knownItems(of: rows, kin, at: input.span)
        let unread = (input.items.count - known.count) * input.sources.count
        let files = unread == 1 ? "1 file" : "\(unread) files"
        let there = known.isEmpty ? "" : known.count == 1 ? "; 1 row is in the store" : "; \(known.count) rows are in the store"
        reporter.note("reading \(files) for `\(plan.label).inputs.\(name)`" + there)
        let reader = RowReader(library: library, folder: context.folder, threads: Program.threads)
        var held: [Float]?
        var shape: Shape?
        var warnings: [String: [Diagnostic]] = [:]
        try store.cache.insert(key) { folder in
            try stopIfAsked("reading")
            guard plan.count > 0 else { throw Diagnostic("shape", "expected items to stack, found none") }
            // The first row tells the shape of all where the check could not.
            let one =
                try input.type?.shape.map { Shape($0) } ?? known.values.first?.items.shape
                ?? located(input.span) { try reader.item(input, row: 0) }.shape
            shape = one
            let bytes = one.count.multipliedReportingOverflow(by: plan.count * MemoryLayout<Float>.stride)
            held = !bytes.overflow && bytes.partialValue <= heldInput ? [] : nil
            held?.reserveCapacity(one.count * plan.count)
            let path = joined(folder, Self.inputFile)
            try writeItems(Self.inputName, count: plan.count, shape: one.extents, to: path) { send in
                try reader.read(
                    input, of: plan, known: known, between: { try self.stopIfAsked("reading") },
                    keep: { warnings["\($0)"] = $1 }, warn: { self.warn($0) }
                ) { row, item in
                    for (source, file) in zip(input.sources, input.items[row].files) {
                        try located(source.origin.span) { try self.confirm(file) }
                    }
                    guard item.shape == one else {
                        throw Diagnostic("shape", "expected items of shape \(one), found one of shape \(item.shape)")
                    }
                    try item.withUnsafeBuffer(send)
                    held?.append(contentsOf: item.values)
                }
            }
            for call in input.pipeline.collect({ $0.call }) {
                guard let further = try library.furtherFiles(of: call, in: context) else { continue }
                for path in further.paths { try located(call.origin.span) { try confirm(path) } }
            }
            try writeWhole(JSONValue.array(rows.map { .string($0) }).canonical, to: joined(folder, Self.rowsFile))
            if !warnings.isEmpty { try writeWhole(JSONValue(encoding: warnings).canonical, to: joined(folder, Self.warningsFile)) }
        }
        try store.cache.add(key, to: kin)
        if let held, let shape { return try Items(Tensor(shape: Shape([plan.count] + shape.extents), values: held)) }
        guard let items = try cachedItems(key) else {
            throw Diagnostic(
                "cannot-read", "expected the input that was read a moment ago, found none", data: DataPlace(file: store.cache.root))
        }
        return items
    }

    /// The items of an input that is made of columns, all rows at once.
    private func itemsOfColumns(_ input: DatasetInput, _ plan: DatasetPlan, _ key: Digest) throws -> Items {
        let tensor = try located(input.span) { try ComputeContext(source: self, rows: plan.rows).itemsOfColumns(input) }
        let items = try Items(tensor)
        for row in 0..<items.count { try items.withItem(row) { try input.checkFinite($0, of: plan, row: row) } }
        try store.cache.insert(key) { folder in
            try writeItems(
                Self.inputName, count: plan.count, shape: items.shape.extents, to: joined(folder, Self.inputFile)
            ) { send in try tensor.withUnsafeBuffer(send) }
        }
        return items
    }

    /// The items of rows that another input has, of the same files and by the same pipeline: where files are added to a folder, only
    /// those are read.
    private func knownItems(of rows: [String], _ kin: Digest, at span: SourceSpan?) throws -> [Int: KnownItem] {
        var missing = Dictionary(rows.indices.map { (rows[$0], [$0]) }, uniquingKeysWith: +)
        var known: [Int: KnownItem] = [:]
        for other in store.cache.keys(of: kin) where !missing.isEmpty {
            // A damaged entry is none: it is found and made anew where it is asked for.
            guard let bytes = try? store.cache.bytes(Self.rowsFile, of: other),
                let names = (try? JSONValue(parsing: bytes))?.arrayValue?.map({ $0.stringValue ?? "" }),
                names.contains(where: { missing[$0] != nil }),
                let file = try? store.cache.items(Self.inputFile, tensor: Self.inputName, of: other), file.shape.first == names.count
            else { continue }
            try stopIfAsked("reading")
            let items = Items(file)
            let warnings = keptWarnings(of: other, at: span)
            for (place, name) in names.enumerated() {
                let told = warnings[place] ?? []
                for row in missing.removeValue(forKey: name) ?? [] { known[row] = KnownItem(items: items, place: place, warnings: told) }
            }
        }
        return known
    }

    /// Samples of all rows, inputs scaled and targets in the space of training.
    func samples(of training: Experiment) throws -> (Samples, TargetSpace) {
        let plan = training.plan
        let rows = training.parts.train
        let space = try targetSpace(of: plan, training: rows)
        var inputs: [String: Items] = [:]
        for name in training.network.inputs.map(\.name) {
            let items = try items(of: name, in: training.data)
            let isFitted = plan.input(name)?.isFitted == true
            inputs[name] = isFitted ? try items.scaled(by: InputScaler(fitting: items, training: rows)) : items
        }
        let targets = try Tensor(shape: [plan.count, 1], values: plan.targets.map { Float(space.forward($0)) })
        return (try Samples(ids: plan.ids, inputs: inputs, targets: targets), space)
    }
}

/// Key of the note on rows that were left out, said once for each plan.
private struct NotFiniteOf: Hashable { var plan: DatasetPlan.Identity }
