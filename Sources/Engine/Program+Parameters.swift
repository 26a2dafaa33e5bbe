import COneDNN
import Diagnostics
import Tensors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A stretch of a program's memory with an array for each parameter: weights, gradients, or the optimizer's moments m and v.
private enum Stretch { case weights, gradient, m, v }

extension Program {
    /// Loads the parameters of the graph from a store, which may hold more. Throws `missing-parameter` and `parameter-shape`, and
    /// then has changed nothing.
    public func load(_ parameters: ParameterStore) throws {
        let found = try parameterPlan.parameters.map { try expect($0.spec.name, $0.spec.shape, in: parameters) }
        // Tensors share their memory until one is changed: those that stay as they are take no room twice.
        loaded = zip(parameterPlan.parameters, found).map { $0.isWhole ? nil : $1 }
        for (parameter, tensor) in zip(parameterPlan.parameters, found) { try write(tensor, parameter, .weights) }
        try parametersLoaded()
    }

    /// Loads the parameters one at a time, so that a network takes its own memory and that of the largest kernel: `fill` writes
    /// the numbers of each, row-major, where they are to be, and nothing is kept beside them. Parameters that nothing computes
    /// with are not asked for, and are zero from then on. Throws what `fill` does; the program is then to be loaded anew.
    public func load(filling fill: (_ name: String, _ shape: Shape, _ values: UnsafeMutableBufferPointer<Float>) throws -> Void) throws {
        for (index, parameter) in parameterPlan.parameters.enumerated() {
            loaded[index] = nil
            guard parameter.layouts != nil || parameter.changes else { continue }
            let (name, shape) = (parameter.spec.name, parameter.spec.shape)
            if let target = place(parameter, .weights), parameter.crop == nil, parameter.isRowMajor {
                try fill(name, shape, UnsafeMutableBufferPointer(start: target, count: shape.count))
                continue
            }
            var tensor = Tensor(zeros: shape)
            try tensor.withUnsafeMutableBuffer { try fill(name, shape, $0) }
            try write(tensor, parameter, .weights)
            if parameter.offset == nil || parameter.crop != nil { loaded[index] = tensor }
        }
        try parametersLoaded()
    }

    /// Loads some parameters from a store and leaves the others as they were loaded. Throws as `load`.
    public func load(changes: ParameterStore) throws {
        var changed = false
        for index in parameterPlan.parameters.indices where changes[parameterPlan[index].spec.name] != nil {
            let spec = parameterPlan[index].spec
            let tensor = try expect(spec.name, spec.shape, in: changes)
            if !parameterPlan[index].isWhole { loaded[index] = tensor }
            try write(tensor, parameterPlan[index], .weights)
            changed = true
        }
        if changed { try parametersLoaded() }
    }

    /// All parameters, trainable or not, bit for bit as they are.
    public func parameters() throws -> ParameterStore {
        var store = ParameterStore()
        for index in parameterPlan.parameters.indices { store[parameterPlan[index].spec.name] = try current(index) }
        return store
    }

    /// The parameters that this program may change: those that train, and statistics that move.
    public func changedParameters() throws -> ParameterStore { try ParameterStore(changing()) }

    /// The parameters that this program may change, each read when it is wanted.
    public func changing() -> [PendingTensor] {
        parameterPlan.parameters.indices.filter { parameterPlan[$0].changes }.map { index in
            PendingTensor(parameterPlan[index].spec.name, parameterPlan[index].spec.shape) { [self] in try current(index) }
        }
    }

    /// The first parameter that the program may change and that has a value which is NaN or infinite, with that value; nil where
    /// all values are finite.
    public func notFinite() -> (name: String, value: Float)? {
        for parameter in parameterPlan.parameters where parameter.changes {
            guard let start = place(parameter, .weights) else { continue }
            let count = (parameter.layouts?.own.bytes).map { $0 / MemoryLayout<Float>.stride } ?? parameter.spec.shape.count
            // What pads a layout is zero.
            if let value = UnsafeBufferPointer(start: start, count: count).first(where: { !$0.isFinite }) {
                return (parameter.spec.name, value)
            }
        }
        return nil
    }

