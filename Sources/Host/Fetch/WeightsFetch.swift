import Builtins
import Diagnostics
import Experiments
import Fetching
import Models
import Storage
import Weights

/// The order of `ecdx fetch weights NAME...`: the files to get, where they come from and where they go. Names are those of
/// architectures, or of encoders on the Hugging Face hub.
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
    /// The encoders to get from the hub, after the files.
    public var encoders: [EncoderFetch] = []

    /// Creates an order, by default into the user's own cache.
    public init(
        _ items: [Item], kerasFolder: String = PublishedWeights.kerasFolder, folder: String = PublishedWeights.ownFolder,
        mirror: String? = nil
    ) {
        (self.items, self.kerasFolder, self.folder, self.mirror) = (items, kerasFolder, folder, mirror)
    }

    /// Creates an order for the architectures of these names, each once, or for all of them, and for encoders of the hub. Throws
    /// `unknown-weights`, and what `EncoderFetch` throws.
    public init(names: [String]) throws {
        var wanted: [Architecture] = []
        var encoders: [HubName] = []
        for name in names {
            if name == Self.all {
                wanted += Architecture.all
            } else if let architecture = Architecture.named(name) {
                wanted.append(architecture)
            } else {
                encoders.append(try Self.encoder(name))
            }
        }
        var seen: Set<Architecture> = []
        self.init(wanted.filter { seen.insert($0).inserted }.map { Item($0, $0.weights) })
        var asked: Set<String> = []
        self.encoders = try encoders.filter { asked.insert("\($0.id)@\($0.revision ?? "")").inserted }.map { try EncoderFetch($0) }
    }

    /// The encoder of a name: with an organisation, or a short one that is known. Throws `unknown-weights`.
    private static func encoder(_ text: String) throws -> HubName {
        let name = try? HubName(text)
        if let name, !name.isShortAndUnknown { return name }
        let known = HubName.known.map(\.short)
        // A name with an organisation is none of a backbone.
        if text.contains("/") { return try HubName(text) }
        throw Diagnostic(
            "unknown-weights", "expected the name of an architecture with published weights, or of an encoder, found `\(text)`",
            notes: [
                "there are: \(names.joined(separator: ", ")); `\(all)` is all of them",
                "encoders: \(known.joined(separator: ", ")), and any ORGANISATION/NAME of the Hugging Face hub",
            ],
            hint: nearMiss(text, among: names + [all] + known).map { "did you mean `\($0)`?" })
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
        for encoder in encoders {
            if Interrupt.requested != nil { throw FetchStopped() }
            try encoder.run(on: terminal)
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
