import Diagnostics
import Glibc
import Synchronization

/// The answers to questions about what files hold, kept by their paths, sizes, inodes and times, so that a second check need not read
/// gigabytes again. What was asked of files that changed within the last two seconds is not kept: a change that follows may carry the
/// same time.
///
/// The disk is looked at each time that something is asked, a look a file.
public final class FileFacts: Sendable {
    private let path: String?
    private let verify: Bool
    private let state = Mutex<State>(State())

    private struct State: Sendable {
        /// The answers in the file, read when the first question is asked.
        var stored: [String: JSONValue]?
        /// The answers that were given here.
        var given: [String: JSONValue] = [:]
        var changed = false
    }

    /// The most answers that the file holds; where there are more, those given last are kept.
    private static let most = 100_000

    /// Opens the answers in the file at `path`; nil keeps them in memory only. `verify`: whatever the file says, each question is
    /// answered anew, once. A file that cannot be read counts as empty.
    public init(_ path: String?, verify: Bool = false) {
        self.path = path
        self.verify = verify
    }

    /// The answer to a question about files: the one that was given where none of them changed since, else that of `answer`. What was
    /// kept and is no answer of this type counts as none. A question names all that the answer rests on but the files, a number that is
    /// raised when the program answers otherwise among it.
    public func answer<Answer: Codable>(_ question: String, about files: [String], _ answer: () throws -> Answer) throws -> Answer {
        let before = files.map { fileStatus($0) }
        let key = try key(question, files, before)
        if let known = known(key), let answer = try? known.decoded(as: Answer.self) {
            state.withLock { $0.given[key] = known }
            return answer
        }
        let found = try answer()
        let kept = try JSONValue(encoding: found)
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let last = before.compactMap { $0.map { max($0.modified, $0.changed) } }.max() ?? Int64.max
        guard nanoseconds(now) - last > 2_000_000_000, files.map({ fileStatus($0) }) == before else { return found }
        state.withLock { state in
            state.given[key] = kept
            state.changed = true
        }
        return found
    }

    private func known(_ key: String) -> JSONValue? {
        state.withLock { state in
            if state.stored == nil { state.stored = verify ? [:] : path.map(FileFacts.read) ?? [:] }
            return state.given[key] ?? state.stored?[key]
        }
    }

    func key(_ question: String, _ files: [String], _ states: [FileStatus?]) throws -> String {
        let parts = zip(files, states).map { file, status in
            "\(file)\u{1F}" + (status.map { "\($0.bytes) \($0.inode) \($0.modified) \($0.changed)" } ?? "none")
        }
        return String(try sha256(([question] + parts).joined(separator: "\u{1E}")).hex.prefix(32))
    }

    /// Writes the answers to their file where there are new ones, keeping what other processes added meanwhile. Throws
    /// `cannot-write`.
    public func save() throws {
        guard let path else { return }
        let given: [String: JSONValue]? = state.withLock { state in
            guard state.changed else { return nil }
            state.changed = false
            return state.given
        }
        guard let given else { return }
        let all = FileFacts.read(path).merging(given) { _, given in given }
        // Files come and go; what was asked for now is what will be asked for again.
        let kept = all.count > FileFacts.most ? given : all
        try writeWhole(JSONValue.object(kept).canonical, to: path)
    }

    private static func read(_ path: String) -> [String: JSONValue] {
        guard let bytes = try? readFile(path, limit: 1 << 28) else { return [:] }
        return (try? JSONValue(parsing: bytes))?.objectValue ?? [:]
    }
}
