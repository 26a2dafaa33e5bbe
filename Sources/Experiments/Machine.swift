import Glibc
import Storage

/// The time of the system's clock, in seconds since 1970.
func wallSeconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

/// The model of the processor, for the record: other models may round sums in another order.
func processorName() -> String {
    guard let text = try? readText("/proc/cpuinfo", limit: 1 << 22) else { return "unknown" }
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
        return String(line.drop { $0 != ":" }.dropFirst().drop { $0 == " " })
    }
    return "unknown"
}
