import Diagnostics
import Glibc
import Reports
import Storage

/// The outputs of a run on a terminal: all that are kept, and those that come while the run goes on.
public final class Attachment {
    private let place: KeptOutputs
    private let terminal: Terminal
    private let isStopped: () -> Bool
    private var offset = 0
    private var inode: UInt64 = 0
    private var status: Int32?
    private var began: (script: String, text: String, time: Double)?

    /// Creates an attachment. `isStopped` tells that the person at the terminal has seen enough.
    public init(_ place: KeptOutputs, on terminal: Terminal, isStopped: @escaping () -> Bool) {
        self.place = place
        self.terminal = terminal
        self.isStopped = isStopped
    }

    /// Shows the outputs, and those that come until the run ends. `current`: the text that the script has now, nil where it is gone.
    /// Returns the exit status of the run, 1 where it did not come to an end of its own, and nil where somebody stopped looking.
    /// Throws `no-outputs` where no run is kept.
    public func follow(script: String, current: String?) throws -> Int32? {
        guard fileStatus(place.events) != nil else {
            throw Diagnostic(
                "no-outputs", "expected a run of `\(script)`, found none in the store", hint: "run it with `ecdx run \(script)`")
        }
        // Asked before the outputs are read: what a run wrote before it ended is read then.
        var runner = place.runner
        try read()
        tellOfBeginning(current, runner)
        while runner != nil, status == nil {
            if isStopped() {
                terminal.setStatus(nil)
                return nil
            }
            showProgress()
            usleep(50_000)
            runner = place.runner
            try read()
        }
        terminal.setStatus(nil)
        if status == nil {
            terminal.write(err: "the run was ended from outside before it was through; `ecdx run \(script)` goes on with it\n")
        } else if let status, status > 128 {
            terminal.write(err: "the run was stopped; `ecdx run \(script)` goes on with it\n")
        }
        return status ?? 1
    }

    private func tellOfBeginning(_ current: String?, _ runner: ProcessIdentity?) {
        guard let began else { return }
        if current.flatMap({ try? sha256($0).hex }) != began.text {
            terminal.write(err: "`\(began.script)` was changed since: these are outputs of the text that it had then\n")
        }
        if let runner {
            terminal.write(err: "process \(runner.pid) on `\(runner.host)` goes on with the run; Ctrl-C leaves it alone\n")
        }
    }

    /// Shows the events that came since the last look. A run that began anew is shown from its beginning.
    private func read() throws {
        guard let now = fileStatus(place.events) else { return }
        if now.inode != inode {
            if inode != 0 { terminal.write(err: "the script was run anew\n") }
            (inode, offset, status) = (now.inode, 0, nil)
        }
        guard now.bytes > offset else { return }
        let bytes = try readFile(place.events)
        guard bytes.count > offset, let end = bytes.lastIndex(of: 10), end >= offset else { return }
        for line in bytes[offset...end].split(separator: 10) {
            let value = try JSONValue(parsing: line, in: DataPlace(file: place.events))
            // What a later version keeps besides is passed over.
            if let event = try? value.decoded(as: KeptEvent.self) { show(event) }
        }
        offset = end + 1
    }

    private func show(_ event: KeptEvent) {
        switch event {
        case .began(let script, let text, let time, _): began = (script, text, time)
        case .action: break
        case .output(let output, let isNew): terminal.show(output.content, isNew: isNew)
        case .note(let line): terminal.write(err: escapeControls(line) + "\n")
        case .ended(let status): self.status = status
        }
    }

    private func showProgress() {
        guard terminal.redraws else { return }
        let state = (try? readFile(place.progress, limit: 1 << 20)).flatMap { try? JSONValue(parsing: $0).decoded(as: ProgressState.self) }
        terminal.setStatus(state?.screenLine(width: terminal.statusWidth, ascii: !terminal.traits.unicode))
    }
}

extension Terminal {
    /// Prints an output that was kept, as the run printed it.
    func show(_ content: ReportDocument.Output.Content, isNew: Bool) {
        switch content {
        case .lines(let lines): write(out: lines.map { escapeControls($0) + "\n" }.joined())
        case .table(let grid): write(TextTable(grid))
        case .figure(let picture): write(err: escapeControls("figure: \(picture.file ?? picture.caption)") + "\n")
        case .file(let path): write(err: escapeControls("\(isNew ? "wrote" : "unchanged"): \(path)") + "\n")
        case .diagnostic(_, let text): 
            // Rendered when it was kept; the lines of it are its own.
            write(err: text.split(separator: "\n", omittingEmptySubsequences: false).map { escapeControls(String($0)) + "\n" }.joined())
        }
    }
}

extension TextTable {
    /// Makes the printed form of a table that was kept.
    init(_ grid: ReportDocument.ResultGrid) {
        self.init(
            title: grid.title.isEmpty ? nil : grid.title,
            columns: grid.columns.map { Column($0.header, unit: $0.unit, alignment: $0.isNumeric ? .right : .left) },
            rows: grid.rows, footnotes: grid.notes)
    }
}
