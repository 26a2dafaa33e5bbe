import Builtins
import Diagnostics
import Glibc
import Language
import Storage

/// The check of actions before anything runs: what holds for those of every verb.
struct ActionCheck {
    let session: Session
    let context: CheckContext

    /// The faults of an action: of its value, of the path that it writes to, and of the memory that it takes.
    func faults(of action: CheckedScript.Action) -> [Diagnostic] {
        valueAndTarget(action) + predictions(action) + memory(action)
    }

    /// The faults of data sets that an action's value predicts for: inputs that the model does not know, or prepared in another way.
    private func predictions(_ action: CheckedScript.Action) -> [Diagnostic] {
        let asked = action.value.collect { value in value.call.flatMap { call in context.library.prediction(of: call).map { (call, $0) } } }
        return asked.flatMap { call, asked -> [Diagnostic] in
            guard let experiment = try? context.experiment(asked.experiment) else { return [] }
            let faults = try? ModelInputs(of: experiment).faults(for: asked.data, context, asGiven: session.options.asGiven)
            return (faults ?? []).map { $0.at(call.origin.span ?? action.span) }
        }
    }

    private func valueAndTarget(_ action: CheckedScript.Action) -> [Diagnostic] {
        let meaning = action.verb.meaning
        let faults = meaning.faults(of: action, in: self)
        guard let target = action.target, !faults.contains(where: { $0.severity == .error }) else { return faults }
        do {
            try meaning.checkFormat(of: target, for: action)
            let path = try placeToWrite(target)
            try meaning.checkWriting(to: path, in: self)
            return faults
        } catch let diagnostic as Diagnostic {
            return faults + [diagnostic.at(action.targetSpan)]
        } catch {
            return faults
        }
    }

    /// The absolute path of a file that can be written. Throws `outside`, `inside-store`, `cannot-write` and `would-overwrite`.
    func placeToWrite(_ target: String) throws -> String {
        let path = try session.writable(target)
        var above = parentFolder(of: path)
        while fileStatus(above) == nil, above != "/", !above.isEmpty { above = parentFolder(of: above) }
        guard fileStatus(above)?.kind == .folder else {
            throw Diagnostic("cannot-write", "expected a folder at `\(above)` to write into, found a file")
        }
        guard access(above, W_OK) == 0 else { throw Diagnostic("cannot-write", "no file can be written to the folder `\(above)`") }
        try free(path)
        return path
    }

    /// The fault of an action that takes more memory than may be used; none for another. What experiments take is checked with them.
    private func memory(_ action: CheckedScript.Action) -> [Diagnostic] {
        do {
            try context.checkMemory(of: action.value, action.verb.meaning.subject)
            return []
        } catch let diagnostic as Diagnostic where diagnostic.id == "memory" {
            return [diagnostic.at(action.span)]
        } catch {
            // Anything else was said where it stands.
            return []
        }
    }

    /// Checks that no file is at a place which ecdx did not write. Throws `would-overwrite`.
    func free(_ path: String) throws {
        // Opened once a check, and hence remembered with what else the check found.
        struct StoreOfCheck: Hashable {}
        let store = context.remembered(StoreOfCheck()) { try? session.openStore(create: false) }
        try store?.outputs.check(path, force: session.options.force)
    }

    /// Checks that no part of a path is longer than file systems take. Throws `cannot-write`.
    func nameLength(of path: String) throws {
        guard let long = path.split(separator: "/").first(where: { $0.utf8.count > 255 }) else { return }
        throw Diagnostic(
            "cannot-write", "expected names of at most 255 bytes, found one of \(long.utf8.count), which begins with `\(long.prefix(40))`",
            hint: "give a shorter name")
    }

    /// The fault of a file that is not there, with a hint where an action of the script writes it: files are looked at before anything
    /// runs. Other faults stay as they are.
    func tellingOfWriter(_ fault: Diagnostic, _ actions: [CheckedScript.Action]) -> Diagnostic {
        guard fault.severity == .error, ["cannot-read", "missing-file"].contains(fault.id) else { return fault }
        // Of some faults the message alone names the file.
        let named = fault.message.split(separator: "`", omittingEmptySubsequences: false)
        guard let file = fault.data?.file ?? (named.count > 1 ? String(named[1]) : nil), let path = try? session.writable(file),
            fileStatus(path) == nil
        else { return fault }
        for action in actions {
            guard let target = action.target, let written = try? session.writable(target),
                action.verb.meaning.files(at: written).contains(path)
            else { continue }
            let line = session.sources.position(of: action.span.start, in: action.span.file)?.line
            var result = fault
            result.hints.append(
                """
                this script writes it\(line.map { " on line \($0)" } ?? ""), and all files are looked at before anything is written: run \
                that part by itself first, or use the value in place of its file
                """)
            return result
        }
        return fault
    }

    /// Checks that a document about a script may be written, which nothing else of the script is. Throws what `placeToWrite` does, and
    /// `written-twice`.
    func document(at path: String, script: String, _ actions: [CheckedScript.Action]) throws {
        let target = try placeToWrite(path)
        let own = try resolvedPath(script)
        guard target != own else {
            throw Diagnostic("written-twice", "`\(lastName(of: target))` is the script itself", hint: "name another file with `--to`")
        }
        for action in actions {
            guard let other = action.target, let written = try? session.writable(other),
                action.verb.meaning.files(at: written).contains(target)
            else { continue }
            throw Diagnostic(
                "written-twice", "`\(lastName(of: target))` is written by the script itself", at: action.targetSpan,
                hint: "name another file with `--to`")
        }
    }

    /// The actions whose file a later one writes again: what they wrote would be lost without a word.
    func writtenTwice(_ actions: [CheckedScript.Action]) -> [Diagnostic] {
        var writers: [String: CheckedScript.Action] = [:]
        var found: [Diagnostic] = []
        for action in actions {
            guard let target = action.target, let path = try? session.writable(target) else { continue }
            for file in action.verb.meaning.files(at: path) {
                if let before = writers[file], !found.contains(where: { $0.span == before.targetSpan }) {
                    let line = session.sources.position(of: action.span.start, in: action.span.file)?.line
                    found.append(
                        Diagnostic(
                            "written-twice", "`\(lastName(of: file))` is written again\(line.map { " on line \($0)" } ?? "")",
                            at: before.targetSpan, hint: "give each action a file of its own"))
                }
                writers[file] = action
            }
        }
        return found
    }
}
