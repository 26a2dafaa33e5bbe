import Diagnostics
import Dispatch
import Glibc
import Testing

@testable import Storage

/// A folder of one test, removed with all in it when the test ends.
final class Scratch {
    let path: String

    init() throws {
        var template = Array("/tmp/ecdx-storage-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(cBuffer: template)
    }

    deinit { try? removeTree(path) }

    func file(_ name: String) -> String { joined(path, name) }
}

/// The diagnostic `body` throws; records an issue where it throws none.
func diagnostic(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) -> Diagnostic {
    do {
        try body()
        Issue.record("expected a diagnostic, nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as Diagnostic {
        return error
    } catch {
        Issue.record("expected a diagnostic, \(error) was thrown", sourceLocation: sourceLocation)
    }
    return Diagnostic("none", "nothing was thrown")
}

/// Runs a command to its end by posix_spawn and returns its process number and exit status.
@discardableResult
func runToEnd(_ arguments: [String]) throws -> (pid: pid_t, status: Int32) {
    var pid: pid_t = 0
    var pointers = arguments.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    let spawned = posix_spawn(&pid, arguments[0], nil, nil, &pointers, environ)
    try #require(spawned == 0)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return (pid, (status >> 8) & 0xFF)
}

var fixtures: String { joined(parentFolder(of: #filePath), "Fixtures") }

/// Runs `body` on `count` threads at once and waits for all.
func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    // A serial queue each: those get threads of their own, more of them than there are cores.
    for index in 0..<count { DispatchQueue(label: "ecdx.test.\(index)").async(group: group) { body(index) } }
    group.wait()
}
