import Diagnostics
import Glibc
import Storage

/// A folder of one test, removed with all in it when its owner goes.
public final class Scratch: Sendable {
    /// The path of the folder, with no link in it.
    public let path: String

    /// Makes a folder in TMPDIR, or in `/tmp`.
    public init() throws {
        let parent = environment("TMPDIR") ?? "/tmp"
        var template = Array(joined(parent, "ecdx-test-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw TestFailure(description: "no temporary folder in \(parent): errno \(errno)") }
        path = try resolvedPath(String(cBuffer: template))
    }

    deinit { try? removeTree(path) }

    /// The path of a file in the folder.
    public func file(_ name: String) -> String { joined(path, name) }

    /// Writes a file with these bytes, and gives its path.
    @discardableResult
    public func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let place = file(name)
        guard let stream = fopen(place, "wb") else { throw TestFailure(description: "cannot write \(place): errno \(errno)") }
        let written = fwrite(bytes, 1, bytes.count, stream)
        guard fclose(stream) == 0, written == bytes.count else { throw TestFailure(description: "cannot write all of \(place)") }
        return place
    }
}

/// Gives `body` the path of a file with these bytes, which is there as long as it runs.
public func withFile<R>(_ name: String, _ contents: [UInt8], _ body: (String) throws -> R) throws -> R {
    let scratch = try Scratch()
    let path = try scratch.file(name, contents)
    return try withExtendedLifetime(scratch) { try body(path) }
}

/// The bytes of a file.
public func bytes(of path: String) throws -> [UInt8] { try readFile(path) }

/// The text of a file; bytes that are no UTF-8 become replacement characters.
public func text(of path: String) throws -> String { String(decoding: try readFile(path), as: UTF8.self) }
