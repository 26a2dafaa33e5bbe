import Diagnostics

/// A folder of answers of the Materials Project, as `ecdx fetch` leaves it: every answer as it came, a list of them, and the charge
/// densities. Reading it touches no network.
public struct MaterialsProjectFolder: Sendable {
    /// An answer of the interface that is kept, a line of the list `answers.jsonl`.
    public struct Answer: Sendable, Hashable, Codable {
        /// Name of the file in the folder.
        public var file: String
        /// What was asked for, without the place in the list of documents.
        public var section: String
        /// Number of documents that were passed over: those of the answers before.
        public var skip: Int
        /// Address, which holds no key.
        public var url: String
        /// Time of the answer in UTC, such as `2026-11-28T09:37:46Z`.
        public var time: String
        /// Status code of HTTP.
        public var status: Int
        /// Size of the answer, in bytes.
        public var bytes: Int
        /// SHA-256 of the answer.
        public var sha256: Digest
        /// Number of documents in the answer.
        public var count: Int
        /// Number of documents that the server has in all, its `total_doc`.
        public var total: Int
        /// Version of the database as its heartbeat said; nil where it did not.
        public var database: String?

        /// Makes a line of its parts.
        public init(
            file: String, section: String, skip: Int, url: String, time: String, status: Int, bytes: Int, sha256: Digest, count: Int,
            total: Int, database: String?
        ) {
            (self.file, self.section, self.skip, self.url, self.time) = (file, section, skip, url, time)
            (self.status, self.bytes, self.sha256) = (status, bytes, sha256)
            (self.count, self.total, self.database) = (count, total, database)
        }
    }

    /// What became of the charge density of a material, a line of the list `densities.jsonl`.
    public struct Density: Sendable, Hashable, Codable {
        /// The material.
        public var material: MaterialID
        /// The task whose density it is; nil where the material has no static calculation.
        public var task: MaterialID?
        /// Number of static calculations that the task was chosen among, by the time of their last change.
        public var candidates: Int
        /// Time of the last change of the task; nil where the server did not say.
        public var lastUpdated: String?
        /// Name of the file in the folder; nil where there is none to be had.
        public var file: String?
        /// Address of the object.
        public var url: String?
        /// Time of the answer in UTC.
        public var time: String
        /// Status code of HTTP: 200, or 403 and 404 where there is no such object; 0 where nothing was asked.
        public var status: Int
        /// Size of the file, in bytes.
        public var bytes: Int?
        /// SHA-256 of the file.
        public var sha256: Digest?

        /// Makes a line of its parts.
        public init(
            material: MaterialID, task: MaterialID?, candidates: Int, lastUpdated: String?, file: String?, url: String?, time: String,
            status: Int, bytes: Int?, sha256: Digest?
        ) {
            (self.material, self.task, self.candidates, self.lastUpdated) = (material, task, candidates, lastUpdated)
            (self.file, self.url, self.time, self.status) = (file, url, time, status)
            (self.bytes, self.sha256) = (bytes, sha256)
        }
    }

    /// Names of the files that every folder has, and of the folder of densities.
    public enum Names {
        /// The question that the folder answers.
        public static let query = "query.json"
        /// The list of the answers.
        public static let answers = "answers.jsonl"
        /// The list of the densities.
        public static let densities = "densities.jsonl"
        /// The folder of the densities' files.
        public static let densityFolder = "densities"
    }

    /// The most bytes that an answer may have.
    public static let largestAnswer = 1 << 28

    /// Path of the folder.
    public let path: String
    /// The question that the folder answers.
    public let query: MaterialsProjectQuery
    /// The answers by section and number of documents passed over, the newest of each.
    package let bySection: [String: [Int: Answer]]
    /// What became of the densities, by material.
    public let densities: [MaterialID: Density]

    /// Opens a folder that `ecdx fetch` has made. Throws `missing-file` where it is none, and `bad-data` and `cannot-read` where its
    /// lists cannot be read.
    public init(_ path: String) throws {
        let question = joined(path, Names.query)
        guard fileStatus(question)?.kind == .file else {
            throw Diagnostic(
                "missing-file", "expected a folder of answers of the Materials Project, found no `\(Names.query)` in it",
                data: DataPlace(file: path), hint: "fetch them with `ecdx fetch`")
        }
        self.path = path
        query = try Self.query(inFile: question)
        var bySection: [String: [Int: Answer]] = [:]
        for (answer, place) in try Self.lines(joined(path, Names.answers), of: Answer.self) {
            try Self.check(answer.file, place)
            try Self.checkCounts(["skip": answer.skip, "count": answer.count, "total": answer.total, "bytes": answer.bytes], place)
            bySection[answer.section, default: [:]][answer.skip] = answer
        }
        self.bySection = bySection
        var densities: [MaterialID: Density] = [:]
        for (density, place) in try Self.lines(joined(path, Names.densities), of: Density.self) {
            if let file = density.file { try Self.check(file, place) }
            try Self.checkCounts(["bytes": density.bytes ?? 0], place)
            densities[density.material] = density
        }
        self.densities = densities
    }

