import Diagnostics
import Experiments
import Fetching
import Storage

/// The order of one text encoder from the Hugging Face hub: the model and its revision, where it is asked for and where it goes.
public struct EncoderFetch: Sendable {
    /// The model and its revision.
    public var name: HubName
    /// The folders of caches: that of Hugging Face is read, that of ecdx is written.
    public var caches: HubCaches
    /// How patiently the hub is asked.
    public var options = HubOptions()
    private let endpoint: HubEndpoint
    private let token: APIKey?

    /// Creates an order, by default with the hub and the token of the environment. Throws `refused-address`, and `fetch-failed` for
    /// a token that cannot be one.
    public init(_ name: HubName, caches: HubCaches = .usual, hub: String? = environment("HF_ENDPOINT"), withToken: Bool = true) throws {
        (self.name, self.caches) = (name, caches)
        endpoint = try HubEndpoint(hub)
        token = withToken ? try APIKey.hub() : nil
    }

    /// Fetches the files unless they are there, with progress and lines on the terminal, and says whose they are.
    ///
    /// What was fetched before for the same words is compared with the hashes of that time, and nothing is asked: `NAME@main` asks
    /// what `main` is now. A snapshot in Hugging Face's cache is not fetched again where its contents have the hashes that the hub
    /// gives. Throws what `HubClient` and `EncoderFiles.find` throw.
    public func run(on terminal: Terminal) throws {
        if let kept = try kept() {
            try say(kept, "already there", on: terminal)
            return
        }
        guard !HubEndpoint.isOffline else {
            if let there = try? EncoderFiles.find(name.description, relativeTo: "/", caches: caches), there.name != nil {
                let whose = there.folder.hasPrefix(caches.own + "/") ? "" : ", in Hugging Face's cache"
                terminal.write(out: "\(name): \(there.folder) (already there\(whose), not compared with the hub)\n")
                return
            }
            throw Diagnostic(
                "fetch-failed", "expected to ask \(endpoint.address.host) for `\(name)`, found that HF_HUB_OFFLINE forbids it",
                notes: ["looked in \(caches.huggingFace) and \(caches.own)"],
                hint: "unset HF_HUB_OFFLINE, or copy the model's folder into \(caches.own)")
        }
        var options = options
        options.tell = { terminal.write(err: "\($0)\n") }
        let client = try HubClient(endpoint: endpoint, token: token, agent: "ecdx/\(Installation.version)", options: options)
        let listing = try client.listing(of: name)
        if let answered = listing.answered, answered != name.id {
            terminal.write(err: "\(name): the hub has it as \(answered)\n")
        }
        if let there = try inHuggingFaceCache(listing, on: terminal) {
            terminal.write(out: "\(name): \(there) (already there, in Hugging Face's cache)\n")
            licence(listing.licence, listing.commit, on: terminal)
            return
        }
        terminal.write(err: "\(name): commit \(listing.commit) from \(endpoint.address.text) to \(caches.own)\n")
        let progress = WeightsProgress(name.description, on: terminal)
        defer { progress.end() }
        var isSaid = false
        let outcome = try client.fetch(listing, into: caches.own) {
            if Interrupt.requested != nil { throw FetchStopped() }
            if !isSaid { terminal.write(err: "waiting for another `ecdx fetch` at work on \(name)\n") }
            isSaid = true
        } progress: {
            progress.update($0.bytes, of: $0.total)
        }
        if outcome.fetched > 0 { progress.finish() } else { progress.end() }
        try say(outcome, outcome.fetched > 0 ? "fetched" : "already there", on: terminal)
    }

    /// What was fetched for these words before: for a name without a revision what `main` was then, else a commit.
    private func kept() throws -> HubOutcome? {
        let place = HubFolder(caches.own, folderName: name.folderNames[0])
        let revision = name.revision ?? HubName.usualRevision
        let commit: String?
        if name.revision == nil { commit = try place.commit(ofRef: revision) } else { commit = isCommit(revision) ? revision : nil }
        return try commit.flatMap { try HubClient.whole(name, commit: $0, in: caches.own) }
    }

    /// The folder in Hugging Face's cache with the commit of a listing, where its files are whole and right; nil where they are not.
    private func inHuggingFaceCache(_ listing: HubListing, on terminal: Terminal) throws -> String? {
        let pinned = "\(name.written)@\(listing.commit)"
        // What lacks something there is fetched to here.
        guard let files = try? EncoderFiles.find(pinned, relativeTo: "/", caches: caches, in: [.huggingFace]) else { return nil }
        var unchecked: [String] = []
        for path in files.all {
            // By bytes: a letter of the folder's name may be several.
            let file = String(decoding: path.utf8.dropFirst(files.folder.utf8.count + 1), as: UTF8.self)
            guard let hash = listing.files[file]?.hash else {
                unchecked.append(file)
                continue
            }
            try hash.check(path, "`\(file)` of \(name) in Hugging Face's cache as the hub has it")
        }
        if !unchecked.isEmpty { terminal.write(err: "the hub gave no hash of \(unchecked.joined(separator: ", "))\n") }
        return files.folder
    }

    private func say(_ outcome: HubOutcome, _ how: String, on terminal: Terminal) throws {
        let pinned = "\(name.written)@\(outcome.record.commit)"
        // What cannot be used is said now, not at the next check.
        let files = try EncoderFiles.find(pinned, relativeTo: "/", caches: caches, in: [.own])
        terminal.write(out: "\(name): \(files.folder) (\(how))\n")
        let unchecked = outcome.record.files.filter { $0.value.checked == nil }.keys.sorted()
        if !unchecked.isEmpty { terminal.write(err: "the hub gave no hash of \(unchecked.joined(separator: ", "))\n") }
        licence(outcome.record.licence, outcome.record.commit, on: terminal)
        if let taken = try? EncoderFiles.find(name.description, relativeTo: "/", caches: caches), let commit = taken.commit,
            commit != outcome.record.commit
        {
            terminal.write(
                err: "scripts that say \"\(name)\" take commit \(commit) in \(caches.huggingFace); write \"\(pinned)\" for this one\n")
        }
    }

    private func licence(_ licence: String?, _ commit: String, on terminal: Terminal) {
        let said = licence.map { "\($0), as its page on the hub says" } ?? "its page on the hub does not say"
        terminal.write(out: "licence: \(name.id) at \(commit.prefix(12)): \(said)\n")
    }
}
