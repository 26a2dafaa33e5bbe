import Diagnostics
import Language

/// The builtins that read a file for each row of a data set, and the argument that holds its path.
let fileBuiltins = ["chgcar": "path", "tensor": "of", "picture": "path"]

extension Call {
    /// The argument that holds the path of the file this call reads; nil where it reads none.
    public var pathArgument: String? {
        guard let name = fileBuiltins[builtin], case .text = self[name] else { return nil }
        return name
    }

    /// Where that path stands in the script.
    public var pathSpan: SourceSpan? { pathArgument.flatMap { span(of: $0) } ?? origin.span }

    /// The path of a source as it was written.
    public var path: Text? {
        guard let name = pathArgument, case .text(let text) = self[name] else { return nil }
        return text
    }

    /// The path of a source where it names one file.
    public var literalPath: String? {
        guard let path, path.placeholders.isEmpty, !path.string.contains("*") else { return nil }
        return path.string
    }
}

/// The calls that read files in a pipeline, each once, in the order in which they stand.
public func fileSources(of value: Value) -> [Call] {
    var found: [Call] = []
    func walk(_ value: Value) {
        switch value {
        case .call(let call):
            if call.path != nil {
                if !found.contains(call) { found.append(call) }
            } else {
                for (_, field) in call.arguments.byName { walk(field.value) }
            }
        case .list(let items): for item in items { walk(item.value) }
        default: break
        }
    }
    walk(value)
    return found
}

/// The files an input of a data set reads: its sources, and for each row the path of each.
public struct InputFiles: Sendable, Hashable {
    public var sources: [Call]
    /// Row, then source.
    public var paths: [[String]]

    /// The path of each source in one row.
    public func choice(row: Int) -> [Call: String] {
        guard paths.indices.contains(row) else { return [:] }
        return Dictionary(zip(sources, paths[row])) { first, _ in first }
    }
}

extension CheckContext {
    /// An input's pipeline with the files of one row put in, checked again: shapes that rest on a file are known then.
    func concrete(_ value: Value, _ choice: [Call: String]) throws -> Value {
        guard case .call(var call) = value else { return value }
        if let path = choice[call], let name = call.pathArgument {
            call.arguments[name]?.value = .text(Text(path))
        } else {
            for name in call.arguments.keys {
                guard let inner = call.arguments[name]?.value, case .call = inner else { continue }
                call.arguments[name]?.value = try concrete(inner, choice)
            }
        }
        guard let builtin = library.builtin(call.builtin) else { return .call(call) }
        return try located(call.origin.span) { try builtin.check?(call, self) ?? .call(call) }
    }

    /// What one item of an input is: its shape and unit, with the files of a row where that is needed.
    func itemType(_ value: Value, _ files: InputFiles, row: Int = 0) throws -> TensorType? {
        guard case .call(let call) = value else { return nil }
        if case .tensor(let type) = call.type, type.shape != nil { return type }
        guard let facts = try facts(of: concrete(value, files.choice(row: row))), let shape = facts.shape else { return nil }
        // A density is one channel of a volume.
        return TensorType(shape: facts.isDensity ? shape + [1] : shape, unit: facts.unit, isLogarithm: facts.isLogarithm)
    }
}
