import Diagnostics
import Storage

/// The address of the Hugging Face hub or of a server that answers as it does.
public struct HubEndpoint: Sendable, Hashable {
    /// The address without a slash at the end.
    public let address: Address
    /// The address of the hub itself.
    public static let usual = "https://huggingface.co"

    /// Takes an address, by default that of `HF_ENDPOINT`, or else the usual one. Throws `refused-address`.
    public init(_ text: String? = environment("HF_ENDPOINT")) throws {
        var text = text.flatMap { $0.isEmpty ? nil : $0 } ?? Self.usual
        while text.hasSuffix("/") { text.removeLast() }
        address = try Address(text)
        guard !text.contains(where: { $0 == "?" || $0 == "#" || $0.isWhitespace }) else {
            throw Diagnostic("refused-address", "expected an address that names can follow, found `\(text)`", hint: "correct HF_ENDPOINT")
        }
    }

    /// The address of what the hub says of a model at a revision, with sizes and hashes of its files.
    func listing(of id: String, at revision: String) -> String {
        "\(address.text)/api/models/\(id)/revision/\(revision.replacing("/", with: "%2F"))?blobs=true"
    }

    /// The address of a file of a commit.
    func file(_ name: String, of id: String, at commit: String) -> String { "\(address.text)/\(id)/resolve/\(commit)/\(name)" }

    /// Whether the environment forbids to ask the hub: `HF_HUB_OFFLINE` or `TRANSFORMERS_OFFLINE` of `1`, `on`, `yes` or `true`.
    public static var isOffline: Bool {
        let text = ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"].lazy.compactMap { environment($0) }.first { !$0.isEmpty }
        return text.map { ["1", "on", "yes", "true"].contains($0.lowercased()) } ?? false
    }
}
