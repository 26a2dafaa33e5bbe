import Diagnostics
import Models
import Storage

/// A file of weights that Keras's authors publish, without the top (keras/src/applications/*.py: `WEIGHTS_PATH_NO_TOP`,
/// `file_hash`).
public struct PublishedWeights: Sendable, Hashable {
    /// The name under which Keras caches the file.
    public var name: String
    /// Address of the file.
    public var url: String
    /// MD5 of the file, in hexadecimal digits.
    public var md5: String

    /// The published weights of an architecture.
    public static func of(_ architecture: Architecture) -> PublishedWeights {
        let (folder, stem, md5) =
            switch architecture {
            case .InceptionV3: ("inception_v3", "inception_v3", "bcbd6486424b2319ff4ef7d526e38f63")
            case .Xception: ("xception", "xception", "b0042744bf5b25fce3cb969f33bebb97")
            case .VGG16: ("vgg16", "vgg16", "6d6bbae143d832006294945121d1f1fc")
            case .VGG19: ("vgg19", "vgg19", "253f8cb515780f3b799900260a226db6")
            case .DenseNet121: ("densenet", "densenet121", "30ee3e1110167f948a6b9946edeeb738")
            }
        let name = "\(stem)_weights_tf_dim_ordering_tf_kernels_notop.h5"
        return PublishedWeights(name: name, url: "https://storage.googleapis.com/tensorflow/keras-applications/\(folder)/\(name)", md5: md5)
    }

    /// Folders in which weights are looked for: Keras's own cache, then that of ecdx. `KERAS_HOME` and `XDG_CACHE_HOME` move
    /// them.
    public static var folders: [String] { [kerasFolder, ownFolder] }

    /// Folder in which Keras caches weights.
    public static var kerasFolder: String {
        joined(folder("KERAS_HOME") ?? joined(home, ".keras"), "models")
    }

    /// Folder into which `ecdx fetch weights` puts weights.
    public static var ownFolder: String {
        joined(joined(folder("XDG_CACHE_HOME") ?? joined(home, ".cache"), "ecdx"), "weights")
    }

    private static var home: String { folder("HOME") ?? "/" }

    private static func folder(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
}
