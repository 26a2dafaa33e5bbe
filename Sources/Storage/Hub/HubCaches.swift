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
    public static var usual: HubCaches {
        let home = joined(userCacheFolder, "huggingface")
        let hub = named("HF_HUB_CACHE") ?? named("HUGGINGFACE_HUB_CACHE") ?? joined(named("HF_HOME") ?? home, "hub")
        return HubCaches(huggingFace: hub, own: joined(userCacheFolder, "ecdx/weights/hub"))
    }

    /// Path of one of the folders.
    public func folder(_ place: Place) -> String { place == .own ? own : huggingFace }

    private static func named(_ variable: String) -> String? {
        environment(variable).flatMap { $0.isEmpty ? nil : inHome($0) }
    }
}

/// The folder of what programs keep for a user and can make anew: `XDG_CACHE_HOME`, or `~/.cache` (XDG Base Directory Specification).
public var userCacheFolder: String {
    if let folder = environment("XDG_CACHE_HOME"), !folder.isEmpty { return folder }
    return inHome("~/.cache")
}

/// A path with the user's home in place of `~` in front.
func inHome(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/") else { return path }
    let home = environment("HOME").flatMap { $0.isEmpty ? nil : $0 } ?? "/"
    return path == "~" ? home : joined(home, String(path.dropFirst(2)))
}
