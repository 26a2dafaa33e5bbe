import Diagnostics
import Glibc
import Synchronization

/// The identity of a process across machines and restarts, where the process id alone is used again.
public struct ProcessIdentity: Sendable, Hashable, Codable {
    /// The name of the machine.
    public var host: String
    /// The process id.
    public var pid: Int32
    /// The kernel's boot id, empty where there is none.
    public var boot: String
    /// The namespace that process ids belong to: two containers on one machine may not judge each other's.
    public var space: String
    /// Clock ticks from boot to the start of the process: tells it from a later one of the same number.
    public var started: UInt64

    /// The identity of this process.
    public static let current = ProcessIdentity(
        host: hostName(), pid: getpid(), boot: line(of: "/proc/sys/kernel/random/boot_id"), space: processSpace(),
        started: processState(getpid())?.started ?? 0)

    /// Whether the process still runs; nil where that cannot be told from here (another machine, container or boot).
    public var isRunning: Bool? {
        let here = ProcessIdentity.current
        guard !boot.isEmpty, host == here.host, boot == here.boot, space == here.space else { return nil }
        return ProcessIdentity.isRunning(pid: pid, started: started)
    }

    /// A name unique to this process and this call: place, process id, start, count.
    static func uniqueToken() -> String {
        let here = current
        return "\(here.placeTag)-\(here.pid)-\(here.started)-\(counter.wrappingAdd(1, ordering: .relaxed).newValue)"
    }

    /// Whether the process that made a token with `uniqueToken` still runs; nil where that cannot be told from here.
    static func isRunning(token: String) -> Bool? {
        let parts = token.split(separator: "-")
        guard parts.count == 4, parts[0] == current.placeTag, let pid = Int32(parts[1]), let started = UInt64(parts[2]) else { return nil }
        return isRunning(pid: pid, started: started)
    }

    private static let counter = Atomic<Int>(0)

    /// Machine, boot and process space in 16 hexadecimal digits (FNV-1a: a name, not a proof).
    private var placeTag: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "\(host)\n\(boot)\n\(space)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func isRunning(pid: Int32, started: UInt64) -> Bool {
        guard pid > 0 else { return false }
        if let state = processState(pid) { return !state.ended && state.started == started }
        // Where /proc is hidden, existence is all that can be asked.
        return kill(pid, 0) == 0 || errno == EPERM
    }
}

/// Field 3 and 22 of /proc/PID/stat (proc(5)): state letter and start time. The name in field 2 may hold anything, so the
/// fields are counted from its last bracket.
private func processState(_ pid: Int32) -> (ended: Bool, started: UInt64)? {
    guard let bytes = try? readFile("/proc/\(pid)/stat", limit: 8192) else { return nil }
    guard let bracket = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = String(decoding: bytes[(bracket + 1)...], as: UTF8.self).split(separator: " ")
    guard fields.count > 19, let started = UInt64(fields[19]) else { return nil }
    return (fields[0] == "Z" || fields[0] == "X", started)
}

private func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
    return String(cBuffer: buffer)
}

private func line(of path: String) -> String {
    guard let bytes = try? readFile(path, limit: 4096) else { return "" }
    return String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)
}

private func processSpace() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    return readlink("/proc/self/ns/pid", &buffer, buffer.count - 1) > 0 ? String(cBuffer: buffer) : ""
}
