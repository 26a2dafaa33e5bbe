import COneDNN
import Diagnostics
import Tensors

extension Compiler {
    /// The shape of a sliding window over an image. `channels` counts those of the output; nil where they stay. Throws `engine`
    /// where the value is no image.
    func windowShape(
        _ source: Value, _ node: Graph.Node, channels: Int?, size: [Int], strides: [Int], padding: Padding
    ) throws -> odn_window {
        guard source.dims.count == 4, node.shape.rank == 3, size.count == 2, strides.count == 2 else {
            throw Diagnostic("engine", "`\(node.layer)` expected an image")
        }
        var window = odn_window()
        window.batch = Int64(batch)
        window.in_channels = Int64(source.dims[1])
        window.out_channels = Int64(channels ?? source.dims[1])
        window.in = (Int64(source.dims[2]), Int64(source.dims[3]))
        window.out = (Int64(node.shape.extents[0]), Int64(node.shape.extents[1]))
        window.kernel = (Int64(size[0]), Int64(size[1]))
        window.stride = (Int64(strides[0]), Int64(strides[1]))
        if padding == .same {
            let rows = Operation.samePadding(input: source.dims[2], size: size[0], stride: strides[0])
            let columns = Operation.samePadding(input: source.dims[3], size: size[1], stride: strides[1])
            window.before = (Int64(rows.before), Int64(columns.before))
            window.after = (Int64(rows.after), Int64(columns.after))
        }
        return window
    }

    /// Lets a convolution without padding of its own add the zeros of the node before it.
    func addPadding(of node: Int, to window: inout odn_window) {
        guard let padding = paddings[node] else { return }
        window.before = (Int64(padding.before[0]), Int64(padding.before[1]))
        window.after = (Int64(padding.after[0]), Int64(padding.after[1]))
    }

    /// The batch normalisation that can be folded into the convolution before it, with its index; nil where there is none. Its
    /// statistics stay as they are, and it trains only where the kernel does.
    private func foldable(after index: Int, kernel: String, bias: String?) -> (normalization: BatchNormalization, index: Int)? {
        guard bias == nil, let consumer = soleConsumer(of: index), case .batchNorm(let normalization) = graph.nodes[consumer].operation,
            !parameters.moves(normalization.mean)
        else { return nil }
        let trains = [normalization.gamma, normalization.beta].compactMap { $0 }.contains { parameters.isTrainable($0) }
        return parameters.isTrainable(kernel) || !trains ? (normalization, consumer) : nil
    }

    /// Emits a convolution, with what follows it computed along: a normalisation folded into it, an activation fused to it.
    func convolution(_ index: Int, _ source: Value, _ shape: odn_window, kernel name: String, bias: String?) throws {
        var window = shape
        let crop = window.cropDeadTaps()
        var norm = foldable(after: index, kernel: name, bias: bias)
        let learns = needsGradient(norm.flatMap { fusable(after: $0.index)?.index ?? $0.index } ?? fusable(after: index)?.index ?? index)
        func make(_ fused: Activation?) throws -> Computation {
            try forwardConvolution(&window, hasBias: bias != nil || norm != nil, fused)
        }
        var fused = fusable(after: norm?.index ?? index)
        var forward = try make(fused?.activation)
        if norm != nil, try forward.layout(ODN_WEIGHTS).rows == nil {
            // The kernel lies so that its rows cannot be scaled one by one: the normalisation is computed on its own.
            norm = nil
            fused = fusable(after: index)
            forward = try make(fused?.activation)
        }
        let last = fused?.index ?? norm?.index ?? index
        let dims = [batch, Int(window.out_channels), Int(window.out.0), Int(window.out.1)]
        let value = try newValue(last, dims: dims, layout: try forward.layout(ODN_DESTINATION))
        let weightsLayout = try forward.layout(ODN_WEIGHTS)
        let kernel = try parameters.use(
            name, canonical: try canonicalKernel(name, window), layout: weightsLayout,
            crop: try crop.map { try cropPlace(name, $0, window) },
            folded: norm != nil)
        let fold = try norm.map { try self.fold($0.normalization, into: kernel, channels: dims[1], weightsLayout) }
        let biasIndex = try bias.map { try parameters.useVector($0, dims[1]) }

        let weights: Operand = fold.map { .buffer($0.weights) } ?? .weights(kernel)
        var operands: [(odn_slot, Operand)] = [
            (ODN_SOURCE, .buffer(try array(source, in: try forward.layout(ODN_SOURCE)))),
            (ODN_WEIGHTS, weights), (ODN_DESTINATION, .buffer(value.buffer)),
        ]
        if let fold { operands.append((ODN_BIAS, .buffer(fold.bias))) }
        if let biasIndex { operands.append((ODN_BIAS, .weights(biasIndex))) }
        try emit(forward, operands)
        for node in [index, norm?.index, last].compactMap({ $0 }) { define(node, value) }
        guard learns else { return }

        onBackward { [unowned self] in
            guard let gradient = try activationGradient(value, fused?.activation) else { return }
            let beta = fold == nil ? biasIndex : fold?.beta
            let vectors = [biasIndex, fold?.beta, fold?.gamma].compactMap { $0 }
            if ([kernel] + vectors).contains(where: { parameters[$0].trainable }) {
                let sourceLayout = try forward.layout(ODN_SOURCE)
                let make = { (window: odn_window, s: Layout?, w: Layout?, d: Layout?) in
                    try Computation {
                        odn_convolution_backward_weights(
                            $0, forward.handle, [window], fold == nil && bias == nil ? 0 : 1, s?.handle, w?.handle, d?.handle, $1)
                    }
                }
                let step = try window.best([{ try make($0, sourceLayout, weightsLayout, value.layout) }, { try make($0, nil, nil, nil) }])
                let biasTarget = try emitWeightsGradient(
                    step, source, value.layout, gradient, kernel: kernel, bias: beta, hasBias: fold != nil || bias != nil, weightsLayout)
                if let fold, let gamma = fold.gamma, parameters[gamma].trainable, let biasTarget {
                    emit(gammaStep(fold, gamma: gamma, biasGradient: biasTarget))
                }
            }
            if source.needsGradient {
                let make = { (window: odn_window, s: Layout?, w: Layout?, d: Layout?) in
                    try Computation {
                        odn_convolution_backward_data($0, forward.handle, [window], s?.handle, w?.handle, d?.handle, $1)
                    }
                }
                let step = try window.best([
                    { try make($0, source.layout, weightsLayout, value.layout) },
                    { try make($0, source.layout, nil, value.layout) }, { try make($0, nil, nil, nil) },
                ])
                try emitDataGradient(step, source, value.layout, gradient, weights, changes: parameters[kernel].trainable, weightsLayout)
            }
        }
    }

