/// A file of weights that others publish, without the top.
public struct PublishedWeights: Sendable, Hashable {
    /// Name of the file, under which its publisher's own program caches it.
    public var name: String
    /// Address of the file.
    public var url: String
    /// MD5 of the file, in hexadecimal digits: the only hash that its publisher gives.
    public var md5: String
    /// Licence of the weights.
    public var licence: String
    /// What gives out the file, with the page that says so.
    public var publisher: String

    /// The weights of a model of keras.applications, `include_top=False` (`WEIGHTS_PATH_NO_TOP` and `file_hash` in
    /// keras/src/applications/*.py of Keras 3.15). `licence`: Keras 2, docs/templates/applications.md, "License" of each model.
    static func keras(_ stem: String, in folder: String, md5: String, licence: String) -> PublishedWeights {
        let name = "\(stem)_weights_tf_dim_ordering_tf_kernels_notop.h5"
        return PublishedWeights(
            name: name, url: "https://storage.googleapis.com/tensorflow/keras-applications/\(folder)/\(name)", md5: md5, licence: licence,
            publisher: "the Keras project (keras.io/api/applications)")
    }
}
