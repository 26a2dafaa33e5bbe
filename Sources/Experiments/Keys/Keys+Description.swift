import Builtins
import Language
import Storage

extension Keys {
    /// The description of a data set with the inputs that are used: what its key is a hash of, with the names that stand in the script,
    /// and hashes of the files row by row. No part of any key.
    func description(of data: Object, inputs names: [String]) throws -> JSONValue {
        let plan = try context.plan(of: data)
        var inputs: [String: JSONValue] = [:]
        for name in names {
            guard let input = plan.input(name) else { continue }
            let hashes = try input.items.map { item in
                // Enough to tell one file from another.
                JSONValue.string(
                    try item.files.map { String(try store.hashes.digest(of: $0, verify: verify).hex.prefix(16)) }.joined(separator: " "))
            }
            if !input.columns.isEmpty {
                let cells = try input.items.map {
                    JSONValue.string(try $0.cells.map { String(try sha256($0).hex.prefix(16)) }.joined(separator: " "))
                }
                inputs[name] = .object(["pipeline": try json(input.pipeline, sources: []), "files": .array(cells)])
                continue
            }
            inputs[name] = .object(["pipeline": try json(input.pipeline, sources: input.sources), "files": .array(hashes)])
        }
        return .object([
            "column": .string(plan.column), "transform": .string(plan.transform.rawValue), "scale": .string(plan.scale.rawValue),
            "split": try json(data.split.map { .call($0) } ?? .none), "ids": .array(plan.ids.map { .string($0) }),
            "targets": .array(plan.targets.map { .number($0) }),
            "parts": .object(
                Dictionary(uniqueKeysWithValues: partNames.map { ($0, .array(plan.parts.rows(of: $0).map { .integer($0) })) })),
            "inputs": .object(inputs),
        ])
    }
}
