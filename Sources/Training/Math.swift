#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Ten raised to an exponent.
func power(ten exponent: Double) -> Double { pow(10, exponent) }

/// The time in seconds on a clock that never goes back.
func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Formats a number for messages with three significant digits at most.
func shortNumber(_ x: Double) -> String {
    var text = [CChar](repeating: 0, count: 32)
    _ = withVaList([x]) { vsnprintf(&text, text.count, "%.3g", $0) }
    return String(cBuffer: text)
}
