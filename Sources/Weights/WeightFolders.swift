import Diagnostics
import Models
import Storage

extension PublishedWeights {
    /// Folders in which weights are looked for: Keras's own cache, then that of ecdx. `KERAS_HOME` and `XDG_CACHE_HOME` move
    /// them.
    public static var folders: [String] { [kerasFolder, ownFolder] }

    /// Folder in which Keras caches weights.
    public static var kerasFolder: String {
        joined(folder("KERAS_HOME") ?? joined(home, ".keras"), "models")
    }

    /// Folder into which `ecdx fetch weights` puts weights.
    public static var ownFolder: String {
        joined(userCacheFolder, "ecdx/weights")
    }

    private static var home: String { folder("HOME") ?? "/" }

    private static func folder(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
}
