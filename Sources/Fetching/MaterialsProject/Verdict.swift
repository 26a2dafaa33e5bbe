import Diagnostics
import Storage

/// What the refusal of a server of the Materials Project means.
enum Verdict {
    /// Trouble that passes, in words.
    case again(String)
    /// Nothing would be different the next time.
    case stop(Diagnostic)

    /// Judges an answer that is not the one that was wanted; `what` says what was.
    init(_ answer: Answer, of host: String, what: String, key: APIKey?) {
        let said = Verdict.words(answer.refusal, key)
        let notes = said.isEmpty ? [] : ["it says: \(said)"]
        func stop(_ found: String, hint: String) -> Verdict {
            .stop(Diagnostic("fetch-failed", "expected \(what) from `\(host)`, found \(found)", notes: notes, hint: hint))
        }
        // A word that only those who are shut out are told: to ask again makes it last longer.
        let isBlocked = (answer.status == 429 || answer.status == 403) && said.lowercased().contains("blocked")
        if answer.status == 403 && key == nil && !isBlocked {
            self = stop(
                "that it does not allow it (status 403)",
                hint: "see whether a proxy stands in between; if it has blocked this machine's address, wait some hours: what came is kept")
            return
        }
        if isBlocked {
            self = stop(
                "that it has blocked this machine's address (status \(answer.status))",
                hint: "wait some hours before you ask again; what came is kept, and the same command goes on from there")
            return
        }
        switch answer.status {
        case 429: self = .again("`\(host)` was asked too often (status 429)")
        case 500, 502, 503, 504, 520...527: self = .again("`\(host)` has trouble of its own (status \(answer.status))")
        case 401:
            self = stop(
                "that it does not accept the key (status 401)", hint: "see whether MP_API_KEY holds the key as your account shows it")
        case 403:
            self = stop("that the key does not allow it (status 403)", hint: "see on your account's page whether the key is still valid")
        case 404, 410:
            self = stop(
                "nothing at that address (status \(answer.status))", hint: "see whether MP_API_ENDPOINT is the address of the interface")
        case 400, 422:
            self = stop("that it does not accept the question (status \(answer.status))", hint: "ask for fields that the interface has")
        default: self = stop("status \(answer.status)", hint: "look at the address in a browser")
        }
    }

    /// What the body of a refusal says, on one line, cut short, without the key; empty where it is a page for people.
    private static func words(_ body: [UInt8], _ key: APIKey?) -> String {
        guard !isWebPage(body, contentType: nil) else { return "" }
        var text = String(decoding: body, as: UTF8.self)
        if let json = try? JSONValue(parsing: body, depth: 16) {
            let details = [json["detail"], json["error"], json["message"]].compactMap { $0 }
            let said = details.flatMap { detail in
                detail.stringValue.map { [$0] } ?? (detail.arrayValue ?? []).compactMap { $0["msg"]?.stringValue }
            }
            text = (said + [json["version"]?.stringValue].compactMap { $0 == "blocked" ? $0 : nil }).joined(separator: "; ")
        }
        text = key?.removed(from: text) ?? text
        let plain = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }
        return String(String(plain).prefix(200))
    }
}

/// Whether an answer is a page for people, HTML, and not data.
func isWebPage(_ body: [UInt8], contentType: String?) -> Bool {
    if contentType?.lowercased().hasPrefix("text/html") == true { return true }
    return body.first { $0 > 0x20 && $0 < 0x7F } == UInt8(ascii: "<")
}
