import Diagnostics

/// The folders in which models of the Hugging Face hub are looked for.
public struct HubCaches: Sendable, Hashable {
    /// The cache of Hugging Face's own programs: read, never written.
    public var huggingFace: String
    /// The folder that `ecdx fetch weights` puts models of the hub into.
    public var own: String

    /// The two folders, in the order in which they are looked through.
    public enum Place: Sendable, CaseIterable {
        /// That of Hugging Face.
        case huggingFace
        /// That of ecdx.
        case own
    }

    /// Takes two folders.
    public init(huggingFace: String, own: String) { (self.huggingFace, self.own) = (huggingFace, own) }

    /// The folders that the environment names: `HF_HUB_CACHE` (or `HUGGINGFACE_HUB_CACHE`, as it was called before), else `hub` in
    /// `HF_HOME`, else `huggingface/hub` in `XDG_CACHE_HOME` or `~/.cache`; and `ecdx/weights/hub` in one of the last two.
    public static var usual: HubCaches { HubCaches { environment($0) } }

    /// The folders by values of environment variables; empty ones count as not set.
    init(variables: (String) -> String?) {
        func named(_ name: String) -> String? { variables(name).flatMap { $0.isEmpty ? nil : inHome($0, variables) } }
        let cache = cacheFolder(variables)
        huggingFace =
            named("HF_HUB_CACHE") ?? named("HUGGINGFACE_HUB_CACHE") ?? joined(named("HF_HOME") ?? joined(cache, "huggingface"), "hub")
        own = joined(cache, "ecdx/weights/hub")
    }

    /// Path of one of the folders.
    public func folder(_ place: Place) -> String { place == .own ? own : huggingFace }
}

/// The folder of what programs keep for a user and can make anew: `XDG_CACHE_HOME`, or `~/.cache` (XDG Base Directory Specification).
public var userCacheFolder: String { cacheFolder { environment($0) } }

private func cacheFolder(_ variables: (String) -> String?) -> String {
    if let folder = variables("XDG_CACHE_HOME"), !folder.isEmpty { return folder }
    return inHome("~/.cache", variables)
}

/// A path with the user's home in place of `~` in front.
func inHome(_ path: String, _ variables: (String) -> String? = { environment($0) }) -> String {
    guard path == "~" || path.hasPrefix("~/") else { return path }
    let home = variables("HOME").flatMap { $0.isEmpty ? nil : $0 } ?? "/"
    return path == "~" ? home : joined(home, String(path.dropFirst(2)))
}
