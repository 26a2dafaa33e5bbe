import COneDNN
import Diagnostics
import Tensors

extension Compiler {
    /// Emits a dense layer (a matrix product) on each row, with its bias and the activation fused to it. An image that was
    /// flattened is read in whatever layout it has: the kernel is laid out to match.
    func dense(_ index: Int, _ source: Value, units: Int, kernel: String, bias: String?) throws {
        var fused = fusable(after: index)
        let learns = needsGradient(fused?.index ?? index)
        let rank = Int32(source.dims.count)
        let sourceDims = source.dims.map(Int64.init)
        let units64 = Int64(units)
        let canonical = try Layout.kernel([units] + source.dims.dropFirst())
        let isSequence = source.dims[0] > batch
        // Over the many rows of sequences, gradients of plain kernels cost less than those of blocked ones.
        var isPlain = learns && isSequence && parameters.isTrainable(kernel)
        let make = { (layout: Layout?, activation: odn_activation, isPlain: Bool) in
            try Computation {
                odn_dense_forward(
                    $0, rank, sourceDims, units64, bias == nil ? 0 : 1, learns ? 1 : 0, activation, layout?.handle,
                    isPlain ? canonical.handle : nil, $1)
            }
        }
        let activation = fused?.activation.code ?? ODN_LINEAR
        var forward = try Computation.best([
            { try make(source.layout, activation, isPlain) }, { try make(nil, activation, isPlain) },
        ])
        // A product of all rows may add up those of one text otherwise than those of another; then each text has a product of its
        // own, so that no result depends on the batch.
        let isEach = isSequence && !isPlain && forward.rank < 2
        if isEach {
            (fused, isPlain) = (nil, true)
            forward = try make(try .activations(source.dims), ODN_LINEAR, true)
        }
        let last = fused?.index ?? index
        let value = try newValue(last, dims: [source.dims[0], units], layout: try forward.layout(ODN_DESTINATION))
        let kernel = try parameters.use(kernel, canonical: canonical, layout: try forward.layout(ODN_WEIGHTS))
        let bias = try bias.map { try parameters.useVector($0, units) }

        var operands: [(odn_slot, Operand)] = [
            (ODN_SOURCE, .buffer(try array(source, in: try forward.layout(ODN_SOURCE)))),
            (ODN_WEIGHTS, .weights(kernel)), (ODN_DESTINATION, .buffer(value.buffer)),
        ]
        if let bias { operands.append((ODN_BIAS, .weights(bias))) }
        if isEach { emitEach(source, units: units, operands.map(\.1)) } else { try emit(forward, operands) }
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
                        odn_dense_backward_weights(
                            $0, forward.handle, rank, sourceDims, units64, bias == nil ? 0 : 1, s?.handle, w?.handle, d?.handle, $1)
                    }
                }
                let asItIs = { try make(sourceLayout, weightsLayout, value.layout) }
                let step = try isPlain ? asItIs() : Computation.best([asItIs, { try make(nil, nil, nil) }])
                try emitWeightsGradient(
                    step, source, value.layout, gradient, kernel: kernel, bias: bias, hasBias: bias != nil, weightsLayout)
            }
            if source.needsGradient {
                let make = { (s: Layout?, w: Layout?, d: Layout?) in
                    try Computation {
                        odn_dense_backward_data(
                            $0, forward.handle, rank, sourceDims, units64, s?.handle, w?.handle, d?.handle, $1)
                    }
                }
                let asItIs = { try make(source.layout, weightsLayout, value.layout) }
                let step =
                    try isPlain
                    ? asItIs() : Computation.best([asItIs, { try make(source.layout, nil, value.layout) }, { try make(nil, nil, nil) }])
                try emitDataGradient(
                    step, source, value.layout, gradient, .weights(kernel), changes: parameters[kernel].trainable, weightsLayout)
            }
        }
    }
    /// Emits the matrix product of each item by itself; `operands` are source, kernel, destination and bias.
    private func emitEach(_ source: Value, units: Int, _ operands: [Operand]) {
        let (items, rows) = (Int64(batch), Int64(source.dims[0] / batch))
        let (width, units) = (Int64(source.dims[1]), Int64(units))
        let threads = odn_threads()
        emit(
            HostStep(operands) { pointers in
                try check {
                    odn_dense_each(
                        pointers[0], pointers[1], pointers.count > 3 ? pointers[3] : nil, pointers[2], items, rows, width, units, threads,
                        $0)
                }
            })
    }
}