    /// Keras's layout of the kernel taps left in a cropped window, as they lie in the memory of all taps.
    private func canonicalKernel(_ name: String, _ window: odn_window) throws -> Layout {
        guard let index = parameters.index(of: name), parameters[index].spec.shape.rank == 4 else {
            throw Diagnostic("engine", "the graph has no kernel `\(name)`")
        }
        let width = parameters[index].spec.shape.extents[1]
        let (rows, columns) = (Int(window.kernel.0), Int(window.kernel.1))
        let (input, output) = (Int(window.in_channels), Int(window.out_channels))
        if window.groups > 1 { return try Layout(dims: [input, 1, 1, rows, columns], strides: [1, 1, 1, width * input, input]) }
        return try Layout(dims: [output, input, rows, columns], strides: [1, output, width * input * output, input * output])
    }

    /// The place within a kernel of the taps left in a cropped window.
    private func cropPlace(_ name: String, _ first: (row: Int, column: Int), _ window: odn_window) throws -> ParameterPlan.Crop {
        guard let index = parameters.index(of: name), parameters[index].spec.shape.rank == 4 else {
            throw Diagnostic("engine", "the graph has no kernel `\(name)`")
        }
        let extents = parameters[index].spec.shape.extents
        let tap = extents[2] * extents[3]
        let lines = Int(window.kernel.0) - 1
        let columns = Int(window.kernel.1)
        return .init(start: (first.row * extents[1] + first.column) * tap, extent: (lines * extents[1] + columns) * tap)
    }

    /// Folds a batch normalisation into a kernel: claims its vectors, and buffers for the folded kernel and bias.
    private func fold(_ normalization: BatchNormalization, into kernel: Int, channels: Int, _ layout: Layout) throws -> Fold {
        guard let rows = layout.rows else { throw Diagnostic("engine", "a kernel lies so that nothing can be folded into it") }
        let weights = plan.add(bytes: layout.bytes)
        let bias = plan.add(bytes: channels * MemoryLayout<Float>.stride)
        plan.pin(weights)
        plan.pin(bias)
        let fold = Fold(
            kernel: kernel, gamma: try normalization.gamma.map { try parameters.useVector($0, channels, folded: true) },
            beta: try normalization.beta.map { try parameters.useVector($0, channels, folded: true) },
            mean: try parameters.useVector(normalization.mean, channels, folded: true),
            variance: try parameters.useVector(normalization.variance, channels, folded: true), epsilon: normalization.epsilon,
            channels: channels, rows: rows, count: layout.bytes / MemoryLayout<Float>.stride, weights: weights, bias: bias)
        folds.append(fold)
        return fold
    }

