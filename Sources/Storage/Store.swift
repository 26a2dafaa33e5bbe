import Diagnostics
import Glibc

/// The folder where ecdx keeps runs and results: plain files, whole or absent at every instant, that can be copied, listed
/// and removed with the usual tools.
///
///     .ecdx/format            the number of this layout
///     .ecdx/runs/ID/          one folder a run
///     .ecdx/cache/ab/KEY/     results by the hash of what they rest on
///     .ecdx/data/KEY.json     which rows, files and parts the key of a data set stands for
///     .ecdx/outputs/          which files outside the store ecdx wrote
///     .ecdx/sessions/         what the latest run of each script showed, a folder a script
///     .ecdx/failed/           scripts of figures that gnuplot could not draw
///     .ecdx/hashes.json       hashes of big files, by size, inode and times
///     .ecdx/facts.json        what files of rows were found to hold, by the same
public struct Store: Sendable {
    /// The layout this program reads and writes.
    public static let format = 1

    /// The path of the store's folder, `.ecdx` in most cases.
    public let path: String
    /// The results kept by key.
    public let cache: Cache
    /// The record of the files ecdx wrote outside the store.
    public let outputs: Outputs
    /// The hashes of big files.
    public let hashes: FileHashes

    /// The path of a script's store: `given` (the command line's --store), else `environment` (ECDX_STORE) where it is not
    /// empty, else `.ecdx` beside the script.
    public static func location(script: String, given: String?, environment: String?) -> String {
        given ?? environment.flatMap { $0.isEmpty ? nil : $0 } ?? joined(parentFolder(of: script), ".ecdx")
    }

    /// Opens the store at `path`, for a script in `base`. With `create` it is made where it is not there; without, nothing is
    /// written. Throws `cannot-write`, and `store-format` for a layout this program does not know.
    public init(at path: String, base: String, create: Bool = true) throws {
        self.path = path
        cache = Cache(root: joined(path, "cache"))
        hashes = FileHashes(joined(path, "hashes.json"))
        outputs = Outputs(folder: joined(path, "outputs"), base: base, hashes: hashes)
        let mark = joined(path, "format")
        if fileStatus(mark) == nil {
            guard create else { return }
            try createFolder(joined(path, "runs"))
            try writeWhole("\(Store.format)\n", to: mark)
        } else {
            let found = try readText(mark, limit: 64).prefix { $0 != "\n" }
            guard found == "\(Store.format)" else {
                throw Diagnostic(
                    "store-format", "expected a store of format \(Store.format), found format `\(found)`", data: DataPlace(file: path),
                    hint: "use the version of ecdx that made it, or another folder with --store")
            }
        }
    }

    /// The folder of the run `id`, made where it is not there. Throws `cannot-write`.
    public func run(_ id: String) throws -> RunFolder {
        let run = try folder(id)
        try createFolder(run.path)
        return run
    }

    /// The run whose id starts with `prefix`. Throws `unknown-run` where none or several do.
    public func run(matching prefix: String) throws -> RunFolder {
        let ids = runs().map(\.id)
        let matching = ids.contains(prefix) ? [prefix] : ids.filter { $0.hasPrefix(prefix) }
        guard let id = matching.first, matching.count == 1, !prefix.isEmpty else {
            let found = matching.isEmpty ? "none" : "\(matching.count): " + matching.prefix(5).map { "`\($0)`" }.joined(separator: ", ")
            throw Diagnostic(
                "unknown-run", "expected one run whose id starts with `\(prefix)`, found \(found)", hint: "list them with `ecdx runs`")
        }
        return try folder(id)
    }

    /// All runs, sorted by id.
    public func runs() -> [RunFolder] {
        ((try? listFolder(joined(path, "runs"))) ?? []).compactMap { name in
            guard fileStatus(joined(joined(path, "runs"), name))?.kind == .folder else { return nil }
            return try? folder(name)
        }
    }

    /// The folder of the run `id`, whether it is there or not. Throws `unknown-run` for what is no id.
    public func folder(_ id: String) throws -> RunFolder {
        let allowed = id.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 95 || $0 == 46
        }
        guard allowed, !id.isEmpty, id.utf8.count <= 128, !id.hasPrefix(".") else {
            throw Diagnostic("unknown-run", "expected a run id of letters, digits, `-`, `_` and `.`, found `\(id)`")
        }
        return RunFolder(id: id, path: joined(joined(path, "runs"), id))
    }
}

/// The folder with the record of one run.
///
///     script.ecdx          the script as it was
///     resolved.json        every value it used
///     journal.jsonl        what happened, a line an event
///     metrics.csv          the numbers by epoch
///     checkpoints/         states to continue from, a folder a training
///     predictions.csv      the predictions
///     weights.safetensors  the trained weights
///     contents.json        the hashes of the files of a finished run
///     result.json          the result, written last: the run is done
///     failed.txt           why a trial of a search failed
///     lease                who writes here
public struct RunFolder: Sendable, Hashable {
    /// The id of the run, which is the name of the folder.
    public let id: String
    /// The path of the folder.
    public let path: String

    /// The path of a file in the folder.
    public func file(_ name: String) -> String { joined(path, name) }

    /// The path of the script as it was.
    public var script: String { file("script.ecdx") }
    /// The path of the values that the run used.
    public var resolved: String { file("resolved.json") }
    /// The path of the journal.
    public var journalPath: String { file("journal.jsonl") }
    /// The path of the numbers by epoch.
    public var metrics: String { file("metrics.csv") }

    /// Takes the right to write here; see `Lease`. Throws `in-use`.
    public func lease() throws -> Lease { try Lease(file("lease")) }

    /// Opens the journal for adding; see `Journal`.
    public func journal(durable: Bool = true) throws -> Journal { try Journal(journalPath, durable: durable) }

    /// The checkpoints of one training of the run. `name` becomes a folder name: characters that do not suit one are replaced,
    /// and a hash of the name keeps two apart.
    public func checkpoints(_ name: String) throws -> Checkpoints {
        let plain = String(
            name.unicodeScalars.prefix(60).map { scalar -> Character in
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-" || scalar == "_")
                    ? Character(scalar) : "_"
            })
        let suffix = plain == name && !name.isEmpty ? "" : "-" + String(try sha256(name).hex.prefix(8))
        return Checkpoints(folder: joined(file("checkpoints"), plain + suffix))
    }

    /// Removes the run with all in it, unless somebody is at work in it. Throws `in-use` and `cannot-write`.
    public func remove() throws {
        let lease = try lease()
        defer { lease.release() }
        // Out of the list first, so that nobody starts in a folder that is half gone.
        let aside = joined(parentFolder(of: path), Temporary.name())
        guard rename(path, aside) == 0 else { throw cannotWrite(path, errno) }
        try removeTree(aside)
        // What an earlier removal left when it was killed.
        sweepTemporaries(in: parentFolder(of: path))
    }
}
