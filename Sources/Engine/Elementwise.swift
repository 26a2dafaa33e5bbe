import COneDNN
import Diagnostics
import Tensors

extension Activation {
    /// The C target's constant for the activation.
    var code: odn_activation {
        switch self {
        case .relu: ODN_RELU
        case .tanh: ODN_TANH
        case .sigmoid: ODN_SIGMOID
        case .gelu: ODN_GELU
        case .geluTanh: ODN_GELU_TANH
        }
    }

    /// Whether the gradient follows from what is before the activation, and not from what is behind it.
    var needsSource: Bool { self == .gelu || self == .geluTanh }
}

extension Compiler {
    /// Emits an activation that could not be fused into the node before it.
    func activation(_ index: Int, _ source: Value, _ activation: Activation) throws {
        let learns = needsGradient(index)
        let forward = try Computation { odn_activation_forward($0, activation.code, learns ? 1 : 0, source.layout.handle, $1) }
        let value = try newValue(index, dims: source.dims, layout: source.layout)
        try emit(forward, [(ODN_SOURCE, .buffer(source.buffer)), (ODN_DESTINATION, .buffer(value.buffer))])
        define(index, value)
        guard learns else { return }
        onBackward { [unowned self] in
            guard let gradient = try activationGradient(value, activation, before: source) else { return }
            try contribute(gradient, value.layout, to: source)
        }
    }

    /// Emits the gradient before an activation, from the gradient after it and the value itself; in place where that is allowed.
    /// Nil where the value has no gradient. `source`: what is before the activation, for those that need it.
    func activationGradient(_ value: Value, _ activation: Activation?, before source: Value? = nil) throws -> Int? {
        guard let gradient = gradient(of: value) else { return nil }
        guard let activation else { return gradient.buffer }
        let step = try Computation { odn_activation_backward($0, activation.code, value.layout.handle, $1) }
        let buffer = gradient.owned ? gradient.buffer : plan.add(bytes: value.layout.bytes)
        guard !activation.needsSource || source != nil else { throw Diagnostic("engine", "an activation lacks what is before it") }
        let argument: (odn_slot, Operand) =
            activation.needsSource ? (ODN_SOURCE, .buffer(source?.buffer ?? 0)) : (ODN_DESTINATION, .buffer(value.buffer))
        try emit(
            step,
            [
                argument, (ODN_DESTINATION_GRADIENT, .buffer(gradient.buffer)),
                (ODN_SOURCE_GRADIENT, .buffer(buffer)),
            ])
        return buffer
    }
}
