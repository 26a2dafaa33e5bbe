import CReadline
import Diagnostics
import Glibc

/// The user's editor, run on a file of its own.
struct TextEditor {
    /// The shell command that starts the editor, as `VISUAL` and `EDITOR` hold it: `vim`, `code --wait`.
    var command: String

    /// The editor of the user: `VISUAL`, else `EDITOR`, else `vi`.
    static func ofUser() -> TextEditor {
        let named = [environment("VISUAL"), environment("EDITOR")].compactMap { $0 }.first { !$0.isEmpty }
        return TextEditor(command: named ?? "vi")
    }

    /// Runs the editor on a text and returns the text as the editor leaves it. Throws `editor` where it fails.
    func edit(_ text: String) throws(Diagnostic) -> String {
        let temporary = environment("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        // The end of the name tells the editor which language it is.
        var path = Array("\(temporary)/ecdx-XXXXXX.ecdx".utf8CString)
        let descriptor = mkstemps(&path, 5)
        guard descriptor >= 0 else { throw failure("no file can be made in `\(temporary)`: \(reason(errno))") }
        let name = String(cBuffer: path)
        defer { unlink(name) }
        let error = writeAll(Array((text.hasSuffix("\n") ? text : text + "\n").utf8), to: descriptor)
        close(descriptor)
        guard error == 0 else { throw failure("`\(name)` cannot be written: \(reason(error))") }
        let status = try run(on: name)
        guard status == 0 else { throw failure("`\(command)` ended with status \(status)") }
        return try read(name)
    }

    private func run(on path: String) throws(Diagnostic) -> Int32 {
        // As for any command of a shell, Ctrl-C at the editor is the editor's affair.
        let ignored = [SIGINT, SIGQUIT]
        var before = ignored.map { _ in sigaction() }
        for (index, number) in ignored.enumerated() {
            var ignore = sigaction()
            ignore.__sigaction_handler.sa_handler = SIG_IGN
            sigaction(number, &ignore, &before[index])
        }
        defer { for (index, number) in ignored.enumerated() { sigaction(number, &before[index], nil) } }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var normal = sigset_t()
        var none = sigset_t()
        sigemptyset(&normal)
        for number in ignored + [SIGPIPE, SIGXFSZ] { sigaddset(&normal, number) }
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &normal)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let words = ["sh", "-c", command + " \"$1\"", "ecdx", path]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let error = posix_spawn(&child, "/bin/sh", nil, &attributes, arguments, crl_environment())
        guard error == 0 else { throw failure("`\(command)` cannot be started: \(reason(error))") }
        var raw: Int32 = 0
        while waitpid(child, &raw, 0) < 0 { if errno != EINTR { throw failure("`\(command)` was lost: \(reason(errno))") } }
        return raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F
    }

    private func read(_ path: String) throws(Diagnostic) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("the text cannot be read back: \(reason(errno))") }
        defer { close(descriptor) }
        do {
            return try StandardInput.readAll(from: descriptor)
        } catch {
            throw (error as? Diagnostic).map { failure($0.message) } ?? failure("the text cannot be read back")
        }
    }

    private func failure(_ message: String) -> Diagnostic {
        Diagnostic("editor", message + ": nothing is changed", hint: "set VISUAL or EDITOR to an editor")
    }

    private func reason(_ error: Int32) -> String { systemReason(error) }
}
