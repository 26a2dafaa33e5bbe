import Diagnostics
import Glibc
import Storage
import Synchronization

/// How patiently and how widely the Materials Project is asked, and how to stop.
public struct MaterialsProjectOptions: Sendable {
    /// The number of attempts for one answer or file.
    public var attempts = 6
    /// The wait before the second attempt, in seconds; each further one is twice as long.
    public var firstWait = 1.0
    /// The longest wait, in seconds, where the server asks for none; one that asks for up to 600 s is waited for.
    public var longestWait = 120.0
    /// The number of densities that are transferred at a time, 1 to 4: what the Materials Project allows.
    public var transfers = 4
    /// The number of materials in one question about given materials.
    public var batch = 100
    /// The most bytes that the file of a density may have.
    public var largestDensity = 1 << 31
    /// Whether densities that were not there at an earlier call are asked for again.
    public var asksForMissingAgain = false
    /// Whether to stop; asked several times a second.
    public var isStopped: @Sendable () -> Bool = { Interrupt.requested != nil }
    /// Takes remarks for people, a line each: waits, changes of the database. Called by several threads.
    public var tell: @Sendable (String) -> Void = { _ in }
    /// How time passes while it waits.
    var sleep: @Sendable (Double) -> Void = { usleep(UInt32($0 * 1e6)) }
    /// Makes the usual options.
    public init() {}
}

/// A reader of the Materials Project's web interface that keeps every answer in a folder.
///
/// What is in the folder is not asked for again, so each call goes on where one before it ended, and asks for nothing where all is
/// there. The key goes to the interface alone: it is in no address, file or message, no redirect leads it elsewhere, and the objects
/// with charge densities are read without it. One thread at a time.
public final class MaterialsProjectClient {
    /// What a call came to.
    public struct Outcome: Sendable, Hashable {
        /// Number of answers that were asked for now; the others were there.
        public var asked = 0
        /// Number of documents in the answers.
        public var documents = 0
        /// Number of documents that the server says it has.
        public var total = 0
    }

    let store: AnswerStore
    let query: MaterialsProjectQuery
    let key: APIKey?
    let endpoints: MaterialsProjectEndpoints
    let agent: String
    let options: MaterialsProjectOptions
    let connection: Connection
    private var database: String?
    private var hasHeartbeat = false

    /// Opens or makes the folder for this process alone, without asking anything. `agent` is how servers are told who asks. Throws
    /// `would-overwrite` where the folder holds something else, `fetch-failed` where another process is at work in it, `cannot-write`
    /// and `bad-data`.
    public init(
        folder: String, query: MaterialsProjectQuery, key: APIKey?, endpoints: MaterialsProjectEndpoints, agent: String,
        options: MaterialsProjectOptions = MaterialsProjectOptions()
    ) throws {
        store = try AnswerStore(folder, query: query)
        connection = try Connection(agent: agent)
        (self.query, self.key, self.endpoints, self.agent, self.options) = (query, key, endpoints, agent, options)
    }

    /// Asks for the materials of the question, page by page, as far as they are not in the folder. `progress` is told how many
    /// documents are there, how many there are to be as far as is known, and the bytes that came now.
    ///
    /// Throws `fetch-failed`, `refused-address`, `cannot-write`, `bad-data` and `FetchStopped`; the answers that came stay.
    public func fetchMaterials(
        progress: (_ done: Int, _ total: Int, _ bytes: Int) -> Void = { _, _, _ in }
    ) throws -> Outcome {
        func truth(_ name: String, _ value: Bool?) -> [(String, String)] { value.map { [(name, $0 ? "true" : "false")] } ?? [] }
        let filters = truth("deprecated", query.deprecated) + truth("is_stable", query.isStable)
        let questions = query.sections.map { section in
            Question(
                section: section.name, path: "/materials/summary/",
                parameters: filters + (section.spaceGroup.map { [("spacegroup_number", "\($0)")] } ?? [])
                    + [("_fields", query.fields.joined(separator: ",")), ("_sort_fields", "material_id")], limit: query.pageSize)
        }
        return try readThrough(questions, progress: progress)
    }

    /// Asks for the descriptions of materials that robocrystallographer wrote, many at a time, as far as they are not in the folder.
    /// Throws as `fetchMaterials`.
    public func fetchDescriptions(
        of materials: [MaterialID], progress: (_ done: Int, _ total: Int, _ bytes: Int) -> Void = { _, _, _ in }
    ) throws -> Outcome {
        try readThrough(
            try batches(materials, "robocrys", "/materials/robocrys/", "material_ids", fields: "material_id,description"),
            progress: progress)
    }

    /// A question whose answer may have several pages.
    struct Question {
        var section: String
        var path: String
        var parameters: [(String, String)]
        var limit: Int
    }

    /// The questions about identifiers, some at a time. The same identifiers give the same questions.
    func batches(_ ids: [MaterialID], _ section: String, _ path: String, _ name: String, fields: String) throws -> [Question] {
        let ids = Set(ids).sorted()
        let size = min(max(1, options.batch), 1000)
        return try stride(from: 0, to: ids.count, by: size).map { start in
            let text = ids[start..<min(ids.count, start + size)].map(\.description).joined(separator: ",")
            return Question(
                section: "\(section)/\(try sha256(text).short)", path: path, parameters: [(name, text), ("_fields", fields)], limit: size)
        }
    }

    /// Reads the answers to questions to their ends.
    func readThrough(_ questions: [Question], progress: (Int, Int, Int) -> Void) throws -> Outcome {
        let outcome = Result { try withoutActuallyEscaping(progress) { try readAll(questions, progress: $0) } }
        // What came before a fault counts too.
        try store.refresh()
        return try outcome.get()
    }

