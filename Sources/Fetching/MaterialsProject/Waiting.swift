import Diagnostics
import Glibc

/// The seconds that `Retry-After` asks to wait, from a number or a date (RFC 9110, 10.2.3); nil for what is neither.
func secondsToWait(_ text: String, now: Int = time(nil)) -> Double? {
    if !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) { return Double(text) }
    return secondsSince1970(ofDate: text).map { Double(max(0, $0 - now)) }
}

/// The seconds since 1970 of a date as HTTP writes it, `Sun, 06 Nov 1994 08:49:37 GMT`.
private func secondsSince1970(ofDate text: String) -> Int? {
    let parts = text.split { $0 == " " || $0 == "," || $0 == ":" }
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard parts.count == 8, parts[7] == "GMT", let month = months.firstIndex(of: String(parts[2])) else { return nil }
    let numbers = [1, 3, 4, 5, 6].compactMap { parts[$0].utf8.count <= 4 ? Int32(parts[$0]) : nil }
    guard numbers.count == 5, (1...31).contains(numbers[0]), (1970...9999).contains(numbers[1]),
        (0...23).contains(numbers[2]), (0...59).contains(numbers[3]), (0...60).contains(numbers[4])
    else { return nil }
    var moment = tm()
    (moment.tm_mday, moment.tm_mon, moment.tm_year) = (numbers[0], Int32(month), numbers[1] - 1900)
    (moment.tm_hour, moment.tm_min, moment.tm_sec) = (numbers[2], numbers[3], numbers[4])
    return timegm(&moment)
}

/// The time of now in UTC, to the second: `2026-11-28T09:37:46Z`.
func timeOfNow() -> String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    var text = [CChar](repeating: 0, count: 32)
    guard strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0 else { return "" }
    return String(cBuffer: text)
}

/// How often and how patiently a question is asked again that a server could not answer.
struct Waiting: Sendable {
    var attempts: Int
    var firstWait: Double
    var longestWait: Double
    var isStopped: @Sendable () -> Bool
    var tell: @Sendable (String) -> Void
    /// How time passes.
    var sleep: @Sendable (Double) -> Void

    /// The longest time, in seconds, that a server may ask for and is waited for.
    private var longestAsked: Double { max(longestWait, 600) }

    /// Waits before attempt `attempt` + 1: as long as the server asks, or twice as long each time. Throws `FetchStopped`, and `fault`
    /// where it was the last one.
    func wait(after attempt: Int, asked: String?, because reason: String, otherwise fault: Diagnostic) throws {
        if isStopped() { throw FetchStopped() }
        guard attempt < attempts else { throw fault }
        var seconds = min(longestWait, firstWait * Double(1 << min(attempt - 1, 20)))
        var note = ""
        if let wanted = asked.flatMap({ secondsToWait($0) }), wanted > 0 {
            guard wanted <= longestAsked else {
                // Asking earlier than a server wants is what gets an address blocked.
                var later = fault
                later.notes.append("\(reason), which asks to come again in \(briefNumber(wanted)) s")
                throw later
            }
            (seconds, note) = (wanted, ", as it asks")
        }
        tell("\(reason)\(note): waiting \(briefNumber(seconds)) s, then attempt \(attempt + 1) of \(attempts)")
        var left = seconds
        while left > 0 {
            sleep(min(left, 0.1))
            left -= 0.1
            if isStopped() { throw FetchStopped() }
        }
    }
}
