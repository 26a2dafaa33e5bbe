import Diagnostics
import Language
import Models
import Storage
import Synchronization
import Weights

extension Object {
    /// What a backbone does with images of one channel; nil where it takes none.
    public var greyImages: GreyImages? { self[field: "channels"].word.flatMap(GreyImages.init(rawValue:)) }

    /// The weights of a backbone as they were written: `imagenet`, or the path of a file; nil for those drawn by a seed.
    public var weights: String? { self[field: "weights"].string }

    /// What the key of a backbone is made of besides its weights, as it was written.
    public var backboneMeaning: (architecture: Value, channels: Value, preprocess: Value) {
        (self[field: "architecture"], self[field: "channels"], self[field: "preprocess"])
    }

    /// The architecture of a backbone; nil for anything else.
    public var architecture: Architecture? { kind == "backbone" ? self[field: "architecture"].word.flatMap(Architecture.named) : nil }

    /// The preparation of pixels that a backbone declares; the architecture's own where it declares none.
    public func preparation(of architecture: Architecture) -> PixelPreparation {
        if self[field: "preprocess"].isNone { return PixelPreparation.none }
        return self[field: "preprocess"].word == "unit" ? .unit : architecture.preparation
    }
}

extension PixelPreparation {
    /// The preparation as a phrase for people, such as `from 0...255 to 0...1`.
    public var phrase: String {
        switch self {
        case .plusMinusOne: "from 0...255 to -1...1"
        case .caffe: "blue, green, red, less the means of ImageNet"
        case .torch: "from 0...255 to 0...1, less the means of ImageNet, divided by its deviations"
        case .unit: "from 0...255 to 0...1"
        case .none: "as they are"
        }
    }
}

/// Checks that the weights of a backbone are there, in a file whose names and shapes are those of the architecture. Reads no
/// numbers. Throws as `weightsPath`, `bad-weights` for a damaged file, and `weights-mismatch`.
@Sendable func checkBackbone(_ backbone: Object, _ context: CheckContext) throws {
    guard let architecture = backbone.architecture, let written = backbone.weights else { return }
    try located(backbone.span(of: "weights")) {
        let path = try context.weightsPath(written, architecture)
        guard let status = fileStatus(path) else { return }
        let file = CheckedWeights(
            path: path, inode: status.inode, bytes: status.bytes, changed: status.changed, architecture: architecture,
            isSummed: backbone.greyImages == .summed)
        if let known = checkedWeights.withLock({ $0[file] }) {
            if let problem = known { throw problem }
            return
        }
        do {
            if let published = architecture.published {
                try checkBackboneWeights(file.isSummed ? published.summingFirstKernels : published, path: path)
            }
            checkedWeights.withLock { $0[file] = .some(nil) }
        } catch let problem as Diagnostic {
            // Whether a program can be started may be another thing the next time.
            if problem.id != "cannot-read" { checkedWeights.withLock { $0[file] = problem } }
            throw problem
        }
    }
}

/// A file of weights as it was when it was compared with an architecture.
private struct CheckedWeights: Hashable {
    var path: String
    var inode: UInt64
    var bytes: Int
    var changed: Int64
    var architecture: Architecture
    /// Whether the first kernels are summed over their channels.
    var isSummed: Bool
}

/// The files that were compared, each with what was wrong: a prompt checks the same script again and again.
private let checkedWeights = Mutex<[CheckedWeights: Diagnostic?]>([:])

/// The value of a backbone's member: `layers`, the names of its layers; nil for another name.
@Sendable func backboneMember(_ backbone: Object, _ name: String, _ origin: Origin, _ context: CheckContext) throws -> Value? {
    guard name == "layers", let architecture = backbone.architecture else { return nil }
    return .list(architecture.layers.map { ListItem(.text(Text($0.name))) })
}

extension CheckContext {
    /// The file that holds the weights of a backbone. Throws `missing-weights`, `missing-file` and `bad-weights`.
    public func weightsPath(_ written: String, _ architecture: Architecture) throws -> String {
        guard written == publishedWeights else {
            let path = resolve(written)
            guard fileStatus(path)?.kind == .file else { throw Diagnostic("missing-file", "there is no file `\(written)`") }
            let ending = written.split(separator: ".").last.map(String.init) ?? ""
            guard ["h5", "hdf5", "keras", "safetensors", "json"].contains(ending) else {
                let isPickle = ["pt", "pth", "bin", "pkl", "ckpt"].contains(ending)
                throw Diagnostic(
                    "bad-weights", "weights are read from `.h5` and `.safetensors` files, found `\(written)`",
                    hint: isPickle ? "a pickle can run code when it is read: save the weights as `.safetensors`" : nil)
            }
            return path
        }
        let file = architecture.weights
        let folders = PublishedWeights.folders
        for folder in folders {
            let path = joined(folder, file.name)
            if fileStatus(path)?.kind == .file { return path }
        }
        throw Diagnostic(
            "missing-weights", "ImageNet weights of `\(architecture.name)` are not on this machine",
            notes: ["looked in \(folders.joined(separator: " and "))", "published at \(file.url) (MD5 \(file.md5))"],
            hint: "ecdx fetch weights \(architecture.name)")
    }
}
