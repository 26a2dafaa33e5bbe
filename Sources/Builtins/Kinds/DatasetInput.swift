import Datasets
import Diagnostics
import Language
import Tensors

/// An input of a data set, resolved: what is done to the files of a row, and which files those are.
public struct DatasetInput: Sendable {
    /// Name of the input.
    public var name: String
    /// Pipeline of the input as it is written, and its place: what is done to the files of a row.
    public var field: Field
    /// Calls that read a file of a row, such as `chgcar(...)`.
    public var sources: [Call]
    /// Columns of the rows that the input is made of, such as `row["volume"]`; empty where it is made from files.
    public var columns: [Call] = []
    /// The item of each row, in the order of the data set.
    public var items: [RowItem]
    /// Shape, unit and meaning of one item; nil where they are not known before it is computed.
    public var type: TensorType?
    /// Whether the last step is fitted on the training part.
    public var isFitted: Bool

    /// What is done to the files of a row.
    public var pipeline: Value { field.value }
    /// The place of the input in the script.
    public var span: SourceSpan? { field.origin.span }

    /// The path of each source in one row.
    public func choice(row: Int) -> [Call: String] {
        guard items.indices.contains(row) else { return [:] }
        return Dictionary(zip(sources, items[row].files)) { first, _ in first }
    }

    /// The input with the items of these rows alone.
    func keeping(_ rows: [Int]) -> DatasetInput {
        var result = self
        result.items = rows.compactMap { items.indices.contains($0) ? items[$0] : nil }
        return result
    }
}

/// What an input has of one row.
public struct RowItem: Sendable, Hashable {
    /// Path of the file that each source of the input reads, in the order of the sources.
    public var files: [String]
    /// Cell of each column that the input is made of, in the order of the columns.
    public var cells: [String] = []
}

extension CheckContext {
    /// An input's pipeline with the files of one row put in, checked again: shapes that rest on a file are known then.
    func resolved(_ value: Value, forRow choice: [Call: String]) throws -> Value {
        try checkedAgain(value) { call in
            guard let path = choice[call], let name = library.pathArgument(of: call) else { return nil }
            var call = call
            call.arguments[name]?.value = .text(Text(path))
            return call
        }
    }

    /// A pipeline with some of its calls replaced, and all others that hold one checked again from the inside out. `replacing` gives nil
    /// for a call that stays.
    func checkedAgain(_ value: Value, replacing: (Call) -> Call?) throws -> Value {
        if case .list(let items) = value {
            return .list(try items.map { ListItem(try checkedAgain($0.value, replacing: replacing), labels: $0.labels) })
        }
        guard case .call(var call) = value else { return value }
        if let other = replacing(call) {
            call = other
        } else {
            for name in call.arguments.keys {
                guard let inner = call.arguments[name]?.value else { continue }
                call.arguments[name]?.value = try checkedAgain(inner, replacing: replacing)
            }
        }
        guard let builtin = library.builtin(call.builtin) else { return .call(call) }
        return try located(call.origin.span) { try builtin.check?(call, self) ?? .call(call) }
    }

    /// The shape and unit of the item that an input has of a row, with its files where those are needed; nil where they are not known.
    func itemType(_ input: DatasetInput, row: Int = 0) throws -> TensorType? {
        if !input.columns.isEmpty { return itemTypeOfColumns(input) }
        guard case .tensor(let type)? = input.pipeline.call?.type else { return nil }
        // Of densities the cells of each row have to go together.
        if type.shape != nil, type.cell == nil { return type }
        guard case .tensor(let known)? = try resolved(input.pipeline, forRow: input.choice(row: row)).call?.type, let shape = known.shape
        else { return nil }
        // A density is one channel of a volume, whatever cell it is of: rows are of different crystals.
        return known.with(shape: known.cell == nil ? shape : shape + [1], unit: known.unit)
    }
}

extension CheckContext {
    /// Checks the headers of the first files of an input, and that its items have one shape.
    func checkHeaders(_ input: DatasetInput) throws {
        // Headers of the first files: a folder of something else shows at once, and a network disk is not read twice over.
        for (row, item) in input.items.prefix(24).enumerated() {
            for (source, path) in zip(input.sources, item.files) { try checkHeader(source, path) }
            guard let wanted = input.type?.shape, let found = try itemType(input, row: row)?.shape, found != wanted else { continue }
            throw Diagnostic(
                "shape",
                """
                expected items of one shape in the input `\(input.name)`, found \(wanted.asShape) in the first row \
                and \(found.asShape) in another
                """,
                at: input.span, data: item.files.first.map { DataPlace(file: $0) })
        }
    }

    /// Reads the header of a file of a row.
    private func checkHeader(_ call: Call, _ path: String) throws {
        guard case .source(_, let read)? = library.role(of: call) else { return }
        _ = try located(library.pathSpan(of: call)) { try read(call, path, self) }
    }
}