    /// The question in a file `query.json`. Throws `bad-data`, `range` and `cannot-read`.
    public static func query(inFile path: String) throws -> MaterialsProjectQuery {
        let place = DataPlace(file: path)
        return try MaterialsProjectQuery(reading: JSONValue(parsing: readFile(path, limit: 1 << 20), in: place), in: place)
    }

    /// The sections whose names begin with `prefix`, in order.
    public func sections(_ prefix: String) -> [String] { bySection.keys.filter { $0.hasPrefix(prefix) }.sorted() }

    /// The answers of a section one after the other, each from where the one before it ends, and whether they are all.
    public func answers(inSection section: String) -> (answers: [Answer], isComplete: Bool) {
        Self.chain(bySection[section] ?? [:])
    }

    /// The documents of an answer: the elements of its `data`. Throws `missing-file`, `wrong-hash` where the file is not as it came,
    /// `bad-data` and `cannot-read`.
    public func documents(of answer: Answer) throws -> [JSONValue] {
        let file = joined(path, answer.file)
        guard fileStatus(file) != nil else {
            throw Diagnostic(
                "missing-file", "expected the answer that `\(Names.answers)` lists, found no file", data: DataPlace(file: file),
                hint: "fetch it again with the same `ecdx fetch`")
        }
        let bytes = try readFile(file, limit: Self.largestAnswer)
        let found = try sha256(bytes)
        guard found == answer.sha256 else {
            throw Diagnostic(
                "wrong-hash", "expected the answer as it came, with the SHA-256 \(answer.sha256), found \(found)",
                data: DataPlace(file: file), hint: "remove it and fetch it again with the same `ecdx fetch`")
        }
        return try Self.documents(inAnswer: bytes, DataPlace(file: file)).documents
    }

    /// The documents in the text of an answer, and how many there are in all, `total_doc`, where it says. Throws `bad-data`.
    public static func documents(inAnswer bytes: [UInt8], _ place: DataPlace?) throws -> (documents: [JSONValue], total: Int?) {
        let json = try JSONValue(parsing: bytes, in: place)
        guard let documents = json["data"]?.arrayValue else {
            throw Diagnostic("bad-data", "expected an answer of the Materials Project with a list `data`, found none", data: place)
        }
        let total = json["meta"]?["total_doc"]?.intValue
        if let total, !isCount(total) {
            throw Diagnostic("bad-data", "expected the number of all documents as `total_doc`, found \(total)", data: place)
        }
        return (documents, total)
    }

    /// Whether a number of documents or bytes can be one, so that sums of them are numbers too.
    private static func isCount(_ number: Int) -> Bool { (0...1 << 40).contains(number) }

    /// Checks the numbers of a line that count something. Throws `bad-data` with the line.
    private static func checkCounts(_ numbers: KeyValuePairs<String, Int>, _ place: DataPlace) throws {
        for (name, number) in numbers where !isCount(number) {
            throw Diagnostic(
                "bad-data", "expected a count as `\(name)`, found \(number)", data: place,
                hint: "remove the line, and fetch again with the same `ecdx fetch`")
        }
    }

    private static func lines<Line: Decodable>(_ path: String, of type: Line.Type) throws -> [(Line, DataPlace)] {
        try Journal.read(path).entries.enumerated().map { index, line in
            let place = DataPlace(file: path, line: index + 1)
            return (try line.decoded(as: type, in: place), place)
        }
    }

    /// A list is a file like another: what it names must lie in the folder.
    private static func check(_ name: String, _ place: DataPlace) throws {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.utf8.contains(0), parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            throw Diagnostic("bad-data", "expected the name of a file in the folder, found `\(name.prefix(80))`", data: place)
        }
    }

    /// The answers from the first document on, each from where the one before it ends, and whether nothing is behind them.
    package static func chain(_ answers: [Int: Answer]) -> (answers: [Answer], isComplete: Bool) {
        var found: [Answer] = []
        var skip = 0
        while let answer = answers[skip] {
            found.append(answer)
            let (next, isTooLarge) = skip.addingReportingOverflow(answer.count)
            // An empty answer is the end, whatever the total says.
            if answer.count <= 0 || isTooLarge || next >= answer.total { return (found, true) }
            skip = next
        }
        return (found, false)
    }

}
