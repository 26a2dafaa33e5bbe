import ArgumentParser
import Diagnostics
import Experiments
import Glibc
import Host
import Storage

/// `ecdx run --detach`: starts the run in the background and waits until its check is over.
struct DetachedStart {
    let options: ScriptOptions
    let terminal: Terminal

    func run() throws {
        // What is wrong with the command line or the script's path is said here.
        let (session, _, _) = try options.open(terminal)
        let place = try options.outputs(store: session.storePath)
        if let runner = place.runner {
            terminal.report(
                Diagnostic(
                    "in-use", "expected nobody to run `\(options.script)`, found process \(runner.pid) on `\(runner.host)` at work",
                    hint: "follow it with `ecdx attach \(options.script)`, or stop it with `ecdx stop \(options.script)`"))
            throw ExitCode(Status.failed)
        }
        let arguments = CommandLine.arguments.dropFirst().filter { $0 != "--detach" }
        let run: BackgroundRun
        do { run = try BackgroundRun(Array(arguments), log: place.log) } catch let diagnostic as Diagnostic {
            terminal.report(diagnostic)
            throw ExitCode(Status.failed)
        }
        while true {
            if place.runner?.pid == run.process { break }
            if let status = run.ended() {
                try tell(of: status, place)
                return
            }
            usleep(20_000)
        }
        terminal.write(
            err: """
                process \(run.process) runs it in the background
                follow it with `ecdx attach \(attached)`, stop it with `ecdx stop \(attached)`

                """)
    }

    /// The arguments that name the script and its store.
    private var attached: String {
        options.script + (options.store.map { " --store \($0)" } ?? "") + (options.smoke ? " --smoke" : "")
    }

    /// Shows what a run wrote that is over already.
    private func tell(of status: Int32, _ place: KeptOutputs) throws {
        terminal.write(err: (try? readText(place.log, limit: 1 << 24)) ?? "")
        // A run that kept nothing leaves no folders behind.
        if fileStatus(place.events) == nil {
            try? removeTree(place.folder)
            rmdir(parentFolder(of: place.folder))
            rmdir(parentFolder(of: parentFolder(of: place.folder)))
        }
        if status != 0 { throw ExitCode(status) }
    }
}
