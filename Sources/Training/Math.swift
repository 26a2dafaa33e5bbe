#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

// The C library's functions under names that do not hide members of the same name.
func naturalLogarithm(_ x: Double) -> Double { log(x) }
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
func power(ten exponent: Double) -> Double { pow(10, exponent) }
func exponential(_ x: Double) -> Double { exp(x) }
func cosineOf(_ x: Double) -> Double { cos(x) }
/// Seconds on a clock that never goes back.
func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
/// Three significant digits at most, for messages.
func shortNumber(_ x: Double) -> String {
    var text = [CChar](repeating: 0, count: 32)
    _ = withVaList([x]) { vsnprintf(&text, text.count, "%.3g", $0) }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
