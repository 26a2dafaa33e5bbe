import Diagnostics
import Storage

/// What a refusal of the hub means, by its status and the word in `X-Error-Code`.
enum HubVerdict {
    /// Trouble that passes, in words, and the seconds to wait, as `Retry-After` has them, where the server says.
    case again(String, asked: String?)
    /// Nothing would be different the next time.
    case stop(Diagnostic)

    /// Judges an answer that is not the one that was wanted; `file` is the file that was asked for, nil for the listing.
    init(_ refused: TransferRefused, hub: Address, name: HubName, file: String?, hasToken: Bool) {
        let (answer, host) = (refused.answer, refused.host)
        let page = "\(hub.text)/\(name.id)"
        func stop(_ message: String, notes: [String] = [], hint: String?) -> HubVerdict {
            .stop(Diagnostic("fetch-failed", message, notes: notes, hint: hint))
        }
        let what = file.map { "`\($0)` of `\(name)`" } ?? "`\(name)`"
        // The hub hands large files over to others, whose addresses hold for an hour or so.
        if refused.isElsewhere, [401, 403, 410].contains(answer.status) {
            self = .again("`\(host)`, where the hub leads, does not give \(what) (status \(answer.status))", asked: answer.retryAfter)
            return
        }
        switch (answer.status, answer.errorCode) {
        case (401, "GatedRepo"), (403, "GatedRepo"):
            self = stop(
                "expected \(what) from `\(host)`, found that the model is gated, for those who were admitted (status \(answer.status))",
                hint: hasToken
                    ? "ask for access on \(page) with the account whose token HF_TOKEN holds"
                    : "ask for access on \(page), then put a token of your account into the environment as HF_TOKEN")
        case (404, "RevisionNotFound"):
            self = stop(
                "expected \(what) from `\(host)`, found that the model has no revision `\(name.revision ?? HubName.usualRevision)`",
                hint: "write \(name.written)@main, or a branch, tag or commit that its page shows")
        case (404, _) where file != nil:
            self = stop(
                "expected \(what) from `\(host)`, found that it is not there (status 404), though the hub lists it",
                hint: "try again later, or another revision")
        case (401, _) where hasToken && answer.errorCode != "RepoNotFound":
            self = stop(
                "expected \(what) from `\(host)`, found that it does not accept the token in HF_TOKEN (status 401)",
                hint: "copy the token anew from your account's page, or unset HF_TOKEN: models that everybody gets need none")
        // Without a token the hub does not say whether a model is hidden or does not exist.
        case (401, _), (404, _), (410, _):
            self = stop(
                "expected \(what) from `\(host)`, found that it has no such model"
                    + (hasToken ? "" : ", or shows it to nobody without a token")
                    + " (status \(answer.status))",
                notes: ["known under short names: \(HubName.known.map(\.short).joined(separator: ", "))"],
                hint: name.hintOfUnknown
                    ?? (hasToken
                        ? "see whether the name is that of its page" : "see whether the name is right; a private model needs HF_TOKEN"))
        case (403, _):
            self = stop(
                "expected \(what) from `\(host)`, found that it does not allow it (status 403)",
                hint: hasToken ? "see whether the token in HF_TOKEN may read this model" : "look at \(page) for what it asks of you")
        case (429, _):
            let wait = answer.retryAfter ?? answer.rateLimit.flatMap(secondsUntilReset).map(String.init)
            self = .again("`\(host)` was asked too often (status 429)", asked: wait)
        case (408, _), (500, _), (502, _), (503, _), (504, _), (520...527, _):
            self = .again("`\(host)` has trouble of its own (status \(answer.status))", asked: answer.retryAfter)
        default:
            self = stop("expected \(what) from `\(host)`, found status \(answer.status)", hint: "look at \(page) in a browser")
        }
    }
}

/// The seconds until questions are answered again, where none is left now, from `RateLimit: "api";r=0;t=55` (the draft
/// draft-ietf-httpapi-ratelimit-headers of the IETF); nil where some are left, and for another text.
func secondsUntilReset(_ text: String) -> Int? {
    var values: [String: Int] = [:]
    for part in text.split(separator: ";") {
        let sides = part.split(separator: "=").map { $0.filter { $0 != " " } }
        if sides.count == 2, sides[1].utf8.count <= 9, let value = Int(sides[1]) { values[String(sides[0])] = value }
    }
    guard values["r"] == 0, let seconds = values["t"], seconds >= 0 else { return nil }
    // Both ends round to whole seconds.
    return seconds + 1
}
