import COneDNN
import Diagnostics
import Tensors
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A stretch of a program's memory that holds something per parameter.
private enum Stretch { case weights, gradient, m, v }

extension Program {
    /// Takes the parameters of the graph out of a store, which may hold more.
    /// Throws `missing-parameter` and `parameter-shape`, and then has changed nothing.
    public func load(_ parameters: ParameterStore) throws {
        let found = try parameterPlan.parameters.map { try expect($0.spec.name, $0.spec.shape, in: parameters) }
        for (parameter, tensor) in zip(parameterPlan.parameters, found) { try write(tensor, parameter, .weights) }
        try parametersChanged()
    }

    /// All parameters, trainable or not, bit for bit as they are.
    public func parameters() throws -> ParameterStore {
        var store = ParameterStore()
        for parameter in parameterPlan.parameters { store[parameter.spec.name] = try read(parameter, .weights) }
        return store
    }

    /// The gradient of a trainable parameter after `backward`. Throws `missing-parameter` for any other name.
    public func gradient(of name: String) throws -> Tensor {
        guard let index = parameterPlan.index(of: name), parameterPlan[index].trainable else {
            throw Diagnostic("missing-parameter", "the program trains no parameter `\(name)`")
        }
        return try read(parameterPlan[index], .gradient)
    }

    /// One step of Adam as Keras takes it (epsilon is added to the uncorrected root), on all trainable parameters.
    /// `step` counts from 1.
    public func adam(rate: Double, beta1: Double, beta2: Double, epsilon: Double, step: Int) throws {
        guard isTraining else { throw Diagnostic("engine", "an optimizer needs a training program") }
        let t = Double(max(step, 1))
        let alpha = rate * (1 - pow(beta2, t)).squareRoot() / (1 - pow(beta1, t))
        let count = parameterPlan.trainableCount
        let learning = learningBlock.floats()
        odn_adam(
            weightBlock.floats(), learning, learning + count, learning + 2 * count, count,
            Float(alpha), Float(1 - beta1), Float(1 - beta2), Float(epsilon))
    }

    /// Adam's two moments of each trainable parameter, `m.NAME` and `v.NAME`, bit for bit as they are.
    public func optimizerState() throws -> ParameterStore {
        var store = ParameterStore()
        for parameter in parameterPlan.parameters where parameter.trainable {
            store["m." + parameter.spec.name] = try read(parameter, .m)
            store["v." + parameter.spec.name] = try read(parameter, .v)
        }
        return store
    }

    /// Puts back what `optimizerState` gave; an empty store starts afresh.
    /// Throws `missing-parameter` and `parameter-shape`, and then has changed nothing.
    public func loadOptimizerState(_ state: ParameterStore) throws {
        let trained = parameterPlan.parameters.filter(\.trainable)
        let found = try state.names.isEmpty ? [] : trained.map {
            (try expect("m." + $0.spec.name, $0.spec.shape, in: state), try expect("v." + $0.spec.name, $0.spec.shape, in: state))
        }
        let moments = learningBlock.floats() + parameterPlan.trainableCount
        moments.update(repeating: 0, count: 2 * parameterPlan.trainableCount)
        for (parameter, (m, v)) in zip(trained, found) {
            try write(m, parameter, .m)
            try write(v, parameter, .v)
        }
    }

    private func expect(_ name: String, _ shape: Shape, in store: ParameterStore) throws -> Tensor {
        guard let tensor = store[name] else {
            throw Diagnostic("missing-parameter", "expected a parameter `\(name)` of shape \(shape), found none")
        }
        guard tensor.shape == shape else {
            throw Diagnostic("parameter-shape", "expected `\(name)` of shape \(shape), found \(tensor.shape)")
        }
        return tensor
    }

    private func place(_ parameter: ParameterPlan.Parameter, _ stretch: Stretch) -> UnsafeMutablePointer<Float> {
        let count = parameterPlan.trainableCount
        return switch stretch {
        case .weights: weightBlock.floats() + parameter.offset
        case .gradient: learningBlock.floats() + parameter.offset
        case .m: learningBlock.floats() + count + parameter.offset
        case .v: learningBlock.floats() + 2 * count + parameter.offset
        }
    }

    private func write(_ tensor: Tensor, _ parameter: ParameterPlan.Parameter, _ stretch: Stretch) throws {
        let target = place(parameter, stretch)
        try tensor.withUnsafeBuffer { source in
            guard let base = source.baseAddress else { return }
            if let layouts = parameter.layouts {
                try copy(layouts.canonical, base, layouts.own, target)
            } else {
                target.update(from: base, count: source.count)
            }
        }
    }

    private func read(_ parameter: ParameterPlan.Parameter, _ stretch: Stretch) throws -> Tensor {
        var tensor = Tensor(zeros: parameter.spec.shape)
        let source = place(parameter, stretch)
        try tensor.withUnsafeMutableBuffer { target in
            guard let base = target.baseAddress else { return }
            if let layouts = parameter.layouts {
                try copy(layouts.own, source, layouts.canonical, base)
            } else {
                base.update(from: source, count: target.count)
            }
        }
        return tensor
    }
}
