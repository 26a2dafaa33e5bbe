import COneDNN
import Diagnostics
import Tensors

/// A transform of the channels of each pixel: channels picked in an order, scaled and shifted.
struct PixelTransform {
    let order: [Int32]
    let scale: [Float]
    let offset: [Float]

    init(order: [Int], scale: [Float], offset: [Float]) {
        self.order = order.map { Int32(clamping: $0) }
        (self.scale, self.offset) = (scale, offset)
    }
}

extension Compiler {
    /// Emits a transform of an image's channels, picked, scaled and shifted, on the row-major array.
    func pixels(_ index: Int, _ source: Value, _ transform: PixelTransform) throws {
        guard source.dims.count == 4 else { throw Diagnostic("engine", "`\(graph.nodes[index].layer)` expected an image") }
        let (input, output) = (Int32(source.dims[1]), Int32(transform.order.count))
        let count = source.dims[0] * source.dims[2] * source.dims[3]
        let plain = try Layout.activations(source.dims)
        let dims = [source.dims[0], Int(output), source.dims[2], source.dims[3]]
        let value = try newValue(index, dims: dims, layout: try .activations(dims))
        emit(
            HostStep([.buffer(try array(source, in: plain)), .buffer(value.buffer)]) { pointers in
                odn_pixels(pointers[0], pointers[1], count, input, output, transform.order, transform.scale, transform.offset)
            })
        define(index, value)
        guard needsGradient(index) else { return }
        onBackward { [unowned self] in
            guard let gradient = gradient(of: value) else { return }
            let own = plan.add(bytes: plain.bytes)
            emit(
                HostStep([.buffer(gradient.buffer), .buffer(own)]) { pointers in
                    odn_pixels_gradient(pointers[0], pointers[1], count, input, output, transform.order, transform.scale)
                })
            try contribute(own, plain, to: source)
        }
    }
}
