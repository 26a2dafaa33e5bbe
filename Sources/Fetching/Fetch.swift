import Diagnostics
import Glibc
import Storage

/// The hash that a publisher gives for a file.
public enum PublishedHash: Sendable, Hashable {
    /// A SHA-256.
    case sha256(Digest)
    /// An MD5, as 32 lower-case hexadecimal digits.
    case md5(String)
    /// The SHA-1 by which Git names a file's contents, as 40 lower-case hexadecimal digits.
    case gitBlob(String)

    /// Name of the hash function.
    var name: String {
        switch self {
        case .sha256: "SHA-256"
        case .md5: "MD5"
        case .gitBlob: "SHA-1 of Git"
        }
    }
    /// The hash in lower-case hexadecimal digits.
    var hex: String {
        switch self {
        case .sha256(let digest): digest.hex
        case .md5(let hex), .gitBlob(let hex): hex
        }
    }
    /// The hash of this kind of a file. Throws `cannot-read`.
    func found(inFile path: String) throws -> String {
        switch self {
        case .sha256: try Storage.sha256(ofFile: path).hex
        case .md5: try Storage.md5(ofFile: path)
        case .gitBlob: try Storage.gitBlobHash(ofFile: path)
        }
    }

    /// Checks a file that is here already; `wanted` says what it should be. Throws `wrong-hash`, and `cannot-read` where it cannot be read.
    public func check(_ path: String, _ wanted: String) throws {
        let found = try found(inFile: path)
        guard found == hex else {
            throw Diagnostic(
                "wrong-hash", "expected \(wanted), with the \(name) \(hex), found \(found)", data: DataPlace(file: path),
                hint: "remove it to fetch it again")
        }
    }
}

/// A transfer that was asked to stop; what came is kept, and the same call goes on from there.
public struct FetchStopped: Error, Sendable {
    /// Makes the error of a stopped transfer.
    public init() {}
}

/// Limits of a transfer, and the way to stop it.
public struct FetchOptions: Sendable {
    /// The most bytes a file may have.
    public var limit = 1 << 32
    /// The number of attempts altogether where the connection breaks.
    public var attempts = 3
    /// Whether to stop; asked at least once a second.
    public var isStopped: @Sendable () -> Bool = { Interrupt.requested != nil }
    /// Whether refusals and broken connections are thrown as they are, `TransferRefused` and `TransferCut`, for a caller who knows
    /// what they mean.
    var tellsEnds = false
    /// The bytes that the file must have, where that was announced.
    var announced: Int?
    /// A key for the server of the address alone, which no redirect takes elsewhere.
    var key: APIKey?
    /// Whether a page for people, HTML, is no file.
    var refusesPages = false
    /// Makes the usual options.
    public init() {}
}

/// The size and hash of a fetched file that is whole and right.
public struct FetchedFile: Sendable, Hashable {
    /// Size of the file, in bytes.
    public var bytes: Int
    /// SHA-256 of the file's bytes.
    public var sha256: Digest
}

/// The end of a transfer by a status that is no file.
struct TransferRefused: Error {
    var answer: Answer
    var host: String
    /// Whether it is another server than the one of the address.
    var isElsewhere: Bool
}

/// The end of a transfer by a broken connection; what came is kept.
struct TransferCut: Error {
    var reason: String
    var host: String
}

extension Connection {
    /// Downloads the file at `url` to `path`, going on from the `path.part` that a broken transfer left where the server can. The
    /// file takes its name only when all of it is there, it has the hash `expected`, and `accept`, which is given the path of the
    /// part and its SHA-256, does not throw. `progress` is told how many bytes are there, of how many where that is known.
    ///
    /// Throws `refused-address`, `fetch-failed`, `wrong-hash`, `cannot-write`, `FetchStopped`, and what `accept` throws; there is
    /// no file of that name then, unless there was one before.
    public func fetch(
        _ url: String, to path: String, expecting expected: PublishedHash? = nil, options: FetchOptions = FetchOptions(),
        progress: (_ bytes: Int, _ total: Int?) -> Void = { _, _ in },
        accept: (_ part: String, _ file: FetchedFile) throws -> Void = { _, _ in }
    ) throws -> FetchedFile {
        let address = try Address(url)
        let part = try PartFile(of: path)
        do {
            try withoutActuallyEscaping(progress) { progress in
                try transfer(address, to: part, name: lastName(of: path), options: options, progress: progress)
            }
        } catch {
            // Nothing came: nothing is left.
            if part.count == 0 { try? part.remove() }
            throw error
        }
        try part.sync()
        let file = FetchedFile(bytes: part.count, sha256: try sha256(ofFile: part.path))
        do {
            if let expected { try check(part, file, expected, name: lastName(of: path), host: address.host) }
            try accept(part.path, file)
        } catch {
            // It is whole and wrong: to go on from it is no use.
            try? part.remove()
            throw error
        }
        try part.rename(to: path)
        return file
    }

