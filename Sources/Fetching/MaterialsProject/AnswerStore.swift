import Diagnostics
import Glibc
import Storage
import Synchronization

/// The folder of answers while it is written, by this process alone.
final class AnswerStore: Sendable {
    typealias Names = MaterialsProjectFolder.Names
    let path: String
    private let descriptor: Int32
    private let answers: Journal
    private let densities: Journal
    private let state: Mutex<MaterialsProjectFolder>

    /// Opens or makes the folder. Throws `would-overwrite` where it answers another question, or holds something else.
    init(_ path: String, query: MaterialsProjectQuery) throws {
        try createFolder(path)
        self.path = path
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        self.descriptor = descriptor
        guard descriptor >= 0 else { throw cannotWrite(path, errno) }
        // Closed by hand: a class that is not yet whole has no end of its own.
        var isTaken = true
        defer { if isTaken { close(descriptor) } }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { throw takenByAnother(path) }
        let question = joined(path, Names.query)
        if fileStatus(question) != nil {
            let found = try MaterialsProjectFolder.query(inFile: question)
            guard found == query else {
                throw Diagnostic(
                    "would-overwrite", "expected a folder with answers to this question to the Materials Project, found one to another",
                    data: DataPlace(file: question), notes: ["it answers \(found.canonical)", "asked is \(query.canonical)"],
                    hint: "fetch to another folder with --to")
            }
        } else {
            let others = try listFolder(path).filter { !$0.hasPrefix(".") }
            if let other = others.first {
                throw Diagnostic(
                    "would-overwrite", "expected an empty folder or one with answers of the Materials Project, found `\(other)` in it",
                    data: DataPlace(file: path), hint: "fetch to another folder with --to")
            }
            try writeWhole(query.canonical + "\n", to: question)
        }
        answers = try Journal(joined(path, Names.answers))
        densities = try Journal(joined(path, Names.densities))
        state = Mutex(try MaterialsProjectFolder(path))
        isTaken = false
    }

    deinit { close(descriptor) }

    /// The folder as it was when it was opened or read last, for reading.
    var folder: MaterialsProjectFolder { state.withLock { $0 } }

    /// Reads the lists anew.
    func refresh() throws {
        let new = try MaterialsProjectFolder(path)
        state.withLock { $0 = new }
    }

    /// Whether the file of an answer is there as it came.
    func isWhole(_ answer: MaterialsProjectFolder.Answer) throws -> Bool {
        let file = joined(path, answer.file)
        guard let status = fileStatus(file), status.kind == .file, status.bytes == answer.bytes else { return false }
        return try sha256(ofFile: file) == answer.sha256
    }

    /// Keeps an answer: the file first, then its line.
    func keep(_ bytes: [UInt8], _ answer: MaterialsProjectFolder.Answer) throws {
        let file = joined(path, answer.file)
        try createFolder(parentFolder(of: file))
        try writeWhole(bytes, to: file)
        try answers.append(encoding: answer)
    }

    /// Keeps what became of a density.
    func keep(_ density: MaterialsProjectFolder.Density) throws { try densities.append(encoding: density) }
}
