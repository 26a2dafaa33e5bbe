import Datasets
import Diagnostics
import Experiments
import Fetching
import Storage

/// A data set that others have published and `ecdx fetch data NAME` gets from them.
public struct PublishedData: Sendable {
    /// The name of the set on the command line.
    public let name: String
    /// The address that the files lie below, without a slash at the end.
    public let base: String
    /// The folder that the set is put into unless another is given.
    public let folder: String
    /// The credits, a line each: who published the set, under what terms, and what to cite.
    public let credits: [String]
    let get: @Sendable (PublishedDataFetch) throws -> String

    /// All published data sets, by name.
    public static let all: [PublishedData] = [.stackingFaults, .crystals]

    /// The set of that name. Throws `unknown-data`.
    public static func named(_ name: String) throws -> PublishedData {
        let names = all.map(\.name)
        if let found = all.first(where: { $0.name == name }) { return found }
        throw Diagnostic(
            "unknown-data", "expected the name of a published data set, found `\(name)`",
            hint: nearMiss(name, among: names).map { "did you mean `\($0)`?" } ?? "there are: \(names.joined(separator: ", "))")
    }

    /// Checks that files can be fetched below this address. Throws `refused-address`.
    public static func checkBase(_ address: String) throws {
        _ = try Address(address)
        guard !address.contains(where: { $0 == "?" || $0 == "#" || $0.isWhitespace }) else {
            throw Diagnostic("refused-address", "expected an address that file names can follow, found `\(address)`")
        }
    }

    /// Fetches the missing files of the set into a folder, with progress on the terminal, and says whose they are. `base`
    /// is another place with the same files. Throws what `FetchFolder` throws.
    public func fetch(to folder: String? = nil, base: String? = nil, on terminal: Terminal) throws {
        let base = withoutSlashes(base ?? self.base)
        let folder = folder ?? self.folder
        let files = try FetchFolder(folder, connection: Connection(agent: "ecdx/\(Installation.version)"))
        let work = PublishedDataFetch(name: name, base: base, files: files, terminal: terminal)
        defer { work.end() }
        terminal.write(err: "from \(base) to \(folder)\n")
        let result = try get(work)
        work.end()
        terminal.write(out: ([result] + credits).map { $0 + "\n" }.joined())
    }
}

/// Removes the slashes at the end of an address, so that `/` and a name can follow.
func withoutSlashes(_ base: String) -> String {
    var base = base
    while base.hasSuffix("/") { base.removeLast() }
    return base
}

/// A running `ecdx fetch data`.
final class PublishedDataFetch {
    let name: String
    let base: String
    let files: FetchFolder
    private let terminal: Terminal
    private var bar: ProgressBar?
    private(set) var fetched = 0

    init(name: String, base: String, files: FetchFolder, terminal: Terminal) {
        (self.name, self.base, self.files, self.terminal) = (name, base, files, terminal)
    }

    /// Fetches file `index` of `total`, counted from 0, unless it is there. It must have the hash `expected`, where one is known, and
    /// `check` throws where it is not what it should be.
    func get(
        _ file: String, from path: String, expecting expected: PublishedHash? = nil, index: Int, total: Int, limit: Int,
        check: (String) throws -> Void = { _ in }
    ) throws {
        if Interrupt.requested != nil { throw FetchStopped() }
        let bar = bar(index, total)
        var options = FetchOptions()
        options.limit = limit
        let outcome = try files.get(
            file, from: base + "/" + path, expecting: expected, options: options,
            progress: { [terminal] bytes, of in
                if terminal.redraws, let of, of > 0 { bar.update(done: index, part: min(1, Double(bytes) / Double(of))) }
            }, check: check)
        if outcome == .fetched { fetched += 1 }
        // Where nothing can be redrawn, each file would be a line.
        if terminal.redraws || (index + 1) % 20 == 0 || index + 1 == total { bar.update(done: index + 1) }
    }

    func end() {
        bar?.cancel()
        bar = nil
    }

    private func bar(_ index: Int, _ total: Int) -> ProgressBar {
        if let bar { return bar }
        let new = ProgressBar(name, unit: "file", total: total, doneBefore: index, on: terminal)
        bar = new
        return new
    }
}
