import Diagnostics
import Storage
import TestSupport

@testable import Fetching

extension HubServer {
    var root: String { scratch.file("hub") }
    var snapshot: String { joined(root, "models--FacebookAI--roberta-base/snapshots/\(model.value.commit)") }
    /// The seconds that were waited in all, to a tenth.
    var waited: Double { (waits.value.reduce(0, +) * 10).rounded() / 10 }

    func client(token: String? = nil, attempts: Int = 4, weights: Int = 1 << 30) throws -> HubClient {
        var options = HubOptions()
        let (waits, told, isStopped) = (waits, told, isStopped)
        (options.attempts, options.largestWeights) = (attempts, weights)
        options.isStopped = { isStopped.value }
        options.sleep = { seconds in waits.change { $0.append(seconds) } }
        options.tell = { line in told.change { $0.append(line) } }
        return try HubClient(
            endpoint: try HubEndpoint(hub.base + "/"), token: try token.map { try APIKey($0, form: .bearer) }, agent: "ecdx/test",
            options: options)
    }

    /// Fetches as the command does: a listing, then its files.
    func fetch(_ name: String = "roberta-base", token: String? = nil, attempts: Int = 4, weights: Int = 1 << 30) throws -> HubOutcome {
        let client = try client(token: token, attempts: attempts, weights: weights)
        return try client.fetch(client.listing(of: HubName(name)), into: root)
    }

    /// Whether nothing passes for a whole snapshot.
    var isNothingWhole: Bool {
        let caches = HubCaches(huggingFace: scratch.file("none"), own: root)
        let found = diagnostic { try EncoderFiles.find("roberta-base", relativeTo: scratch.path, caches: caches) }
        return found.id == "missing-weights" && fileStatus(joined(root, "models--FacebookAI--roberta-base/records")) == nil
            && fileStatus(joined(snapshot, "model.safetensors")) == nil
    }
}

/// All bytes of all files in a folder and below it, names among them.
func allBytes(in folder: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for name in try listFolder(folder) {
        let path = joined(folder, name)
        bytes += Array(name.utf8) + (fileStatus(path, followingLinks: false)?.kind == .folder ? try allBytes(in: path) : try readFile(path))
    }
    return bytes
}
