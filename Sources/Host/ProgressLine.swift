import Experiments
import Glibc

/// The progress of a computation, as a progress line tells it.
public struct ProgressState: Sendable, Hashable, Codable {
    /// A quantity that is followed, for example the loss on the validation part.
    public struct Measure: Sendable, Hashable, Codable {
        /// The word in a log line, for example `validation`.
        public var name: String
        /// The word on the screen, for example `val`.
        public var short: String
        /// The value of the quantity.
        public var value: Double

        /// Creates a measure; nil for `short` takes the name.
        public init(_ name: String, short: String? = nil, _ value: Double) {
            self.name = name
            self.short = short ?? name
            self.value = value
        }
    }

    /// The name of the computation, for example that of the experiment.
    public var name: String
    /// The name of the units that are counted, for example `epoch`.
    public var unit: String
    /// The number of units done.
    public var done: Int
    /// The number of units in all.
    public var total: Int
    /// The part of the current unit that is done, 0 to 1.
    public var part: Double
    /// The quantities that are followed, in the order they are printed.
    public var measures: [Measure]
    /// The time since the start, in seconds.
    public var elapsed: Double
    /// The number of units that were done before the start, by a run that this one continues.
    public var doneBefore: Int
    /// The place in the run that it is a part of, and how long that still takes; nil where it is not known.
    public var whole: WholeProgress?

    /// Creates a progress.
    public init(
        name: String, unit: String = "epoch", done: Int, total: Int, part: Double = 0, measures: [Measure] = [],
        elapsed: Double = 0, doneBefore: Int = 0
    ) {
        self.name = name
        self.unit = unit
        self.done = done
        self.total = total
        self.part = part
        self.measures = measures
        self.elapsed = elapsed
        self.doneBefore = doneBefore
    }

    /// The share that is done, 0 to 1.
    public var fraction: Double {
        guard total > 0 else { return 0 }
        return min(1, max(0, (Double(done) + min(1, max(0, part))) / Double(total)))
    }

    /// The remaining time in seconds, if the rest goes as fast as what this run has done; nil before the first unit is
    /// done.
    public var remaining: Double? {
        guard done > doneBefore, total > 0 else { return nil }
        let here = Double(done - doneBefore) + min(1, max(0, part))
        return elapsed / here * max(0, Double(total) - Double(doneBefore) - here)
    }

    /// The line of a log, for example `bulk  epoch 20/200  loss 0.110  validation 0.150  00:04`.
    public func logLine(note: String? = nil) -> String {
        var parts = [name, "\(unit) \(done)/\(total)"]
        if part > 0, done < total { parts[1] += " + \(Int((part * 100).rounded(.down))) %" }
        parts += measures.map { "\($0.name) \(formatMeasure($0.value))" }
        parts.append(formatDuration(elapsed))
        if let whole, note == nil { parts.append(whole.text) }
        if let note { parts.append(note) }
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }
}

/// Draws a bar of `width` columns, `fraction` of it filled.
func progressBar(_ fraction: Double, width: Int, ascii: Bool) -> String {
    guard width > 0 else { return "" }
    let share = fraction.isFinite ? min(1, max(0, fraction)) : 0
    if ascii {
        let inner = max(0, width - 2)
        let filled = Int(share * Double(inner))
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: inner - filled) + "]"
    }
    // Eighths of a column, as the block characters have them.
    let eighths = Int(share * Double(width) * 8)
    let whole = eighths / 8
    let rest = eighths % 8
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][rest]
    return String(repeating: "█", count: whole) + partial
        + String(repeating: "░", count: width - whole - (rest > 0 ? 1 : 0))
}

/// Formats seconds as `mm:ss`, from an hour on `h:mm:ss`.
public func formatDuration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "--:--" }
    let whole = Int(seconds)
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let minutes = whole / 60
    let hours = minutes / 60
    return hours > 0 ? "\(hours):\(two(minutes % 60)):\(two(whole % 60))" : "\(two(minutes)):\(two(whole % 60))"
}

/// Formats a measure with three significant digits, zeros kept: `0.110`, `12.3`, `1234`, `1.20e-05`.
public func formatMeasure(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let size = abs(value)
    if value == 0 { return "0.000" }
    if size >= 1e6 || size < 9.995e-4 { return printed("%.2e", value) }
    if size >= 99.95 { return printed("%.0f", value) }
    if size >= 9.995 { return printed("%.1f", value) }
    if size >= 0.9995 { return printed("%.2f", value) }
    if size >= 0.09995 { return printed("%.3f", value) }
    return printed(size >= 0.009995 ? "%.4f" : "%.5f", value)
}

/// Formats a number as C's printf does.
private func printed(_ format: String, _ value: Double) -> String {
    var buffer = [CChar](repeating: 0, count: 64)
    let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, format, $0) }
    guard count > 0, Int(count) < buffer.count else { return "\(value)" }
    return String(decoding: buffer[..<Int(count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
