import Foundation
import Glibc
import TestSupport
import Testing

/// Runs a program with a text as its standard input.
func piped(
    _ input: String, to executable: String, arguments: [String] = [], in folder: String
) throws -> (status: Int32, out: String, err: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = [
        "PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1", "ECDX_STDLIB": Place.library,
    ]
    // Files have no limit at which both sides would wait for each other.
    let paths = ["in", "out", "err"].map { "\(folder)/.\(UUID().uuidString).\($0)" }
    for (path, text) in zip(paths, [input, "", ""]) { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
    defer { for path in paths { unlink(path) } }
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: paths[0]))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: paths[1]))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: paths[2]))
    try process.run()
    process.waitUntilExit()
    func read(_ path: String) throws -> String { String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self) }
    return (process.terminationStatus, try read(paths[1]), try read(paths[2]))
}

/// Standard input that is no keyboard is a script.
@Suite(.timed) struct PipedTests {
    private let folder: Scratch
    private let executable: String

    init() throws {
        folder = try Scratch()
        executable = try builtProgram()
    }

    @Test(arguments: [
        "let a = 20\nshow a + 22\n", "let a = 20\r\nshow a + 22\r\n", "let a = 20\nshow a + 22",
        "let a = [\r\n20,\r\n]\r\n# c\r\n\r\nshow a[0] + 22",
    ])
    func aScriptRuns(_ script: String) throws {
        let result = try piped(script, to: executable, in: folder.path)
        #expect(result.status == 0)
        #expect(result.out == "42\n")
        #expect(result.err == "")
    }

    /// The whole of it is checked first: nothing before the mistake is printed either.
    @Test func aMistakeInTheMiddleEndsItBeforeItBegins() throws {
        let result = try piped("show 1\nnonsense\nshow 2\n", to: executable, in: folder.path)
        #expect(result.status == 3)
        #expect(result.out == "")
        #expect(result.err.contains("error[unknown-name]"))
        #expect(result.err.contains("2 | nonsense"))
        #expect(!result.err.contains("\u{1B}"))
    }

    @Test func commandsOfThePromptAreNoScript() throws {
        #expect(try piped(":list\n", to: executable, in: folder.path).status == 3)
        #expect(try piped("", to: executable, in: folder.path).status == 0)
    }
}