    /// The current tensor of a parameter.
    private func current(_ index: Int) throws -> Tensor {
        let parameter = parameterPlan[index]
        // One that was loaded by itself is in the program's memory alone.
        if !parameter.changes, let tensor = loaded[index] { return tensor }
        return try read(parameter, .weights, into: loaded[index])
    }

    /// The values of a vector parameter.
    func vector(_ index: Int) -> [Float] {
        let parameter = parameterPlan[index]
        if let offset = parameter.offset {
            return Array(UnsafeBufferPointer(start: weightBlock.floats() + offset, count: parameter.spec.shape.count))
        }
        return loaded[index]?.values ?? [Float](repeating: 0, count: parameter.spec.shape.count)
    }

    /// Recomputes a folded kernel and bias.
    func refold(_ fold: Fold) throws {
        fold.refresh(vector)
        fold.settle()
        guard let folded = fold.foldedWeights else { return }
        if let offset = parameterPlan[fold.kernel].offset {
            fold.withSegment(weights: weightBlock.floats() + offset) { odn_fold(&$0) }
        } else if let kernel = loaded[fold.kernel] {
            try copyIn(kernel, parameterPlan[fold.kernel], to: folded)
            fold.withSegment(weights: folded) { odn_fold(&$0) }
        }
    }

    /// The gradient of a trainable parameter after `backward`. Throws `missing-parameter` for any other name.
    public func gradient(of name: String) throws -> Tensor {
        guard let index = parameterPlan.index(of: name), parameterPlan[index].trainable else {
            throw Diagnostic("missing-parameter", "the program trains no parameter `\(name)`")
        }
        let gradient = try read(parameterPlan[index], .gradient)
        // What was computed is the gradient of the folded kernel.
        guard let fold = folds.first(where: { $0.kernel == index }) else { return gradient }
        let channels = fold.channels
        var scaled = gradient
        scaled.withUnsafeMutableBuffer { values in
            for place in values.indices { values[place] *= fold.scale[place % channels] }
        }
        return scaled
    }

    /// Takes one step of Adam as Keras does (epsilon is added to the uncorrected root), on all trainable parameters. `step`
    /// counts from 1; `rates` departs from `rate` for single parameters. Throws `engine` outside training.
    public func adam(rate: Double, beta1: Double, beta2: Double, epsilon: Double, step: Int, rates: [String: Double] = [:]) throws {
        let t = Double(max(step, 1))
        let correction = (1 - pow(beta2, t)).squareRoot() / (1 - pow(beta1, t))
        try move(rate: rate, rates: rates) { segments, count, rate, threads in
            let numbers = odn_adam_rates(
                alpha: Float(rate * correction), one_minus_beta1: Float(1 - beta1), one_minus_beta2: Float(1 - beta2),
                epsilon: Float(epsilon))
            odn_adam(segments, count, numbers, threads)
        }
    }

    /// Takes one step of plain gradient descent on all trainable parameters. `rates` departs from `rate` for single parameters.
    /// Throws `engine` outside training.
    public func descend(rate: Double, rates: [String: Double] = [:]) throws {
        try move(rate: rate, rates: rates) { odn_descend($0, $1, Float($2), $3) }
    }

    /// Applies a step of an optimizer to the plain parameters, then to the kernels that are folded, with what the plain ones have
    /// become. `rates` departs from `rate` for single parameters.
    private func move(rate: Double, rates: [String: Double], _ step: (UnsafePointer<odn_segment>, Int, Double, Int32) -> Void) throws {
        guard isTraining else { throw Diagnostic("engine", "an optimizer needs a training program") }
        let count = parameterPlan.trainableCount
        let learning = learningBlock.floats()
        let weights = weightBlock.floats()
        func segment(_ start: Int, _ length: Int) -> odn_segment {
            odn_segment(
                weights: weights + start, gradient: learning + start, m: learning + count + start, v: learning + 2 * count + start,
                count: length,
                block: 0, stride: 0, scale: nil, new_scale: nil, folded: nil)
        }
        let threads = Int32(clamping: self.threads)
        if rates.isEmpty {
            var plain = segment(0, parameterPlan.plainCount)
            step(&plain, 1, rate, threads)
        } else {
            let alignment = MemoryPlan.alignment / MemoryLayout<Float>.stride
            for parameter in parameterPlan.parameters where parameter.trainable && !parameter.isFolded {
                guard let offset = parameter.offset else { continue }
                let length = max(
                    (parameter.layouts?.own.bytes ?? 0) / MemoryLayout<Float>.stride,
                    parameter.layouts == nil ? parameter.spec.shape.count : 0)
                var one = segment(offset, (length + alignment - 1) / alignment * alignment)
                step(&one, 1, rates[parameter.spec.name] ?? rate, threads)
            }
        }
        for fold in folds {
            let kernel = parameterPlan[fold.kernel]
            guard kernel.trainable, let offset = kernel.offset else { continue }
            fold.refresh(vector)
            fold.withSegment(
                weights: weights + offset, gradient: learning + offset, m: learning + count + offset, v: learning + 2 * count + offset
            ) { step(&$0, 1, rates[kernel.spec.name] ?? rate, threads) }
            fold.settle()
        }
    }

