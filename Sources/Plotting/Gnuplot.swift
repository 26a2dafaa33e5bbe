import CGnuplot
import Diagnostics
import Glibc

/// A runner of gnuplot, with limits on its time and output.
public struct Gnuplot: Sendable {
    /// The folders searched for `gnuplot`, with colons between; nil takes the PATH of this process.
    public var searchPath: String?
    /// The number of seconds after which gnuplot is killed.
    public var timeLimit: Double
    /// The largest size of a figure, in bytes.
    public var outputLimit: Int

    /// Whether somebody asked to stop, which is looked at while gnuplot draws, from another thread.
    public var isStopped: @Sendable () -> Bool

    /// Creates a runner; the defaults allow 120 seconds and 256 MiB, and nobody asks to stop.
    public init(
        searchPath: String? = nil, timeLimit: Double = 120, outputLimit: Int = 256 << 20,
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
        self.searchPath = searchPath
        self.isStopped = isStopped
        self.timeLimit = timeLimit
        self.outputLimit = outputLimit
    }

    /// Checks that there is a gnuplot to run. Throws `no-gnuplot`.
    public func check() throws {
        let folders = (searchPath ?? environment("PATH") ?? "").split(separator: ":", omittingEmptySubsequences: false)
        let isThere = folders.contains { access($0.isEmpty ? "./gnuplot" : "\($0)/gnuplot", X_OK) == 0 }
        guard isThere else { throw Self.missing }
    }

    private static let missing = Diagnostic(
        "no-gnuplot", "expected `gnuplot` on the PATH, found none", hint: "install it: apt-get install gnuplot-nox")

    /// Runs a script that writes to standard output; returns what it wrote there and on standard error.
    ///
    /// Throws `no-gnuplot` when there is none on the search path, and `plot-failed` when gnuplot ends badly, takes too
    /// long, writes too much, or writes nothing; `DrawingStopped` when somebody asked to stop.
    func run(_ script: String) throws -> (output: [UInt8], complaints: [String]) {
        var script = script
        var result = ecdx_gnuplot_result()
        var message = [CChar](repeating: 0, count: 512)
        defer { ecdx_gnuplot_result_free(&result) }
        let question = Question(isStopped)
        let status = withExtendedLifetime(question) {
            script.withUTF8 { bytes in
                withOptionalCString(searchPath) { path in
                    bytes.withMemoryRebound(to: CChar.self) { characters in
                        var job = ecdx_gnuplot_job(
                            script: characters.baseAddress, script_size: characters.count, search_path: path,
                            timeout_seconds: timeLimit, output_limit: max(0, outputLimit), stopped: ask,
                            context: Unmanaged.passUnretained(question).toOpaque())
                        return ecdx_gnuplot_run(&job, &result, &message, message.count)
                    }
                }
            }
        }
        let output = copy(result.output, result.output_size)
        let complaints = String(decoding: copy(result.errors, result.errors_size), as: UTF8.self)
            .split(whereSeparator: \.isNewline).map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
        let reason = String(cBuffer: message)

        switch Int(status) {
        case ECDX_GNUPLOT_OK where !output.isEmpty: return (output, complaints)
        case ECDX_GNUPLOT_OK: throw failure("expected a figure from gnuplot, found nothing", complaints)
        case ECDX_GNUPLOT_STOPPED: throw DrawingStopped()
        case ECDX_GNUPLOT_MISSING:
            throw Self.missing
        case ECDX_GNUPLOT_TIMEOUT:
            throw failure("expected gnuplot to end within \(shortText(timeLimit)) s, found it still drawing", complaints)
        case ECDX_GNUPLOT_TOO_LARGE:
            throw failure("expected a figure of at most \(outputLimit) bytes, found a larger one", complaints)
        case ECDX_GNUPLOT_FAILED: throw failure("expected a figure, found that \(reason)", complaints)
        default: throw failure("expected to run gnuplot, found: \(reason)", complaints)
        }
    }

    private func failure(_ message: String, _ complaints: [String]) -> Diagnostic {
        Diagnostic("plot-failed", message, notes: complaints.prefix(12).map { "gnuplot: " + cleaned($0, limit: 300) })
    }

    private func copy(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> [UInt8] {
        guard let bytes else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }
}

/// The error thrown when somebody asked to stop while gnuplot drew: gnuplot is gone, and there is no figure.
public struct DrawingStopped: Error, Sendable {}

/// The question whether somebody asked to stop, as C can hold it.
private final class Question: Sendable {
    let isStopped: @Sendable () -> Bool
    init(_ isStopped: @escaping @Sendable () -> Bool) { self.isStopped = isStopped }
}

private func ask(_ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let context else { return 0 }
    return Unmanaged<Question>.fromOpaque(context).takeUnretainedValue().isStopped() ? 1 : 0
}

private func withOptionalCString<R>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> R) -> R {
    guard let text else { return body(nil) }
    return text.withCString(body)
}
