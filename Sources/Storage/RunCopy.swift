import Diagnostics
import Glibc

extension Store {
    /// Opens the store at `path`, which has to be there; writes nothing. Throws `no-store`, and `store-format` for a layout
    /// this program does not know.
    public init(existing path: String) throws {
        guard fileStatus(joined(path, "format"))?.kind == .file else {
            throw Diagnostic(
                "no-store", "expected a store of runs at `\(path)`, found none",
                hint: "it is the folder `.ecdx` beside the script that was run; give its place with `--store DIR`")
        }
        try self.init(at: path, base: parentFolder(of: path), create: false)
    }

    /// The folder that holds a folder for each run.
    public var runsFolder: String { joined(path, "runs") }
}

extension RunFolder {
    /// A file of a run's record.
    public struct Piece: Sendable, Hashable {
        /// The name of the file in the folder of the run.
        public var name: String
        /// The most bytes that are taken from elsewhere; a longer file is refused.
        public var limit: Int
        /// Whether the record of a finished run must have the file.
        public var isRequired: Bool
    }

    /// The files that make up the record of a finished run. Checkpoints and leases are of the place where it ran.
    public static let pieces = [
        Piece(name: "script.ecdx", limit: 1 << 24, isRequired: false), Piece(name: "resolved.json", limit: 1 << 24, isRequired: true),
        Piece(name: "journal.jsonl", limit: 1 << 25, isRequired: true), Piece(name: "metrics.csv", limit: 1 << 25, isRequired: false),
        Piece(name: "predictions.csv", limit: 1 << 26, isRequired: false),
        Piece(name: "weights.safetensors", limit: 1 << 32, isRequired: true),
        Piece(name: "contents.json", limit: 1 << 16, isRequired: false), Piece(name: "result.json", limit: 1 << 25, isRequired: true),
    ]

    /// The most names that are looked at in a folder from elsewhere.
    private static let mostNames = 10_000

    /// Copies the record of a finished run from the folder `source` into `folder`, whole or not at all: aside first, where
    /// `names` looks at the copy and says what it may be called; it gets the first that is free. Only files of a record are
    /// taken, none longer than it may be; a link or a device in `source` is refused wherever it leads. Throws `bad-data`,
    /// `cannot-read`, `cannot-write`, `would-overwrite`, and what `names` throws; nothing is left behind then. Gives the name.
    public static func copyRecord(from source: String, into folder: String, names: (_ copy: String) throws -> [String]) throws -> String {
        func bad(_ message: String, _ name: String = "") -> Diagnostic {
            Diagnostic("bad-data", message, data: DataPlace(file: name.isEmpty ? source : joined(source, name)))
        }
        let found = try listFolder(source)
        guard found.count <= mostNames else { throw bad("expected the record of a run, found a folder with \(found.count) names in it") }
        for name in found {
            switch fileStatus(joined(source, name), followingLinks: false)?.kind {
            case .file, .folder, nil: break
            case .link: throw bad("expected files in the record of a run, found a link", name)
            case .other: throw bad("expected files in the record of a run, found a device or a pipe", name)
            }
        }
        try createFolder(folder)
        sweepTemporaries(in: folder)
        let aside = joined(folder, Temporary.name())
        try createFolder(aside)
        do {
            for piece in pieces {
                guard found.contains(piece.name) else {
                    if piece.isRequired { throw bad("expected the record of a finished run, found no `\(piece.name)`") }
                    continue
                }
                try copyFile(joined(source, piece.name), to: joined(aside, piece.name), limit: piece.limit)
            }
            try syncFolder(aside)
            for name in try names(aside) {
                let target = joined(folder, name)
                // An empty folder would be replaced: somebody may just have made it.
                if fileStatus(target, followingLinks: false) != nil { continue }
                if rename(aside, target) == 0 {
                    try syncFolder(folder)
                    return name
                }
                guard [ENOTEMPTY, EEXIST, ENOTDIR].contains(errno) else { throw cannotWrite(target, errno) }
            }
            throw Diagnostic(
                "would-overwrite", "expected a place for a copy of a run, found that its name is taken", data: DataPlace(file: folder))
        } catch {
            try? removeTree(aside)
            throw error
        }
    }
}

/// Copies a file of at most `limit` bytes; a link is not followed. Throws `bad-data`, `cannot-read` and `cannot-write`.
public func copyFile(_ source: String, to target: String, limit: Int) throws {
    guard let before = fileStatus(source, followingLinks: false), before.kind == .file else {
        throw Diagnostic("bad-data", "expected a file, found something else", data: DataPlace(file: source))
    }
    let file = try OpenFile(reading: source)
    // What was looked at is what is read, even where somebody swaps names meanwhile.
    guard try file.status().inode == before.inode else {
        throw Diagnostic("cannot-read", "expected a file that stays, found another in its place", data: DataPlace(file: source))
    }
    let tooLong = Diagnostic("bad-data", "expected at most \(limit) bytes, found more", data: DataPlace(file: source))
    guard before.bytes <= limit else { throw tooLong }
    try writeWhole(to: target) { sink in
        try file.readPieces { piece in
            guard sink.count + piece.count <= limit else { throw tooLong }
            try sink.write(piece)
        }
    }
}

extension Lease {
    /// The state of a lease, looked at without touching it.
    public enum Standing: Sendable, Hashable {
        case free
        case held(Owner?)
        case stale(Owner?)
    }

    /// Whether the lease at `path` is free, held, or left by somebody who is gone. Elsewhere than on the holder's machine the
    /// age of its last sign of life decides, by the clock of this one.
    public static func standing(of path: String) -> Standing {
        guard fileStatus(path) != nil else { return .free }
        let holder = owner(of: path)
        if let running = holder?.process.isRunning { return running ? .held(holder) : .stale(holder) }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        guard let mark = fileStatus(joined(path, "owner.json")) ?? fileStatus(path) else { return .free }
        return Double(nanoseconds(now) - mark.modified) / 1e9 > staleAfter ? .stale(holder) : .held(holder)
    }
}

extension RunFolder {
    /// The record of a run that lies in `path`, outside a store. Its id is the folder's name and means nothing.
    public init(at path: String) { self.init(id: lastName(of: path), path: path) }
}