    /// Adam's two moments of each trainable parameter, `m.NAME` and `v.NAME`, bit for bit as they are.
    public func optimizerState() throws -> ParameterStore { try ParameterStore(moments()) }

    /// Adam's two moments of each trainable parameter, `m.NAME` and `v.NAME`, each read when it is wanted.
    public func moments() -> [PendingTensor] {
        parameterPlan.parameters.filter(\.trainable).flatMap { parameter in
            [("m.", Stretch.m), ("v.", .v)].map { prefix, stretch in
                PendingTensor(prefix + parameter.spec.name, parameter.spec.shape) { [self] in try read(parameter, stretch) }
            }
        }
    }

    /// Restores the optimizer state that `optimizerState` gave; an empty store starts afresh. Throws `missing-parameter` and
    /// `parameter-shape`, and then has changed nothing.
    public func loadOptimizerState(_ state: ParameterStore) throws {
        let trained = parameterPlan.parameters.filter(\.trainable)
        let found =
            try state.names.isEmpty
            ? []
            : trained.map {
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

    private func place(_ parameter: ParameterPlan.Parameter, _ stretch: Stretch) -> UnsafeMutablePointer<Float>? {
        guard let offset = parameter.offset else { return nil }
        let count = parameterPlan.trainableCount
        return switch stretch {
        case .weights: weightBlock.floats() + offset
        case .gradient: learningBlock.floats() + offset
        case .m: learningBlock.floats() + count + offset
        case .v: learningBlock.floats() + 2 * count + offset
        }
    }

    private func write(_ tensor: Tensor, _ parameter: ParameterPlan.Parameter, _ stretch: Stretch) throws {
        guard let target = place(parameter, stretch) else { return }
        try copyIn(tensor, parameter, to: target)
    }

    /// Copies a tensor, or the part of it that is read, into a layout of the program's own.
    private func copyIn(_ tensor: Tensor, _ parameter: ParameterPlan.Parameter, to target: UnsafeMutablePointer<Float>) throws {
        try tensor.withUnsafeBuffer { source in
            guard let base = source.baseAddress else { return }
            if let layouts = parameter.layouts {
                try copy(layouts.canonical, base + (parameter.crop?.start ?? 0), layouts.own, target)
            } else {
                target.update(from: base, count: source.count)
            }
        }
    }

    /// Reads a parameter's array from a stretch of memory, in Keras's layout. `whole`: what stands at the taps that the program
    /// does not read; zeros where nothing is given.
    private func read(_ parameter: ParameterPlan.Parameter, _ stretch: Stretch, into whole: Tensor? = nil) throws -> Tensor {
        var tensor = parameter.crop == nil ? Tensor(zeros: parameter.spec.shape) : whole ?? Tensor(zeros: parameter.spec.shape)
        guard let source = place(parameter, stretch) else { return tensor }
        try tensor.withUnsafeMutableBuffer { target in
            guard let base = target.baseAddress else { return }
            if let layouts = parameter.layouts {
                try copy(layouts.own, source, layouts.canonical, base + (parameter.crop?.start ?? 0))
            } else {
                base.update(from: source, count: target.count)
            }
        }
        return tensor
    }
}