    /// The host step that computes the gradient of a folded gamma. The vectors it needs are those of the program once there is one.
    private func gammaStep(_ fold: Fold, gamma: Int, biasGradient: Operand) -> HostStep {
        let threads = odn_threads()
        return HostStep([.weights(fold.kernel), .gradient(fold.kernel), biasGradient, .gradient(gamma)]) { [vectors] pointers in
            fold.gammaGradient(
                weights: pointers[0], gradient: pointers[1], biasGradient: pointers[2], vector: vectors.read, threads: threads,
                into: pointers[3])
        }
    }

    /// Emits the gradients of a kernel and its bias, and returns where that of the bias is; nil without a bias. What is not
    /// trained is computed beside and thrown away.
    @discardableResult
    func emitWeightsGradient(
        _ step: Computation, _ source: Value, _ layout: Layout, _ gradient: Int, kernel: Int, bias: Int?, hasBias: Bool,
        _ weightsLayout: Layout
    ) throws -> Operand? {
        let input = try array(source, in: try step.layout(ODN_SOURCE))
        let wanted = try step.layout(ODN_DESTINATION_GRADIENT)
        let output = layout.same(as: wanted) ? gradient : try reordered(.buffer(gradient), layout, to: wanted)
        let made = try step.layout(ODN_WEIGHTS_GRADIENT)
        let kernelTarget = parameters[kernel].trainable ? try gradientTarget(kernel) : nil
        let direct = kernelTarget != nil && made.same(as: weightsLayout)
        let target: Operand = direct ? kernelTarget?.operand ?? .gradient(kernel) : .buffer(plan.add(bytes: made.bytes))
        var operands: [(odn_slot, Operand)] = [
            (ODN_SOURCE, .buffer(input)), (ODN_DESTINATION_GRADIENT, .buffer(output)), (ODN_WEIGHTS_GRADIENT, target),
        ]
        var biasTarget: Operand?
        var finishBias: (() throws -> Void)?
        if hasBias {
            let trains = bias.map { parameters[$0].trainable } ?? false
            let target: Operand
            if let bias, trains {
                (target, finishBias) = try gradientTarget(bias)
            } else {
                target = .buffer(plan.add(bytes: try step.layout(ODN_BIAS_GRADIENT).bytes))
            }
            operands.append((ODN_BIAS_GRADIENT, target))
            biasTarget = target
        }
        try emit(step, operands)
        if let kernelTarget {
            if !direct { try emitReorder(made, target, weightsLayout, kernelTarget.operand) }
            try kernelTarget.finish()
        }
        try finishBias?()
        return biasTarget
    }

    /// Emits the gradient by the source of a computation and adds it to what the source already has. `changes`: whether the
    /// weights do.
    func emitDataGradient(
        _ step: Computation, _ source: Value, _ layout: Layout, _ gradient: Int, _ weights: Operand, changes: Bool, _ weightsLayout: Layout
    ) throws {
        let wanted = try step.layout(ODN_DESTINATION_GRADIENT)
        let output = layout.same(as: wanted) ? gradient : try reordered(.buffer(gradient), layout, to: wanted)
        let weights = try self.weights(weights, weightsLayout, in: try step.layout(ODN_WEIGHTS), changes: changes)
        let made = try step.layout(ODN_SOURCE_GRADIENT)
        let buffer = plan.add(bytes: made.bytes)
        try emit(
            step,
            [(ODN_DESTINATION_GRADIENT, .buffer(output)), (ODN_WEIGHTS, weights), (ODN_SOURCE_GRADIENT, .buffer(buffer))])
        try contribute(buffer, made, to: source)
    }
}

extension odn_window {
    /// Crops the rows and columns of the kernel that never meet the image, as the outer ones of a "same" 3x3 on a 1x1 map: exact,
    /// and less to read. Returns where what is left begins; nil where all of it is left.
    mutating func cropDeadTaps() -> (row: Int, column: Int)? {
        func live(_ input: Int64, _ output: Int64, _ size: Int64, _ stride: Int64, _ before: Int64) -> ClosedRange<Int64>? {
            let taps = (0..<size).filter { tap in (0..<output).contains { (0..<input).contains($0 * stride - before + tap) } }
            guard let first = taps.first, let last = taps.last else { return nil }
            return first...last
        }
        guard let rows = live(self.in.0, out.0, kernel.0, stride.0, before.0),
            let columns = live(self.in.1, out.1, kernel.1, stride.1, before.1),
            Int64(rows.count) < kernel.0 || Int64(columns.count) < kernel.1
        else { return nil }
        kernel = (Int64(rows.count), Int64(columns.count))
        before = (before.0 - rows.lowerBound, before.1 - columns.lowerBound)
        after = (
            max(0, (out.0 - 1) * stride.0 + kernel.0 - self.in.0 - before.0),
            max(0, (out.1 - 1) * stride.1 + kernel.1 - self.in.1 - before.1)
        )
        return (Int(rows.lowerBound), Int(columns.lowerBound))
    }
}
