import Densities
import Language

/// The meaning of a word whose calls are computed: tables, figures, numbers.
struct ComputedWord: HasRole {
    /// Role of the word: where it may stand, and what it reads.
    var role: Role
    /// Whether a call gives finite numbers where it is given such: of a source, whether its files hold nothing else, as pictures do.
    /// Numbers so large that a sum of them overflows are no matter: a file that may hold them may hold NaN too.
    var keepsFinite: @Sendable (Call) -> Bool
    /// Computes the result of a call.
    var compute: @Sendable (Call, ComputeContext) throws -> Computed
    /// The experiments behind the rows of a table; nil for other words.
    var rows: ExperimentRows?
    /// The name of the numbers in a figure; nil for other words.
    var label: (@Sendable (Call) -> String?)?
    /// The numbers of a call in order, where the check knows them before anything is computed; nil for other words.
    var known: (@Sendable (Call, CheckContext) throws -> [Double]?)?
    /// The least bytes that computing a call takes at one time, for a word that does not compute all of its arguments; nil for others.
    var taken: (@Sendable (Call, CheckContext) throws -> Double?)?
    /// What `show` says of a call beside its numbers, such as of the file that a source reads; nil for other words.
    var remarks: (@Sendable (Call, ComputeContext) throws -> FileRemarks)?
    /// Reads the whole file of a call that gives a part of it, to be written again; nil for other words.
    var whole: (@Sendable (Call, _ path: String) throws -> VolumetricFile)?
    /// Arguments that the word did not always have, each with the value that gives what it gave before: keys leave those out.
    var later: [String: Value] = [:]
    /// Files that a call reads besides those of rows; nil for other words.
    var further: FurtherFiles?
    /// The plane that a call cuts through a crystal, in words that hold for every row of a data set; nil for other words.
    var plane: (@Sendable (Call) -> String)?
    /// The texts of a call that gives a column of text; nil for other words.
    var texts: (@Sendable (Call, ComputeContext) throws -> [String])?
    /// What an encoder is asked for in a call, and of which texts; nil for other words.
    var encodes: (@Sendable (Call, ComputeContext) throws -> (question: TextQuestion, texts: [String]))?
    /// Whether what a call gives of a row of a table rests on that row alone, so that it may stand in an input of a data set that is
    /// made of columns; false for a mean, which rests on all rows, those of the holdout too.
    var takesRowsAlone = false
    /// The columns of the table that a call gives, where the check knows them before it is computed; nil for other words.
    var columns: (@Sendable (Call, CheckContext) throws -> [ResultTable.Column])?
    /// The experiment and the data set for whose rows a call predicts, which have to go together; nil for other words.
    var predicts: (@Sendable (Call) -> (experiment: Object, data: Object)?)?
    /// What a call that gives a condition asks of each row; nil for other words.
    var asks: (@Sendable (Call) -> Question)?
}

/// Files that a call reads besides those of rows, such as tables of free atoms: their contents are a part of its key.
struct FurtherFiles: Sendable {
    /// Name of the argument that says where they are.
    var argument: String
    /// The absolute paths of the files of a call, in an order that rests on their names alone.
    var paths: @Sendable (Call, CheckContext) throws -> [String]
}

/// What is to be said of a file beside the numbers that were asked for.
struct FileRemarks {
    /// Which part of the file was taken, such as `image 3 of 3`; empty where there is no other.
    var choice: [String] = []
    /// What else it holds, and what is wrong with it.
    var others: [String] = []

    var all: [String] { choice + others }
}

/// A table that has rows for each of several experiments, which other tables can stand beside.
struct ExperimentRows: Sendable {
    /// Plural noun for what the rows belong to: `experiments`, or another.
    var noun: String
    /// Whether the rows are the recorded runs of a training: the table changes with the runs that there are.
    var restsOnRecordedRuns = false
    /// The experiments with their labels, as far as the check knows them, and the names of all labels.
    var known: @Sendable (Call) -> (items: [ListItem], labels: [String])
    /// Computes the table with the experiment of each row.
    var compute: @Sendable (Call, ComputeContext) throws -> OwnedRows
}

/// A table with the experiment that each of its rows is of.
struct OwnedRows {
    var table: ResultTable
    /// Position in `items` of the experiment that each row is of; nil in the rows of baselines.
    var owners: [Int?]
    /// Experiments, with their labels.
    var items: [ListItem]
}

