import COneDNN
import Diagnostics
import Tensors

extension Compiler {
    /// The extents of a sliding window over a value. `channels` is nil where they stay.
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

    func convolution(_ index: Int, _ source: Value, _ shape: odn_window, kernel: String, bias: String?) throws {
        let fused = fusable(after: index)
        let last = fused?.index ?? index
        let learns = needsGradient(last)
        var window = shape
        let activation = fused?.activation.code ?? ODN_LINEAR
        let forward = try Computation {
            odn_convolution_forward($0, &window, bias == nil ? 0 : 1, learns ? 1 : 0, activation, nil, nil, $1)
        }
        let dims = [batch, Int(window.out_channels), Int(window.out.0), Int(window.out.1)]
        let value = try newValue(last, dims: dims, layout: try forward.layout(ODN_DESTINATION))
        let kernelDims = [dims[1], source.dims[1], Int(window.kernel.0), Int(window.kernel.1)]
        let kernel = try parameters.use(kernel, canonical: try .kernel(kernelDims), layout: try forward.layout(ODN_WEIGHTS))
        let bias = try bias.map { try parameters.use($0, canonical: try .vector(dims[1]), layout: try .vector(dims[1])) }

        var operands: [(odn_slot, Operand)] = [
            (ODN_SOURCE, .buffer(try array(source, in: try forward.layout(ODN_SOURCE)))),
            (ODN_WEIGHTS, .weights(kernel)), (ODN_DESTINATION, .buffer(value.buffer)),
        ]
        if let bias { operands.append((ODN_BIAS, .weights(bias))) }
        try emit(forward, operands)
        define(index, value)
        define(last, value)
        guard learns else { return }

        onBackward { [unowned self] in
            guard let gradient = try activationGradient(value, fused?.activation) else { return }
            let weightsLayout = try forward.layout(ODN_WEIGHTS)
            if parameters[kernel].trainable || bias.map({ parameters[$0].trainable }) == true {
                let sourceLayout = try forward.layout(ODN_SOURCE)
                let make = { (s: Layout?, w: Layout?, d: Layout?) in
                    try Computation {
                        odn_convolution_backward_weights(
                            $0, forward.handle, &window, bias == nil ? 0 : 1, s?.handle, w?.handle, d?.handle, $1)
                    }
                }
                let step = try Computation.best([
                    { try make(sourceLayout, weightsLayout, value.layout) }, { try make(nil, nil, nil) },
                ])
                try emitWeightsGradient(step, source, value.layout, gradient, kernel: kernel, bias: bias, weightsLayout)
            }
            if source.needsGradient {
                let make = { (s: Layout?, w: Layout?, d: Layout?) in
                    try Computation {
                        odn_convolution_backward_data($0, forward.handle, &window, s?.handle, w?.handle, d?.handle, $1)
                    }
                }
                let step = try Computation.best([
                    { try make(source.layout, weightsLayout, value.layout) },
                    { try make(source.layout, nil, value.layout) }, { try make(nil, nil, nil) },
                ])
                try emitDataGradient(step, source, value.layout, gradient, kernel: kernel, weightsLayout)
            }
        }
    }

    /// Emits a gradient of kernel and bias. What is not trained is computed beside and thrown away.
    func emitWeightsGradient(
        _ step: Computation, _ source: Value, _ layout: Layout, _ gradient: Int, kernel: Int, bias: Int?, _ weightsLayout: Layout
    ) throws {
        let input = try array(source, in: try step.layout(ODN_SOURCE))
        let wanted = try step.layout(ODN_DESTINATION_GRADIENT)
        let output = layout.same(as: wanted) ? gradient : try reordered(.buffer(gradient), layout, to: wanted)
        let made = try step.layout(ODN_WEIGHTS_GRADIENT)
        let direct = parameters[kernel].trainable && made.same(as: weightsLayout)
        let target: Operand = direct ? .gradient(kernel) : .buffer(plan.add(bytes: made.bytes))
        var operands: [(odn_slot, Operand)] = [
            (ODN_SOURCE, .buffer(input)), (ODN_DESTINATION_GRADIENT, .buffer(output)), (ODN_WEIGHTS_GRADIENT, target),
        ]
        if let bias {
            let target: Operand =
                parameters[bias].trainable ? .gradient(bias) : .buffer(plan.add(bytes: try step.layout(ODN_BIAS_GRADIENT).bytes))
            operands.append((ODN_BIAS_GRADIENT, target))
        }
        try emit(step, operands)
        if parameters[kernel].trainable && !direct {
            try emit(.reorder(made, weightsLayout), [(ODN_SOURCE, target), (ODN_DESTINATION, .gradient(kernel))])
        }
    }

    /// Emits the gradient of a source and adds it to what the source already has.
    func emitDataGradient(
        _ step: Computation, _ source: Value, _ layout: Layout, _ gradient: Int, kernel: Int, _ weightsLayout: Layout
    ) throws {
        let wanted = try step.layout(ODN_DESTINATION_GRADIENT)
        let output = layout.same(as: wanted) ? gradient : try reordered(.buffer(gradient), layout, to: wanted)
        let weights = try weights(kernel, weightsLayout, in: try step.layout(ODN_WEIGHTS))
        let made = try step.layout(ODN_SOURCE_GRADIENT)
        let buffer = plan.add(bytes: made.bytes)
        try emit(
            step,
            [(ODN_DESTINATION_GRADIENT, .buffer(output)), (ODN_WEIGHTS, weights), (ODN_SOURCE_GRADIENT, .buffer(buffer))])
        try contribute(buffer, made, to: source)
    }
}
