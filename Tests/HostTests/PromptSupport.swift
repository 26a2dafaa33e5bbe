import Glibc
import TestSupport
import Testing

/// The program at its first prompt, behind a pseudo-terminal, with `folder` as its home.
func startPrompt(
    in folder: Scratch, _ changes: [String: String] = [:], arguments: [String] = [], columns: Int = 80, rows: Int = 24,
    pixels: (width: Int, height: Int) = (0, 0)
) throws -> PseudoTerminal {
    let executable = try builtProgram()
    var environment = [
        "PATH": "/usr/bin:/bin", "HOME": folder.path, "XDG_STATE_HOME": folder.path + "/state", "TERM": "xterm", "INPUTRC": "/dev/null",
        "LC_ALL": "C.UTF-8",
        "OMP_NUM_THREADS": "1", "ECDX_STDLIB": Place.library,
    ]
    environment.merge(changes) { $1 }
    let terminal = try PseudoTerminal(
        executable: executable, arguments: ["repl", "--store", folder.path + "/store"] + arguments, environment: environment,
        columns: columns, rows: rows, pixels: pixels)
    try terminal.expect("ecdx> ")
    return terminal
}

extension PseudoTerminal {
    /// Types an input and waits for the next prompt; returns what came between.
    @discardableResult
    func enter(_ text: String, timeout: Double = 20) throws -> String {
        try send(text + "\r")
        return try expect("ecdx> ", timeout: timeout)
    }

    func quit() throws {
        try send(":quit\r")
        #expect(wait() == 0)
        #expect(isCooked)
    }
}
