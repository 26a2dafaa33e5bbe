import COneDNN
import Diagnostics
import Tensors

extension Compiler {
    /// Emits a batch normalisation that could not be folded into the convolution before it: one computation of scale, shift and
    /// ReLU.
    func batchNorm(_ index: Int, _ source: Value, _ norm: BatchNormalization) throws {
        let moves = parameters.moves(norm.mean)
        var flags: UInt32 = moves ? 0 : ODN_GLOBAL.rawValue
        if norm.gamma != nil { flags |= ODN_HAS_GAMMA.rawValue }
        if norm.beta != nil { flags |= ODN_HAS_BETA.rawValue }
        let fused = fusable(after: index).flatMap { $0.activation == .relu ? $0 : nil }
        if fused != nil { flags |= ODN_WITH_RELU.rawValue }
        let last = fused?.index ?? index
        let learns = needsGradient(last)
        // Statistics of a batch are computed in training alone, which keeps what a backward pass needs.
        let trains = learns || moves
        let channels = source.dims[1]
        let forward = try Computation { odn_normalization_forward($0, trains ? 1 : 0, flags, norm.epsilon, source.layout.handle, $1) }
        let value = try newValue(last, dims: source.dims, layout: source.layout)
        let gamma = try norm.gamma.map { try parameters.useVector($0, channels) }
        let beta = try norm.beta.map { try parameters.useVector($0, channels) }
        let mean = try parameters.useVector(norm.mean, channels)
        let variance = try parameters.useVector(norm.variance, channels)
        let float = MemoryLayout<Float>.stride
        let statistics: (mean: Operand, variance: Operand) =
            moves
            ? (.buffer(plan.add(bytes: channels * float)), .buffer(plan.add(bytes: channels * float)))
            : (.weights(mean), .weights(variance))
        var shared: [(odn_slot, Operand)] = [
            (ODN_SOURCE, .buffer(source.buffer)), (ODN_MEAN, statistics.mean), (ODN_VARIANCE, statistics.variance),
        ]
        if let gamma { shared.append((ODN_GAMMA, .weights(gamma))) }
        // What ReLU let through.
        if let workspace = try forward.optionalLayout(ODN_WORKSPACE) {
            shared.append((ODN_WORKSPACE, .buffer(plan.add(bytes: workspace.bytes))))
        }
        try emit(forward, shared + (beta.map { [(ODN_BETA, .weights($0))] } ?? []) + [(ODN_DESTINATION, .buffer(value.buffer))])
        if moves {
            let momentum = norm.momentum
            emit(
                HostStep([statistics.mean, statistics.variance, .weights(mean), .weights(variance)]) { pointers in
                    for channel in 0..<channels {
                        pointers[2][channel] = momentum * pointers[2][channel] + (1 - momentum) * pointers[0][channel]
                        pointers[3][channel] = momentum * pointers[3][channel] + (1 - momentum) * pointers[1][channel]
                    }
                })
        }
        define(index, value)
        define(last, value)
        guard learns else { return }
        onBackward { [unowned self] in
            guard let gradient = gradient(of: value) else { return }
            let step = try Computation { odn_normalization_backward($0, forward.handle, flags, norm.epsilon, source.layout.handle, $1) }
            let wanted = try step.layout(ODN_DESTINATION_GRADIENT)
            let output = value.layout.same(as: wanted) ? gradient.buffer : try reordered(.buffer(gradient.buffer), value.layout, to: wanted)
            let made = try step.layout(ODN_SOURCE_GRADIENT)
            let buffer = plan.add(bytes: made.bytes)
            var operands = shared + [(ODN_DESTINATION_GRADIENT, Operand.buffer(output)), (ODN_SOURCE_GRADIENT, .buffer(buffer))]
            func target(_ parameter: Int) -> Operand {
                parameters[parameter].trainable ? .gradient(parameter) : .buffer(plan.add(bytes: channels * float))
            }
            // The library counts the shift among what a backward pass reads.
            if let beta, try step.optionalLayout(ODN_BETA) != nil { operands.append((ODN_BETA, .weights(beta))) }
            if let gamma { operands.append((ODN_GAMMA_GRADIENT, target(gamma))) }
            if let beta { operands.append((ODN_BETA_GRADIENT, target(beta))) }
            try emit(step, operands)
            if source.needsGradient { try contribute(buffer, made, to: source) }
        }
    }
}
