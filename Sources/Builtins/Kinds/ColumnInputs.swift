import Datasets
import Diagnostics
import Language
import Tensors

/// Inputs of a data set that are made of columns of its rows, `row["volume"]`: numbers, and texts that an encoder reads.
extension CheckContext {
    /// Checks an input that is made of columns, and says whether it is one. What such an input has of a row rests on that row alone:
    /// a mean of a column would rest on the holdout too. Throws `type` and `other-rows`.
    func checkColumnInput(_ name: String, _ field: Field) throws -> Bool {
        guard !library.columnsOfRow(field.value).isEmpty else { return false }
        if let file = library.fileSources(of: field.value).first {
            throw Diagnostic(
                "type", "the input `\(name)` is made from files of a row or from columns, not from both",
                at: file.origin.span ?? field.origin.span, hint: "give each an input of its own: a model joins them with `concatenate`")
        }
        guard !field.value.isColumn else {
            throw Diagnostic(
                "type", "the input `\(name)` is text, and a network reads numbers", at: field.origin.span,
                hint: "make tokens of it, `tokens(encoder, row[...])`, or vectors, `embed(encoder, row[...])`")
        }
        try checkRowsAlone(field.value, of: name, at: field.origin.span)
        return true
    }

    private func checkRowsAlone(_ value: Value, of input: String, at span: SourceSpan?) throws {
        if let call = value.call {
            if library.isOfRow(call) { return }
            let source = call["x"]
            if source.object != nil || source.call.map(library.givesRows) ?? false {
                let name = call["name"].string ?? "name"
                throw Diagnostic(
                    "other-rows", "expected a column of the data set's own rows, found `\(name)` of another table",
                    at: call.origin.span ?? span, hint: "write `row[\"\(name)\"]`, or bring both together with `join`")
            }
            guard let word = library.computed(call), word.takesRowsAlone else {
                throw Diagnostic(
                    "type",
                    "expected something that is made of each row alone in the input `\(input)`, found `\(call.builtin)`, which takes more",
                    at: call.origin.span ?? span, hint: "`standardize`, as the last step, is fitted on the training part")
            }
        }
        // What an encoder or another object holds is no part of the rows.
        if value.object != nil { return }
        for child in value.children { try checkRowsAlone(child, of: input, at: span) }
    }

    /// An input of columns with the cells of these rows, those that are left out not among them. Throws `bad-data` where one is empty,
    /// and what the steps throw.
    func columnInput(_ name: String, _ field: Field, _ table: Table, rows: [Int], data: Object) throws -> DatasetInput {
        // Rows may have been given anew since the input was written.
        let value = try resolved(field.value, forTable: data[field: "rows"])
        let columns = library.columnsOfRow(value)
        var cells = [[String]](repeating: [], count: rows.count)
        for call in columns {
            let column = try located(call.span(of: "name")) { try table.column(call["name"].string ?? "") }
            let missing = rows.filter { column.isMissing($0) }
            if let first = missing.first {
                throw Diagnostic(
                    "bad-data",
                    "expected a \(column.numbers == nil ? "text" : "number") in column `\(column.name)` of each row, found none in "
                        + (missing.count == 1 ? "one" : "\(missing.count) of \(rows.count)"),
                    at: call.origin.span ?? field.origin.span, data: table.place(ofRow: first),
                    hint: "say `missing: drop` to leave such rows out")
            }
            for (place, row) in rows.enumerated() { cells[place].append(column.text(row)) }
        }
        // What is made of numbers is known at once; encoders take longer, and give numbers of every text.
        if !value.contains(where: { $0.object != nil }), !rows.isEmpty {
            _ = try located(field.origin.span) { try ComputeContext(source: TablesAlone(self), rows: rows).array(value) }
        }
        return DatasetInput(
            name: name, field: Field(value, field.origin), sources: [], columns: columns,
            items: cells.map { RowItem(files: [], cells: $0) }, type: nil, isFitted: library.isFitted(value))
    }

    /// The rows of a table that have no value in one of the columns that inputs are made of.
    func rowsWithoutValue(_ inputs: Fields, of table: Table) throws -> Set<Int> {
        var found: Set<Int> = []
        for field in inputs.map(\.value) {
            for call in library.columnsOfRow(field.value) {
                let column = try located(call.span(of: "name")) { try table.column(call["name"].string ?? "") }
                found.formUnion((0..<table.count).filter { column.isMissing($0) })
            }
        }
        return found
    }

    /// The steps with another table in place of that whose rows are at hand, checked again.
    private func resolved(_ value: Value, forTable table: Value) throws -> Value {
        try checkedAgain(value) { call in
            guard case .atHand? = library.role(of: call) else { return nil }
            var call = call
            call.arguments["rows"]?.value = table
            return call
        }
    }

    /// The shape and unit of what an input of columns has of a row: a number is a vector of one.
    func itemTypeOfColumns(_ input: DatasetInput) -> TensorType? {
        guard case .tensor(let type)? = input.pipeline.call?.type, let shape = type.shape, !shape.isEmpty else { return nil }
        let item = Array(shape.dropFirst())
        return type.with(shape: item.isEmpty ? [1] : item, unit: type.unit)
    }
}

extension ComputeContext {
    /// All items of an input that is made of columns: rows x shape of one item. Throws `type` for text, and what the steps throw.
    public func itemsOfColumns(_ input: DatasetInput) throws -> Tensor {
        let tensor = try array(input.pipeline).array.tensor()
        return tensor.shape.rank == 1 ? try Tensor(shape: Shape(tensor.shape.extents + [1]), values: tensor.values) : tensor
    }
}