    private func transfer(
        _ address: Address, to part: PartFile, name: String, options: FetchOptions, progress: @escaping (Int, Int?) -> Void
    ) throws {
        var broken = 0
        while true {
            let etag = try part.version(for: address.text)
            let intake = Intake(part, address: address, name: name, options: options, progress: progress)
            let (end, host, isElsewhere) = try get(
                address, from: etag == nil ? 0 : part.count, etag: etag, key: options.key, leavesKey: true, receiver: intake)
            switch end {
            case .done(let answer) where answer.status == 200 || answer.status == 206:
                if let total = answer.rangeTotal ?? intake.total ?? options.announced, part.count != total {
                    try part.clear()
                    throw failed("expected \(total) bytes of `\(name)` from `\(host)`, found \(part.count)")
                }
                return
            // There is nothing behind what we have: it is not the beginning of the file that is there now.
            case .done(let answer) where answer.status == 416 && etag != nil: try part.clear()
            case .done(let answer) where options.tellsEnds: throw TransferRefused(answer: answer, host: host, isElsewhere: isElsewhere)
            case .done(let answer): throw refusal(answer.status, name, host)
            case .stopped: throw FetchStopped()
            case .cut(let reason):
                broken += 1
                if options.isStopped() { throw FetchStopped() }
                guard broken < options.attempts else {
                    if options.tellsEnds { throw TransferCut(reason: plain(reason), host: host) }
                    throw failed(
                        "expected all of `\(name)` from `\(host)`, found: \(plain(reason))",
                        hint: "try again: the same command goes on from there")
                }
                usleep(UInt32(100_000 * broken))
            case .failed(let reason):
                throw failed(
                    "expected `\(name)` from `\(host)`, found: \(plain(reason))", hint: "see whether this machine reaches `\(host)`")
            }
        }
    }

    private func check(_ part: PartFile, _ file: FetchedFile, _ expected: PublishedHash, name: String, host: String) throws {
        let found = if case .sha256 = expected { file.sha256.hex } else { try expected.found(inFile: part.path) }
        guard found == expected.hex else {
            throw Diagnostic(
                "wrong-hash", "expected `\(name)` from `\(host)` with the \(expected.name) \(expected.hex), found \(found)",
                notes: ["nothing of it was kept"], hint: "try again; where it stays so, the file is not the one that was published")
        }
    }
}

/// The diagnostic `fetch-failed` for a status by which a server refuses.
private func refusal(_ status: Int, _ name: String, _ host: String) -> Diagnostic {
    let (meaning, hint) =
        switch status {
        case 404, 410: (" (not there)", "look whether the publisher has moved it; another place is given with --from")
        case 401, 403: (" (not allowed)", "look whether the publisher still gives it to everybody")
        case 429: (" (asked too often)", "wait some minutes; the same command goes on from there")
        case 500...599: (" (the server's own trouble)", "try again later; the same command goes on from there")
        default: ("", "look at the address in a browser")
        }
    return failed("expected `\(name)` from `\(host)`, found status \(status)\(meaning)", hint: hint)
}

func failed(_ message: String, hint: String? = nil) -> Diagnostic { Diagnostic("fetch-failed", message, hint: hint) }

/// A message of libcurl in the manner of ours: a small letter first, no full stop at the end.
func plain(_ reason: String) -> String {
    var words = reason.isEmpty ? "no reason" : reason
    while words.hasSuffix(".") || words.hasSuffix("\n") { words.removeLast() }
    return words.prefix(1).lowercased() + words.dropFirst()
}

/// A receiver that writes what comes to a part file.
private final class Intake: Receiver {
    private let part: PartFile
    private let address: Address
    private let name: String
    private let options: FetchOptions
    private let progress: (Int, Int?) -> Void
    private(set) var total: Int?

    init(_ part: PartFile, address: Address, name: String, options: FetchOptions, progress: @escaping (Int, Int?) -> Void) {
        (self.part, self.address, self.name, self.options, self.progress) = (part, address, name, options, progress)
    }

    var isStopped: Bool { options.isStopped() }

    func begin(_ answer: Answer) throws {
        if options.refusesPages, answer.contentType?.lowercased().hasPrefix("text/html") == true {
            try part.clear()
            throw failed(
                "expected `\(name)` from `\(address.host)`, found a web page (HTML)",
                hint: "a proxy or a page for logging in may stand in between; look at the address in a browser")
        }
        if answer.status == 206 {
            let wanted = part.count
            guard answer.rangeStart == wanted, wanted > 0 else {
                // Asked again, it would say the same again.
                try part.clear()
                throw failed(
                    "expected `\(name)` from byte \(wanted), found another part of it: \(answer.rangeStart.map(String.init) ?? "none said")"
                )
            }
            total = answer.rangeTotal ?? answer.length.flatMap(sum)
        } else {
            // All of it, whatever was asked.
            try part.clear()
            total = answer.length
        }
        if let total, total > options.limit { throw tooLong(total) }
        if let total, let announced = options.announced, total != announced { throw notAsAnnounced(total, announced) }
        // A server that repeats the key as a tag would have it written down.
        let etag = answer.etag.flatMap { options.key?.isIn(Array($0.utf8)) == true ? nil : $0 }
        try part.note(url: address.text, etag: etag)
        progress(part.count, total)
    }

    func take(_ bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count <= options.limit - part.count else { throw tooLong(options.limit + 1) }
        if let announced = options.announced, bytes.count > announced - part.count {
            throw notAsAnnounced(part.count + bytes.count, announced)
        }
        try part.append(bytes)
        progress(part.count, total)
    }

    private func sum(_ length: Int) -> Int? {
        let (sum, overflow) = part.count.addingReportingOverflow(length)
        return overflow ? nil : sum
    }

    private func notAsAnnounced(_ size: Int, _ announced: Int) -> Diagnostic {
        try? part.clear()
        return failed(
            "expected \(announced) bytes of `\(name)` from `\(address.host)`, as was announced, found \(size)",
            hint: "try again; where it stays so, something stands in between")
    }

    private func tooLong(_ size: Int) -> Diagnostic {
        try? part.clear()
        return failed("expected at most \(options.limit) bytes of `\(name)` from `\(address.host)`, found \(size) or more")
    }
}
