import Datasets
import Diagnostics
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
    struct Input {
        var pipeline: Value
        var files: InputFiles
        /// What is asked of the files of a row: whether this pipeline gives finite numbers of them.
        var question: String
    }
    var candidates: CheckContext.Candidates
    var inputs: [Input]
}

extension CheckContext {
    /// Uses what is known of files from now on; to be called before anything is checked. Without it a context knows what it read itself.
    public func use(_ facts: FileFacts) { _ = remembered(FactsOfContext()) { facts } }

    /// The rows of the table that a data set leaves out since it says `missing: drop`, and an input of theirs would be refused for NaN
    /// or infinity in it. Their files are read, each once as long as it stays what it is, and only where an input may hold such a number.
    /// `version` is that of the file of the rows. Throws `bad-data` where no row would be left.
    func notFiniteRows(of data: Object, version: Int) throws -> [Int] {
        guard data["missing"].word == "drop", (data["inputs"].record ?? [:]).contains(where: { library.mayGiveNaN($0.value.value) }) else {
            return []
        }
        return try remembered(NotFiniteOfLook(data: data, version: version, look: look), most: 64) {
            let sought = try remembered(CandidatesOf(data: data, version: version)) { try self.sought(in: data) }
            // Looked at before they are read, so that one that changes meanwhile is read again at the next look.
            let files = sought.inputs.reduce(0) { sum, input in
                input.files.paths.joined().reduce(sum) { $0 + self.version(ofFile: $1) }
            }
            return try remembered(NotFiniteOfFiles(data: data, version: version, files: files), most: 64) {
                try notFiniteRows(sought, of: data)
            }
        }
    }

    private func sought(in data: Object) throws -> Sought {
        let candidates = try candidates(of: data)
        let ground = candidates.ground
        var inputs: [Sought.Input] = []
        for (name, field) in ground.inputs.byName where library.mayGiveNaN(field.value) {
            let files = try self.files(field, ground.sources[name] ?? [], table: ground.table, rows: candidates.rows, data: data)
            // A folder of something else shows here, before all of it is read.
            try checkHeaders(name, field, files, itemType(field.value, files))
            inputs.append(Sought.Input(pipeline: field.value, files: files, question: "finite 1 \(source(of: field.value))"))
        }
        return Sought(candidates: candidates, inputs: inputs)
    }

    private func notFiniteRows(_ sought: Sought, of data: Object) throws -> [Int] {
        let facts = remembered(FactsOfContext()) { FileFacts(nil) }
        let reader = RowReader(self)
        let rows = sought.candidates.rows
        var found: [Int] = []
        var first: (row: Int, file: String?)?
        for (position, row) in rows.enumerated() {
            for input in sought.inputs where input.files.paths.indices.contains(position) {
                try stopIfAsked("looking for NaN in the inputs of `\(data.label ?? "dataset")`")
                let paths = input.files.paths[position]
                let isFinite = try facts.answer(input.question, about: paths) {
                    do {
                        let choice = input.files.choice(row: position)
                        return try ComputeContext(source: reader, files: choice, asksForNaN: true).item(input.pipeline).values
                            .allSatisfy(\.isFinite)
                    } catch is NotFinite {
                        return false
                    }
                }
                guard !isFinite else { continue }
                found.append(row)
                first = first ?? (row, paths.first)
                break
            }
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

/// The source of results for the items of rows while a script is checked, when there are files and no results.
private final class RowReader: ResultSource {
    private let context: CheckContext

    init(_ context: CheckContext) { self.context = context }

    var library: Library { context.library }
    func plan(of data: Object) throws -> DatasetPlan { try context.plan(of: data) }
    func resolve(_ path: String) -> String { context.resolve(path) }
    func table(_ call: Call) throws -> Table { try context.table(call) }
    func column(_ call: Call) throws -> (values: [Double], unit: String?) { try context.column(call) }
    // No key rests on what is read here, and what is remembered of it is remembered of the file as it was.
    func confirm(_ path: String) throws {}

    func raw(_ input: String, of data: Object) throws -> Tensor { throw isNoResult }
    func result(of experiment: Object) throws -> RunResult { throw isNoResult }
    func courses(of experiment: Object) throws -> [TrainingCourse] { throw isNoResult }
    func trials(of experiment: Object) throws -> [TrialRecord] { throw isNoResult }
    func search(of experiment: Object) throws -> ExperimentSearch { throw isNoResult }
    func folds(of experiment: Object) throws -> [RunResult] { throw isNoResult }
    func score(of experiment: Object, on monitor: Training.Monitor) throws -> Double { throw isNoResult }
    func outOfFold(of experiment: Object) throws -> RunResult.Part { throw isNoResult }
    func machines(of experiment: Object) throws -> [MachineRun] { throw isNoResult }

    /// An input is made from the files of its row alone, which the check made sure of before.
    private var isNoResult: Diagnostic { Diagnostic("internal", "an input of a data set rests on a result") }
}
