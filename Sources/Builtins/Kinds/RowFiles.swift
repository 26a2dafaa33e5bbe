import Datasets
import Diagnostics
import Language
import Tensors

/// The files an input of a data set reads: its sources, and for each row the path of each.
public struct InputFiles: Sendable, Hashable {
    /// Calls that read a file of a row, such as `chgcar(...)`.
    public var sources: [Call]
    /// Paths of the files, by row and then by source.
    public var paths: [[String]]

    /// The path of each source in one row.
    public func choice(row: Int) -> [Call: String] {
        guard paths.indices.contains(row) else { return [:] }
        return Dictionary(zip(sources, paths[row])) { first, _ in first }
    }
}

extension CheckContext {
    /// An input's pipeline with the files of one row put in, checked again: shapes that rest on a file are known then.
    func resolved(_ value: Value, forRow choice: [Call: String]) throws -> Value {
        if case .list(let items) = value {
            return .list(try items.map { ListItem(try resolved($0.value, forRow: choice), labels: $0.labels) })
        }
        guard case .call(var call) = value else { return value }
        if let path = choice[call], let name = library.pathArgument(of: call) {
            call.arguments[name]?.value = .text(Text(path))
        } else {
            for name in call.arguments.keys {
                guard let inner = call.arguments[name]?.value else { continue }
                call.arguments[name]?.value = try resolved(inner, forRow: choice)
            }
        }
        guard let builtin = library.builtin(call.builtin) else { return .call(call) }
        return try located(call.origin.span) { try builtin.check?(call, self) ?? .call(call) }
    }

    /// The shape and unit of one item of an input, with the files of a row where that is needed; nil where they are not known.
    func itemType(_ value: Value, _ files: InputFiles, row: Int = 0) throws -> TensorType? {
        guard case .tensor(let type)? = value.call?.type else { return nil }
        // Of densities the cells of each row have to go together.
        if type.shape != nil, type.cell == nil { return type }
        guard case .tensor(let known)? = try resolved(value, forRow: files.choice(row: row)).call?.type, let shape = known.shape else {
            return nil
        }
        // A density is one channel of a volume, whatever cell it is of: rows are of different crystals.
        return known.with(shape: known.cell == nil ? shape : shape + [1], unit: known.unit)
    }
}