extension Word where Meaning == ComputedWord {
    /// Creates a word with a role and the closure that computes its calls. `keepsFinite`: by default its numbers may be
    /// NaN or infinite.
    init(
        _ name: String, family: String, _ parameters: [Parameter], gives result: ValueType, _ summary: String, examples: [Example] = [],
        role: Role = .result, check: (@Sendable (Call, CheckContext) throws -> Value)? = nil,
        rows: ExperimentRows? = nil,
        label: (@Sendable (Call) -> String?)? = nil, knows known: (@Sendable (Call, CheckContext) throws -> [Double]?)? = nil,
        takes taken: (@Sendable (Call, CheckContext) throws -> Double?)? = nil,
        keepsFinite: @escaping @Sendable (Call) -> Bool = { _ in false },
        remarks: (@Sendable (Call, ComputeContext) throws -> FileRemarks)? = nil,
        whole: (@Sendable (Call, _ path: String) throws -> VolumetricFile)? = nil,
        later: [String: Value] = [:], further: FurtherFiles? = nil, cuts plane: (@Sendable (Call) -> String)? = nil, row: String? = nil,
        takesRowsAlone: Bool = false,
        texts: (@Sendable (Call, ComputeContext) throws -> [String])? = nil,
        encodes: (@Sendable (Call, ComputeContext) throws -> (question: TextQuestion, texts: [String]))? = nil,
        asks: (@Sendable (Call) -> Question)? = nil,
        columns: (@Sendable (Call, CheckContext) throws -> [ResultTable.Column])? = nil,
        predicts: (@Sendable (Call) -> (experiment: Object, data: Object)?)? = nil,
        computes compute: @escaping @Sendable (Call, ComputeContext) throws -> Computed
    ) {
        let word = ComputedWord(
            role: role, keepsFinite: keepsFinite, compute: compute, rows: rows, label: label, known: known, taken: taken,
            remarks: remarks, whole: whole, later: later, further: further, plane: plane, texts: texts, encodes: encodes,
            takesRowsAlone: takesRowsAlone, columns: columns, predicts: predicts, asks: asks)
        builtin = Builtin(
            name, family: family, parameters, gives: result, summary, examples: examples, check: check, row: row, meaning: word)
    }
}

extension Library {
    /// The meaning of a call that is computed; nil for a word that is not.
    func computed(_ call: Call) -> ComputedWord? { builtin(call.builtin)?.meaning as? ComputedWord }

    /// Whether there is a result of the call to compute.
    public func isComputed(_ call: Call) -> Bool { computed(call) != nil }

    /// The call as its key has it: without the arguments that say what its word did before it had them.
    public func keyed(_ call: Call) -> Call {
        guard let later = computed(call)?.later, !later.isEmpty else { return call }
        var result = call
        result.arguments = Fields(call.arguments.filter { later[$0.key] != $0.value.value }.map { ($0.key, $0.value) })
        return result
    }

    /// The argument and the absolute paths of the files that a call reads besides those of rows; nil where there are none.
    public func furtherFiles(of call: Call, in context: CheckContext) throws -> (argument: String, paths: [String])? {
        guard let further = computed(call)?.further else { return nil }
        return (further.argument, try further.paths(call, context))
    }

    /// The experiment and the data set for whose rows a call predicts; nil for a call that predicts nothing.
    public func prediction(of call: Call) -> (experiment: Object, data: Object)? { computed(call)?.predicts?(call) }

    /// Whether a pipeline may give NaN or infinity, so that only its numbers tell.
    func mayGiveNaN(_ pipeline: Value) -> Bool { pipeline.contains { $0.call.map { computed($0)?.keepsFinite($0) != true } ?? false } }
}

extension ComputeContext {
    /// The lines that `show` prints of a density beside its numbers: what is to be said of its file; of what is made from several files
    /// which part of each was taken.
    public func remarks(on value: Value) throws -> [String] {
        // Whoever asks for one number knows the file, and reading it once more takes as long as the number.
        guard case .tensor(let type)? = value.call?.type, type.cell != nil else {
            guard let call = value.call, library.fileSources(of: value).isEmpty, let remarks = library.computed(call)?.remarks else {
                return []
            }
            return try remarks(call, self).all
        }
        return try library.fileSources(of: value).flatMap { source -> [String] in
            guard let remarks = library.computed(source)?.remarks else { return [] }
            if value.call == source { return try remarks(source, self).all }
            return try remarks(source, self).choice.map { "\($0) of `\(library.path(of: source)?.string ?? "")`" }
        }
    }
}

extension CheckContext {
    /// The numbers of a value in order, where they are known before anything is computed: those written in the script, a column of
    /// a table, the true targets of a part; nil for others.
    func knownNumbers(of value: Value) throws -> [Double]? {
        if let number = value.number { return [number] }
        guard let call = value.call else { return nil }
        return try library.computed(call)?.known?(call, self)
    }
}
