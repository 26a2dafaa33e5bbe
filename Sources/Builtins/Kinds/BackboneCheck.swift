import Diagnostics
import Language
import Models
import Storage
import Synchronization
import Tensors
import Weights

extension Object {
    /// The architecture of a backbone; nil for anything else.
    public var architecture: Architecture? { kind == "backbone" ? self["architecture"].word.flatMap(Architecture.init(rawValue:)) : nil }

    /// The preparation of pixels that a backbone declares; the architecture's own where it declares none.
    public func preparation(of architecture: Architecture) -> PixelPreparation {
        if self["preprocess"].isNone { return PixelPreparation.none }
        return self["preprocess"].word == "unit" ? .unit : architecture.preprocessing
    }
}

/// The layers and counts of an architecture, built once at the input size its weights were trained with.
private struct Built: Sendable {
    var layers: [KerasLayer] = []
    var backbone: Backbone?
    var trainable = 0, statistics = 0, channels = 0, firstKernel = 0
}

/// The layers and counts of every architecture; empty ones where it cannot be built.
private let built: [Architecture: Built] = Dictionary(
    uniqueKeysWithValues: Architecture.allCases.map { architecture in
        var builder = NetworkBuilder()
        let size = architecture.defaultSize
        guard let x = try? builder.input("image", shape: [size, size, 3]),
            let made = try? builder.apply(architecture, to: x, preparation: .none)
        else {
            return (architecture, Built())
        }
        let parameters = builder.graph.parameters
        return (
            architecture,
            Built(
                layers: made.backbone.layers, backbone: made.backbone,
                trainable: parameters.reduce(0) { $0 + ($1.isStatistic ? 0 : $1.shape.count) },
                statistics: parameters.reduce(0) { $0 + ($1.isStatistic ? $1.shape.count : 0) },
                channels: builder.graph.nodes[made.node].shape.extents.last ?? 0,
                firstKernel: parameters.first?.shape.count ?? 0)
        )
    })

extension Architecture {
    /// The layers of the architecture, as Keras's `model.layers` has them.
    public var layers: [KerasLayer] { built[self]?.layers ?? [] }

    /// The architecture as it was published, for images of three channels: what a file of weights is compared with.
    var published: Backbone? { built[self]?.backbone }

    /// The numbers of trainable parameters, of moving statistics and of feature channels. `summed`: with first kernels for one
    /// channel.
    public func counts(summed: Bool) -> (trainable: Int, statistics: Int, channels: Int) {
        guard let built = built[self] else { return (0, 0, 0) }
        return (built.trainable - (summed ? built.firstKernel / 3 * 2 : 0), built.statistics, built.channels)
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
    guard let architecture = backbone.architecture, let written = backbone["weights"].string else { return }
    try located(backbone.span(of: "weights")) {
        let path = try context.weightsPath(written, architecture)
        guard let status = fileStatus(path) else { return }
        let file = CheckedWeights(
            path: path, inode: status.inode, bytes: status.bytes, changed: status.changed, architecture: architecture,
            isSummed: backbone["channels"].word == "sum")
        if let known = checkedWeights.withLock({ $0[file] }) {
            if let problem = known { throw problem }
            return
        }
        do {
            try compare(file)
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

/// Compares the names and shapes in a file with an architecture. Throws `bad-weights` and `weights-mismatch`.
private func compare(_ file: CheckedWeights) throws {
    guard var backbone = file.architecture.published else { return }
    if file.isSummed, let kernel = backbone.layers.first(where: { !$0.parameters.isEmpty })?.parameters.first {
        // Either is taken: a kernel for three channels, and one that was summed already.
        backbone.summedKernel = kernel
        backbone.shapes[kernel] = backbone.shapes[kernel].map { Shape([$0.extents[0], $0.extents[1], 1, $0.extents[3]]) }
    }
    switch try weightFormat(of: file.path) {
    case .hdf5: _ = try matched(readKerasOutline(file.path, program: weightReaderProgram()), to: backbone, path: file.path)
    default:
        let tensors = try readSafetensorsOutline(file.path).filter { $0.type == .f32 }
        _ = try matched(tensors.map { (name: $0.name, shape: $0.shape) }, to: backbone, path: file.path)
    }
}

/// The value of a backbone's member: `layers`, the names of its layers; nil for another name.
@Sendable func backboneMember(_ backbone: Object, _ name: String, _ origin: Origin, _ context: CheckContext) throws -> Value? {
    guard name == "layers", let architecture = backbone.architecture else { return nil }
    return .list(architecture.layers.map { ListItem(.text(Text($0.name))) })
}

extension CheckContext {
    /// The file that holds the weights of a backbone. Throws `missing-weights`, `missing-file` and `bad-weights`.
    public func weightsPath(_ written: String, _ architecture: Architecture) throws -> String {
        guard written == "imagenet" else {
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
        let file = PublishedWeights.of(architecture)
        let folders = PublishedWeights.folders
        for folder in folders {
            let path = joined(folder, file.name)
            if fileStatus(path)?.kind == .file { return path }
        }
        throw Diagnostic(
            "missing-weights", "ImageNet weights of `\(architecture.rawValue)` are not on this machine",
            notes: ["looked in \(folders.joined(separator: " and "))", "published at \(file.url) (MD5 \(file.md5))"],
            hint: "ecdx fetch weights \(architecture.rawValue)")
    }
}
