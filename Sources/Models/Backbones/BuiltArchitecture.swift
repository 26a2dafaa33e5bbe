import Synchronization
import Tensors

/// The layers and counts of an architecture, built at the input size its weights were trained with; empty where it cannot be
/// built.
private struct BuiltArchitecture: Sendable {
    var backbone: Backbone?
    var trainable = 0, statistics = 0, channels = 0, firstKernel = 0

    init(_ architecture: Architecture) {
        var builder = NetworkBuilder()
        let size = architecture.defaultSize
        guard let x = try? builder.input("image", shape: [size, size, 3]),
            let made = try? builder.apply(architecture, to: x, preparation: .none)
        else { return }
        backbone = made.backbone
        let parameters = builder.graph.parameters
        trainable = parameters.reduce(0) { $0 + ($1.isStatistic ? 0 : $1.shape.count) }
        statistics = parameters.reduce(0) { $0 + ($1.isStatistic ? $1.shape.count : 0) }
        channels = builder.graph.nodes[made.node].shape.extents.last ?? 0
        firstKernel = parameters.first?.shape.count ?? 0
    }
}

/// The architectures that were asked for, each built once.
private let builtArchitectures = Mutex<[Architecture: BuiltArchitecture]>([:])

extension Architecture {
    private var built: BuiltArchitecture {
        if let known = builtArchitectures.withLock({ $0[self] }) { return known }
        let made = BuiltArchitecture(self)
        builtArchitectures.withLock { $0[self] = made }
        return made
    }

    /// The layers of the architecture, as Keras's `model.layers` has them.
    public var layers: [KerasLayer] { built.backbone?.layers ?? [] }

    /// The architecture as it was published, for images of three channels: what a file of weights is compared with.
    public var published: Backbone? { built.backbone }

    /// The numbers of trainable parameters, of moving statistics and of feature channels. `summed`: with first kernels for one
    /// channel.
    public func counts(summed: Bool) -> (trainable: Int, statistics: Int, channels: Int) {
        let built = self.built
        return (built.trainable - (summed ? built.firstKernel / 3 * 2 : 0), built.statistics, built.channels)
    }
}
