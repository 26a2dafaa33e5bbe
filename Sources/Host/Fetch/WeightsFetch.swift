import Builtins
import Diagnostics
import Experiments
import Fetching
import Models
import Storage
import Weights

/// The order of `ecdx fetch weights NAME...`: the files to get, where they come from and where they go.
public struct WeightsFetch: Sendable {
    /// The published weight file of an architecture.
    public struct Item: Sendable, Hashable {
        /// The architecture.
        public var architecture: Architecture
        /// The published file.
        public var weights: PublishedWeights

        /// Creates an item of an order.
        public init(_ architecture: Architecture, _ weights: PublishedWeights) {
            (self.architecture, self.weights) = (architecture, weights)
        }
    }

    /// The names of the architectures.
    public static let names = Architecture.all.map(\.name)
    /// The word that stands for all names.
    public static let all = "all"
    /// The largest size of a file, in bytes: several times that of the largest.
    static let limit = 1 << 30

    /// The files to get.
    public var items: [Item]
    /// The folder of Keras's own cache: read, never written.
    public var kerasFolder: String
    /// The folder that the files go to.
    public var folder: String
    /// The address of a mirror with the files under the names that Keras gives them; nil is where Keras gets them.
    public var mirror: String?

    /// Creates an order, by default into the user's own cache.
    public init(
        _ items: [Item], kerasFolder: String = PublishedWeights.kerasFolder, folder: String = PublishedWeights.ownFolder,
        mirror: String? = nil
    ) {
        (self.items, self.kerasFolder, self.folder, self.mirror) = (items, kerasFolder, folder, mirror)
    }

    /// Creates an order for the architectures of these names, each once, or for all of them. Throws `unknown-weights`.
    public init(names: [String]) throws {
        var wanted: [Architecture] = []
        for name in names {
            guard name != Self.all else {
                wanted += Architecture.all
                continue
            }
            guard let architecture = Architecture.named(name) else {
                throw Diagnostic(
                    "unknown-weights", "expected the name of an architecture with published weights, found `\(name)`",
                    notes: ["there are: \(Self.names.joined(separator: ", ")); `\(Self.all)` is all of them"],
                    hint: nearMiss(name, among: Self.names + [Self.all]).map { "did you mean `\($0)`?" })
            }
            wanted.append(architecture)
        }
        var seen: Set<Architecture> = []
        self.init(wanted.filter { seen.insert($0).inserted }.map { Item($0, $0.weights) })
    }

    /// Fetches the missing files, one after the other, with progress and a line for each on the terminal, and says whose
    /// they are. A file that is there must have the publisher's MD5. Where another process fetches weights, it waits for
    /// that one.
    ///
    /// Throws `wrong-hash`, `cannot-read` and what `FetchFolder` throws; files that came before the fault stay.
    public func run(on terminal: Terminal) throws {
        var opened: FetchFolder?
        for item in items {
            if Interrupt.requested != nil { throw FetchStopped() }
            let published = PublishedHash.md5(item.weights.md5)
            let name = item.architecture.name
            let kept = joined(kerasFolder, item.weights.name)
            if fileStatus(kept) != nil {
                try published.check(kept, "the weights of \(name) in Keras's cache as they were published")
                terminal.write(out: "\(name): \(kept) (already there, in Keras's cache)\n")
                continue
            }
            let files = try opened ?? open(on: terminal)
            opened = files
            let outcome = try get(item, published, into: files, on: terminal)
            terminal.write(out: "\(name): \(joined(folder, item.weights.name)) (\(outcome == .there ? "already there" : "fetched"))\n")
        }
        var publishers: [String] = []
        for item in items where !publishers.contains(item.weights.publisher) { publishers.append(item.weights.publisher) }
        for publisher in publishers {
            let licences = items.filter { $0.weights.publisher == publisher }.map { "\($0.architecture.name) \($0.weights.licence)" }
            terminal.write(out: "licence: ImageNet weights from \(publisher): \(licences.joined(separator: ", "))\n")
        }
    }

    private func open(on terminal: Terminal) throws -> FetchFolder {
        var isSaid = false
        return try FetchFolder(folder, connection: Connection(agent: "ecdx/\(Installation.version)")) {
            if Interrupt.requested != nil { throw FetchStopped() }
            if !isSaid { terminal.write(err: "waiting for another `ecdx fetch` at work in \(folder)\n") }
            isSaid = true
        }
    }

    private func get(_ item: Item, _ published: PublishedHash, into files: FetchFolder, on terminal: Terminal) throws -> FetchFolder.Outcome
    {
        let url = mirror.map { withoutSlashes($0) + "/" + item.weights.name } ?? item.weights.url
        let path = joined(folder, item.weights.name)
        if fileStatus(path, followingLinks: false) == nil {
            terminal.write(err: "\(item.architecture.name): from \(url) to \(folder)\n")
        }
        let progress = WeightsProgress(item.architecture.name, on: terminal)
        defer { progress.end() }
        var options = FetchOptions()
        options.limit = Self.limit
        let outcome = try files.get(item.weights.name, from: url, expecting: published, options: options, progress: progress.update)
        if outcome == .fetched { progress.finish() }
        return outcome
    }
}

/// The progress of one file in megabytes: a bar on a terminal, in a log a line at the end and one in half a minute before
/// it.
private final class WeightsProgress {
    private static let megabyte = 1_000_000
    private let name: String
    private let terminal: Terminal
    private var bar: ProgressBar?
    private var total = 1
    private var told = steadySeconds()

    init(_ name: String, on terminal: Terminal) { (self.name, self.terminal) = (name, terminal) }

    func update(_ bytes: Int, of size: Int?) {
        // Without a size there is no share of it to show.
        guard let size, size > 0 else { return }
        let now = steadySeconds()
        let done = bytes / Self.megabyte
        let bar = self.bar ?? begin(size, done)
        // In a log the bar would write a line a megabyte.
        guard terminal.redraws || now - told >= 30 else { return }
        told = now
        bar.update(done: min(done, total - 1), part: Double(bytes % Self.megabyte) / Double(Self.megabyte))
    }

    /// Ends the progress: the whole file is there.
    func finish() {
        if !terminal.redraws { bar?.update(done: total) }
        end()
    }

    func end() {
        bar?.cancel()
        bar = nil
    }

    private func begin(_ size: Int, _ done: Int) -> ProgressBar {
        total = (size - 1) / Self.megabyte + 1
        // On the screen the bar does not say its unit.
        let new = ProgressBar(terminal.redraws ? name + " (MB)" : name, unit: "MB", total: total, doneBefore: done, on: terminal)
        bar = new
        return new
    }
}
