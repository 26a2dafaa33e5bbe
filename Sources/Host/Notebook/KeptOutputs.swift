import Diagnostics
import Reports
import Storage

/// The place in a store where the outputs of the latest run of a script are kept: a folder a script.
///
///     .ecdx/sessions/NAME/outputs.jsonl    what was shown, a line an event
///     .ecdx/sessions/NAME/progress.json    how far the training at work is
///     .ecdx/sessions/NAME/log.txt          what a run in the background wrote besides
///     .ecdx/sessions/NAME/lease            which process runs the script
public struct KeptOutputs: Sendable, Hashable {
    /// The path of the folder.
    public let folder: String

    /// The place for a script, by paths of the store and of the script. Scripts of one name that share a store are told apart by the
    /// way from the store to them, so that a project may be moved.
    public init(store: String, script: String) throws {
        let (store, script) = (try absolutePath(store), try absolutePath(script))
        let home = parentFolder(of: store)
        let way = script.hasPrefix(home + "/") ? String(script.dropFirst(home.count + 1)) : script
        let name = lastName(of: script)
        let stem = name.hasSuffix(".ecdx") ? String(name.dropLast(5)) : name
        let plain = String(stem.unicodeScalars.prefix(60).map { KeptOutputs.suits($0) ? Character($0) : "_" })
        folder = joined(joined(store, "sessions"), "\(plain)-\(try sha256(way).hex.prefix(8))")
    }

    private static func suits(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-" || scalar == "_")
    }

    /// The path of the events.
    public var events: String { joined(folder, "outputs.jsonl") }
    /// The path of how far the training at work is.
    public var progress: String { joined(folder, "progress.json") }
    /// The path of what a run in the background wrote.
    public var log: String { joined(folder, "log.txt") }
    /// The path of the lease of the process that runs the script.
    public var lease: String { joined(folder, "lease") }

    /// The process that runs the script; nil where none does, as far as can be told from here.
    public var runner: ProcessIdentity? {
        guard let owner = Lease.owner(of: lease) else { return nil }
        switch owner.process.isRunning {
        case true?: return owner.process
        case false?: return nil
        case nil:
            // Of another machine: it counts as at work while it gives signs of life.
            let last = fileStatus(joined(lease, "owner.json"))?.modified ?? 0
            return Double(wallNanoseconds() - last) / 1e9 < Lease.staleAfter ? owner.process : nil
        }
    }
}

/// An event of a run, as it is kept.
public enum KeptEvent: Sendable, Hashable, Codable {
    /// A run began: the script's name, the hash of its text, the time in seconds since 1970, and who ran it.
    case began(script: String, text: String, time: Double, process: ProcessIdentity)
    /// An action began that stands in this line of the script.
    case action(line: Int?)
    /// Something was shown; of a file that was written, whether it is another than before.
    case output(ReportDocument.Output, isNew: Bool)
    /// A line told what was being done.
    case note(String)
    /// The run ended with this exit status.
    case ended(status: Int32)
}

/// The events of a run as they come, written to its store.
///
/// Each is in the file when `add` returns, so that it survives the end of the process, however that comes. A disk that takes no more
/// does not end the run: what it shows is on the screen all the same.
final class OutputLog {
    private let place: KeptOutputs
    private let journal: Journal
    private let lease: Lease

    /// Begins the log of a run; what the run before it left is replaced. Throws `in-use` where another process runs the script, and
    /// `cannot-write`.
    init(_ place: KeptOutputs, script: String, text: String) throws {
        self.place = place
        lease = try Lease(place.lease)
        let began = KeptEvent.began(
            script: script, text: try sha256(text).hex, time: Double(wallNanoseconds()) / 1e9, process: .current)
        try replaceQuickly(place.events, with: JSONValue(encoding: began).canonical + "\n")
        try? removeTree(place.progress)
        journal = try Journal(place.events, durable: false)
    }

    /// Adds an event.
    func add(_ event: KeptEvent) { try? journal.append(encoding: event) }

    /// Writes how far the training at work is. Not synced: after a power cut nobody asks for it.
    func write(_ progress: ProgressState) {
        guard let text = try? JSONValue(encoding: progress).canonical else { return }
        try? replaceQuickly(place.progress, with: text)
    }

    /// Ends the log and gives the script free.
    func end(status: Int32) {
        try? removeTree(place.progress)
        add(.ended(status: status))
        lease.release()
    }
}
