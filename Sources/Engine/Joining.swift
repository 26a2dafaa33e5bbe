import COneDNN
import Diagnostics
import Tensors

extension Compiler {
    /// Emits a concatenation of images along their channels, or of vectors along their length, in the layout that suits them.
    func concatenate(_ index: Int, _ sources: [Value]) throws {
        let layouts = sources.map(\.layout)
        let forward = try withExtendedLifetime(layouts) {
            try Computation { out, message in
                layouts.map { Optional($0.handle) }.withUnsafeBufferPointer {
                    odn_concatenation(out, Int32($0.count), $0.baseAddress, message)
                }
            }
        }
        var dims = sources.first?.dims ?? []
        guard dims.count >= 2 else { throw Diagnostic("engine", "a concatenation expected images or vectors") }
        dims[1] = sources.reduce(0) { $0 + $1.dims[1] }
        let value = try newValue(index, dims: dims, layout: try forward.layout(ODN_DESTINATION))
        try emit(forward, [(ODN_DESTINATION, .buffer(value.buffer))], sources: sources.map { .buffer($0.buffer) })
        define(index, value)
        guard needsGradient(index) else { return }
        onBackward { [unowned self] in
            guard let gradient = gradient(of: value) else { return }
            var (whole, buffer) = (value.layout, gradient.buffer)
            func parts(of whole: Layout) -> [Layout?] {
                var start = 0
                return sources.map { source in
                    defer { start += source.dims[1] }
                    return whole.part(dims: source.dims, offsets: [0, start] + Array(repeating: 0, count: source.dims.count - 2))
                }
            }
            // A part that would begin within a block is cut out of the row-major array.
            if parts(of: whole).contains(where: { $0 == nil }) {
                let plain = try Layout.activations(value.dims)
                buffer = try reordered(.buffer(buffer), whole, to: plain)
                whole = plain
            }
            for (source, part) in zip(sources, parts(of: whole)) where source.needsGradient {
                guard let part else { throw Diagnostic("engine", "a concatenation cannot be cut apart") }
                let own = plan.add(bytes: source.layout.bytes)
                try emitReorder(part, .buffer(buffer), source.layout, .buffer(own))
                try contribute(own, source.layout, to: source)
            }
        }
    }

    /// Emits the sum of images or vectors of one shape.
    func add(_ index: Int, _ sources: [Value]) throws {
        guard let first = sources.first else { throw Diagnostic("engine", "a sum expected inputs") }
        let layout = first.layout
        let value = try newValue(index, dims: first.dims, layout: layout)
        var sum = first.buffer
        for (place, other) in sources.enumerated().dropFirst() {
            let target = place == sources.count - 1 ? value.buffer : plan.add(bytes: layout.bytes)
            try emit(
                .arithmetic(ODN_SUM, layout),
                [(ODN_SOURCE, .buffer(sum)), (ODN_OTHER, .buffer(try array(other, in: layout))), (ODN_DESTINATION, .buffer(target))])
            sum = target
        }
        if sources.count == 1 { return define(index, first) }
        define(index, value)
        guard needsGradient(index) else { return }
        onBackward { [unowned self] in
            guard let gradient = gradient(of: value) else { return }
            for source in sources where source.needsGradient { try contribute(gradient.buffer, layout, to: source, owned: false) }
        }
    }

    /// Emits zero padding around an image. A convolution behind it adds the zeros by itself.
    func zeroPad(_ index: Int, _ source: Value, before: [Int], after: [Int]) throws {
        if let consumer = soleConsumer(of: index) {
            switch graph.nodes[consumer].operation {
            case .convolution(_, _, _, .valid, _, _), .depthwise(_, _, .valid, _):
                paddings[index] = (before, after)
                return define(index, source)
            default: break
            }
        }
        guard source.dims.count == 4 else { throw Diagnostic("engine", "`\(graph.nodes[index].layer)` expected an image") }
        let dims = [source.dims[0], source.dims[1], source.dims[2] + before[0] + after[0], source.dims[3] + before[1] + after[1]]
        let layout = try Layout.activations(dims)
        let value = try newValue(index, dims: dims, layout: layout)
        // The zeros are there from the start and must stay.
        plan.pin(value.buffer)
        guard let inner = layout.part(dims: source.dims, offsets: [0, 0] + before) else {
            throw Diagnostic("engine", "an image cannot be padded")
        }
        try emitReorder(source.layout, .buffer(source.buffer), inner, .buffer(value.buffer))
        define(index, value)
        guard needsGradient(index) else { return }
        onBackward { [unowned self] in
            guard let gradient = gradient(of: value) else { return }
            let own = plan.add(bytes: source.layout.bytes)
            try emitReorder(inner, .buffer(gradient.buffer), source.layout, .buffer(own))
            try contribute(own, source.layout, to: source)
        }
    }
}
