import Storage

/// The progress of one file, or of those of one model, in megabytes: a bar on a terminal, in a log a line at the end and one in
/// half a minute before it.
final class WeightsProgress {
    private static let megabyte = 1_000_000
    private let name: String
    private let terminal: Terminal
    private var bar: ProgressBar?
    private var total = 1
    private var told = steadySeconds()

    init(_ name: String, on terminal: Terminal) { (self.name, self.terminal) = (name, terminal) }

    func update(_ bytes: Int, of size: Int?) {
        // Without a size there is no share of it to show.
        guard let size, size > 0 else { return }
        let now = steadySeconds()
        let done = bytes / Self.megabyte
        let bar = self.bar ?? begin(size, done)
        // In a log the bar would write a line a megabyte.
        guard terminal.redraws || now - told >= 30 else { return }
        told = now
        bar.update(done: min(done, total - 1), part: Double(bytes % Self.megabyte) / Double(Self.megabyte))
    }

    /// Ends the progress: the whole file is there.
    func finish() {
        if !terminal.redraws { bar?.update(done: total) }
        end()
    }

    func end() {
        bar?.cancel()
        bar = nil
    }

    private func begin(_ size: Int, _ done: Int) -> ProgressBar {
        total = (size - 1) / Self.megabyte + 1
        // On the screen the bar does not say its unit.
        let new = ProgressBar(terminal.redraws ? name + " (MB)" : name, unit: "MB", total: total, doneBefore: done, on: terminal)
        bar = new
        return new
    }
}