    private func readAll(_ questions: [Question], progress: @escaping (Int, Int, Int) -> Void) throws -> Outcome {
        var outcome = Outcome()
        var bytes = 0
        for question in questions {
            var (skip, total): (Int, Int?) = (0, nil)
            var seen: Set<String> = []
            var last: MaterialsProjectFolder.Answer?
            let kept = store.folder.bySection[question.section] ?? [:]
            while true {
                let before = (outcome.documents, outcome.total - (total ?? 0))
                let answer: MaterialsProjectFolder.Answer
                // An empty answer before the end is asked for again: it may have been a bad moment of the server.
                if let there = kept[skip], there.count > 0 || skip >= there.total, try store.isWhole(there) {
                    answer = there
                } else {
                    if options.isStopped() { throw FetchStopped() }
                    try hearHeartbeat()
                    // Of pages that were kept the last one is enough to tell one that comes once more.
                    if seen.isEmpty, let last { seen = Set(try store.folder.documents(of: last).map(\.canonical)) }
                    let known = (total: max(before.0, outcome.total), bytes: bytes)
                    answer = try ask(question, skip: skip, seen: &seen) { progress(before.0, known.total, known.bytes + $0) }
                    outcome.asked += 1
                    bytes += answer.bytes
                }
                // A server that does not say how many there are is known to have one more than came: no number of its own.
                if let total, total != answer.total, total != skip + 1 {
                    options.tell("the number of documents of \(question.section) has changed from \(total) to \(answer.total)")
                }
                total = answer.total
                outcome.documents += answer.count
                outcome.total = before.1 + answer.total
                progress(outcome.documents, outcome.total, bytes)
                skip += answer.count
                if answer.count > 0 { last = answer }
                if answer.count == 0, skip < answer.total {
                    options.tell("an answer of \(question.section) is empty: \(skip) of \(answer.total) documents came")
                }
                if answer.count == 0 || skip >= answer.total { break }
            }
        }
        return outcome
    }

    /// Asks for the documents of a question behind the first `skip`, and keeps the answer. `seen`: documents that came before, to which
    /// those that come are added. Throws `fetch-failed` where all of them were seen: without an end there would be no end of asking.
    private func ask(
        _ question: Question, skip: Int, seen: inout Set<String>, progress: @escaping (Int) -> Void
    ) throws -> MaterialsProjectFolder.Answer {
        let parameters = question.parameters + [("_limit", "\(question.limit)"), ("_skip", "\(skip)")]
        let url =
            endpoints.interface.text + question.path + "?" + parameters.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        guard let key else {
            throw Diagnostic(
                "fetch-failed", "expected a key of the Materials Project to ask `\(endpoints.interface.host)`, found none",
                hint: "put the key that your account shows at materialsproject.org/api into the environment as MP_API_KEY")
        }
        let what = "documents of \(question.section.split(separator: "/").first ?? "the Materials Project")"
        let (body, found) = try reply(url, key: key, what: what, progress: progress) {
            try MaterialsProjectFolder.documents(inAnswer: $0, nil)
        }
        let count = found.documents.count
        let documents = Set(found.documents.map(\.canonical))
        guard documents.isEmpty || !documents.isSubset(of: seen) else {
            throw Diagnostic(
                "fetch-failed",
                "expected the \(what) behind the first \(skip) from `\(endpoints.interface.host)`, found some that came before",
                hint: "it passes over `_skip`; see whether MP_API_ENDPOINT is the address of the interface")
        }
        seen.formUnion(documents)
        // Without a total, a page that is not full is the last one.
        let total = found.total ?? (skip + count + (count < question.limit ? 0 : 1))
        let answer = MaterialsProjectFolder.Answer(
            file: "answers/\(question.section)-\(String(repeating: "0", count: max(0, 6 - "\(skip)".count)))\(skip).json",
            section: question.section, skip: skip, url: url, time: timeOfNow(), status: 200, bytes: body.count,
            sha256: try sha256(body), count: count, total: total, database: database)
        try store.keep(body, answer)
        return answer
    }

    /// Asks once which version of the database answers. A server without a heartbeat is told of and goes on.
    private func hearHeartbeat() throws {
        guard !hasHeartbeat else { return }
        hasHeartbeat = true
        let url = endpoints.interface.text + "/heartbeat"
        do {
            let (body, version) = try reply(url, key: nil, what: "its heartbeat", progress: { _ in }) { body in
                let json = try JSONValue(parsing: body)
                return json["db_version"]?.stringValue ?? json["data"]?["db_version"]?.stringValue
            }
            database = version.map { String($0.prefix(80)) }
            let earlier = store.folder.bySection["heartbeat"]?[0]?.database
            if let earlier, let database, earlier != database {
                options.tell("the database has changed from version \(earlier) to \(database): the folder has answers of both")
            }
            try store.keep(
                body,
                MaterialsProjectFolder.Answer(
                    file: "answers/heartbeat.json", section: "heartbeat", skip: 0, url: url, time: timeOfNow(), status: 200,
                    bytes: body.count, sha256: try sha256(body), count: 0, total: 0, database: database))
        } catch let error as Diagnostic
            where error.id == "fetch-failed" && !["blocked", "(status 403)"].contains(where: error.message.contains)
        {
            options.tell("`\(endpoints.interface.host)` does not say the version of its database: \(error.message)")
        }
    }
}

extension MaterialsProjectOptions {
    var waiting: Waiting {
        Waiting(
            attempts: max(1, attempts), firstWait: max(0, firstWait), longestWait: max(0, longestWait), isStopped: isStopped, tell: tell,
            sleep: sleep)
    }
}
