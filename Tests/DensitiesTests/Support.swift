import Diagnostics
import Glibc
import Testing

/// The path of a fixture beside the tests, or of the project's densities.
func fixture(_ name: String) -> String { folder(of: #filePath) + "/Fixtures/" + name }
func crystal(_ name: String) -> String { folder(of: #filePath) + "/../../experiments/data/fcc-dft/densities/" + name }

private func folder(of path: String) -> String { String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)) }

func text(of path: String) throws -> String { String(decoding: try bytes(of: path), as: UTF8.self) }

func bytes(of path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "rb"), "cannot open \(path)")
    defer { fclose(file) }
    var result: [UInt8] = [], piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let got = fread(&piece, 1, piece.count, file)
        if got == 0 { return result }
        result += piece.prefix(got)
    }
}

/// A file of its own for the length of a test.
func withFile<R>(_ name: String, _ contents: [UInt8], _ body: (String) throws -> R) throws -> R {
    var template = Array("/tmp/ecdx-test-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    let folder = String(cString: made), path = folder + "/" + name
    defer {
        unlink(path)
        rmdir(folder)
    }
    let file = try #require(fopen(path, "wb"))
    let written = fwrite(contents, 1, contents.count, file)
    fclose(file)
    #expect(written == contents.count)
    return try body(path)
}

/// The diagnostic that `body` throws; the test fails where it throws none.
func diagnostic(_ body: () throws -> Void) throws -> Diagnostic {
    do { try body() } catch let thrown as Diagnostic { return thrown }
    throw Diagnostic("test", "expected a diagnostic, found none")
}

/// Checks the id of the diagnostic that `body` throws, and its message where one is given.
func expectFault(_ id: String, _ message: String? = nil, _ comment: Comment? = nil, _ body: () throws -> Void) throws {
    let found = try diagnostic(body)
    #expect(found.id == id, comment)
    if let message { #expect(found.message == message, comment) }
}
