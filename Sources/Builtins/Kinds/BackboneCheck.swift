import Diagnostics
import Language
import Models
import Storage
import Tensors

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
                layers: made.backbone.layers, trainable: parameters.reduce(0) { $0 + ($1.isStatistic ? 0 : $1.shape.count) },
                statistics: parameters.reduce(0) { $0 + ($1.isStatistic ? $1.shape.count : 0) },
                channels: builder.graph.nodes[made.node].shape.extents.last ?? 0,
                firstKernel: parameters.first?.shape.count ?? 0)
        )
    })

extension Architecture {
    /// The layers of the architecture, as Keras's `model.layers` has them.
    public var layers: [KerasLayer] { built[self]?.layers ?? [] }

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

/// Checks that the weights of a backbone are there, in a file that can be read. Throws as `weightsPath`.
@Sendable func checkBackbone(_ backbone: Object, _ context: CheckContext) throws {
    guard let architecture = backbone.architecture, let path = backbone["weights"].string else { return }
    _ = try located(backbone.span(of: "weights")) { try context.weightsPath(path, architecture) }
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
