import Datasets
import Diagnostics
import Engine
import Language
import Storage
import Tensors
import Training

/// Key of the rows that may be used, with their files, as long as the file of the rows is what it was.
private struct CandidatesOf: Hashable {
    var data: Object
    var version: Int
}
/// Key of the rows with NaN, as they were found at one look at the files.
private struct NotFiniteOfLook: Hashable {
    var data: Object
    var version: Int
    var look: Int
}
/// Key of the rows with NaN in files of one state: the sum of their versions, which only grow.
private struct NotFiniteOfFiles: Hashable {
    var data: Object
    var version: Int
    var files: Int
}
/// Key of the facts of files that a context uses.
private struct FactsOfContext: Hashable {}

/// The rows that may be used, and the inputs whose numbers have to be looked at.
private struct Sought {
    var candidates: CheckContext.Candidates
    var inputs: [SoughtInput]
}

/// An input whose numbers have to be looked at.
private struct SoughtInput: Sendable {
    var input: DatasetInput
    /// What is asked of the files of a row: whether the pipeline gives finite numbers of them.
    var question: String
}

extension CheckContext {
    /// Uses what is known of files from now on; to be called before anything is checked. Without it a context knows what it read itself.
    public func use(_ facts: FileFacts) { _ = remembered(FactsOfContext()) { facts } }

    /// What is known of files.
    var facts: FileFacts { remembered(FactsOfContext()) { FileFacts(nil) } }

    /// The rows of the table that a data set leaves out since it says `missing: drop`, and an input of theirs would be refused for NaN
    /// or infinity in it. Their files are read, each once as long as it stays what it is, and only where an input may hold such a number.
    /// `version` is that of the file of the rows. Throws `bad-data` where no row would be left.
    func notFiniteRows(of data: Object, version: Int) throws -> [Int] {
        let pipelines = (data[field: "inputs"].record ?? [:]).map(\.value.value)
        guard data[field: "missing"].word == "drop",
            pipelines.contains(where: { library.mayGiveNaN($0) || !library.columnsOfRow($0).isEmpty })
        else {
            return []
        }
        return try remembered(NotFiniteOfLook(data: data, version: version, look: look), most: 64) {
            let sought = try remembered(CandidatesOf(data: data, version: version)) { try self.sought(in: data) }
            // Looked at before they are read, so that one that changes meanwhile is read again at the next look.
            let files = sought.inputs.reduce(0) { sum, input in
                input.input.items.lazy.flatMap(\.files).reduce(sum) { $0 + self.version(ofFile: $1) }
            }
            return try remembered(NotFiniteOfFiles(data: data, version: version, files: files), most: 64) {
                try notFiniteRows(sought, of: data)
            }
        }
    }

    private func sought(in data: Object) throws -> Sought {
        let candidates = try candidates(of: data)
        let ground = candidates.ground
        var inputs: [SoughtInput] = []
        for (name, field) in ground.inputs.byName where library.mayGiveNaN(field.value) && library.columnsOfRow(field.value).isEmpty {
            var input = try self.input(name, field, ground, rows: candidates.rows, data: data)
            input.type = try itemType(input)
            // A folder of something else shows here, before all of it is read.
            try checkHeaders(input)
            inputs.append(SoughtInput(input: input, question: "finite 1 \(source(of: field.value))"))
        }
        return Sought(candidates: candidates, inputs: inputs)
    }

    private func notFiniteRows(_ sought: Sought, of data: Object) throws -> [Int] {
        let facts = facts
        let reader = RowReader(library: library, folder: folder, threads: Program.threads)
        let rows = sought.candidates.rows
        let inputs = sought.inputs
        let ground = sought.candidates.ground
        let missing = try rowsWithoutValue(ground.inputs, of: ground.table)
        var found: [Int] = []
        var first: (row: Int, file: String?)?
        /// The first file of the first input of a row that gives NaN or infinity; nil where none does.
        @Sendable func notFinite(_ position: Int) throws -> RowItem? {
            if missing.contains(rows[position]) { return RowItem(files: []) }
            for sought in inputs where sought.input.items.indices.contains(position) {
                let item = sought.input.items[position]
                let isFinite = try facts.answer(sought.question, about: item.files) {
                    do {
                        return try reader.item(sought.input, row: position, asksForNaN: true).values.allSatisfy(\.isFinite)
                    } catch is NotFinite {
                        return false
                    }
                }
                if !isFinite { return item }
            }
            return nil
        }
        let stop = { try self.stopIfAsked("looking for NaN in the inputs of `\(data.label ?? "dataset")`") }
        try reader.inOrder(Array(rows.indices), between: stop, notFinite) { position, item in
            guard let item else { return }
            found.append(rows[position])
            first = first ?? (rows[position], item.files.first)
        }
        guard let first, found.count == rows.count else { return found }
        throw Diagnostic(
            "bad-data",
            """
            every row\(rows.count < sought.candidates.ground.rows.count ? " with a target" : "") has NaN or infinity in an input, \
            the first is `\(sought.candidates.ground.ids[first.row])`
            """,
            at: data.span(of: "inputs"), data: first.file.map { DataPlace(file: $0) }, hint: "put the files right: no row would be left")
    }
}
