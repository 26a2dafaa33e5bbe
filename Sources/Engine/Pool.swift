import COneDNN
import Diagnostics
import Tensors

extension Compiler {
    /// The pooling window as large as the image. Throws `engine` where the value is no image.
    func wholeImage(_ source: Value, _ node: Graph.Node) throws -> odn_window {
        guard source.dims.count == 4 else { throw Diagnostic("engine", "`\(node.layer)` expected an image") }
        var window = odn_window()
        window.batch = Int64(batch)
        window.in_channels = Int64(source.dims[1])
        window.out_channels = window.in_channels
        window.in = (Int64(source.dims[2]), Int64(source.dims[3]))
        window.out = (1, 1)
        window.kernel = window.in
        window.stride = (1, 1)
        return window
    }

    /// Emits a pooling of an image over a window.
    func pool(_ index: Int, _ source: Value, _ shape: odn_window, _ kind: Pooling) throws {
        var window = shape
        let learns = needsGradient(index)
        let code = kind == .max ? ODN_MAX : ODN_AVERAGE
        let forward = try Computation { odn_pool_forward($0, code, &window, learns ? 1 : 0, source.layout.handle, $1) }
        let dims = [batch, source.dims[1], Int(window.out.0), Int(window.out.1)]
        let value = try newValue(index, dims: dims, layout: try forward.layout(ODN_DESTINATION))
        var operands: [(odn_slot, Operand)] = [(ODN_SOURCE, .buffer(source.buffer)), (ODN_DESTINATION, .buffer(value.buffer))]
        // Where each maximum came from.
        let workspace = try forward.optionalLayout(ODN_WORKSPACE).map { plan.add(bytes: $0.bytes) }
        if let workspace { operands.append((ODN_WORKSPACE, .buffer(workspace))) }
        try emit(forward, operands)
        define(index, value)
        guard learns else { return }

        onBackward { [unowned self] in
            guard let gradient = gradient(of: value) else { return }
            let step = try Computation {
                odn_pool_backward($0, code, forward.handle, &window, source.layout.handle, value.layout.handle, $1)
            }
            let buffer = plan.add(bytes: source.layout.bytes)
            var operands: [(odn_slot, Operand)] = [
                (ODN_DESTINATION_GRADIENT, .buffer(gradient.buffer)), (ODN_SOURCE_GRADIENT, .buffer(buffer)),
            ]
            if let workspace { operands.append((ODN_WORKSPACE, .buffer(workspace))) }
            try emit(step, operands)
            try contribute(buffer, source.layout, to: source)
        }
    }
}
