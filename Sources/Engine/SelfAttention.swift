import COneDNN
import Diagnostics
import Tensors

extension Compiler {
    /// Emits self-attention over queries, keys and values (batch * length, width) and a text (batch * 2, length). One step does
    /// all of it; the weights are computed anew on the way back, so that they take no memory between.
    func attention(_ index: Int, _ sources: [Value], _ attention: Attention) throws {
        guard sources.count == 4, let width = sources[0].dims.last, let length = sources[3].dims.last else {
            throw Diagnostic("engine", "an attention expected queries, keys, values and a text")
        }
        let plain = try Layout.activations(sources[0].dims)
        let value = try newValue(index, dims: sources[0].dims, layout: plain)
        let threads = odn_threads()
        let shape = odn_attention(
            batch: Int64(batch), length: Int64(length), width: Int64(width), heads: Int64(attention.heads))
        func scratch(_ gradient: Bool) -> Operand {
            withUnsafePointer(to: shape) {
                .buffer(plan.add(bytes: odn_attention_scratch($0, gradient ? 1 : 0, threads) * MemoryLayout<Float>.stride))
            }
        }
        let inputs = try sources.prefix(3).map { Operand.buffer(try array($0, in: plain)) } + [Operand.buffer(sources[3].buffer)]
        var mask: [Operand] = []
        if training, attention.dropout > 0, sources.prefix(3).contains(where: \.needsGradient) {
            let weights = attention.heads * length * length
            let layout = try Layout.activations([batch, weights])
            let buffer = plan.add(bytes: layout.bytes)
            plan.pin(buffer)
            let factors = DropoutMask(rate: attention.dropout, number: attention.index, dims: [batch, weights], layout: layout)
            masks.append((factors, buffer))
            append(.mask(factors))
            mask = [.buffer(buffer)]
        }
        emit(
            HostStep(inputs + [.buffer(value.buffer), scratch(false)] + mask) { pointers in
                var shape = shape
                try check {
                    odn_attend(
                        &shape, pointers[0], pointers[1], pointers[2], pointers[3], pointers.count > 6 ? pointers[6] : nil, pointers[4],
                        pointers[5], threads, $0)
                }
            })
        define(index, value)
        guard needsGradient(index) else { return }
        onBackward { [unowned self] in
            guard let gradient = gradient(of: value) else { return }
            let own = sources.prefix(3).map { $0.needsGradient ? plan.add(bytes: plain.bytes) : nil }
            let results = own.compactMap { $0.map { Operand.buffer($0) } }
            let present = own.map { $0 != nil }
            emit(
                HostStep(inputs + [.buffer(gradient.buffer), scratch(true)] + results + mask) { pointers in
                    var next = 6
                    let targets = present.map { isPresent -> UnsafeMutablePointer<Float>? in
                        guard isPresent else { return nil }
                        defer { next += 1 }
                        return pointers[next]
                    }
                    var shape = shape
                    try check {
                        odn_attend_gradient(
                            &shape, pointers[0], pointers[1], pointers[2], pointers[3], next < pointers.count ? pointers[next] : nil,
                            pointers[4], targets[0], targets[1], targets[2], pointers[5], threads, $0)
                    }
                })
            for (source, buffer) in zip(sources, own) {
                if let buffer { try contribute(buffer, plain, to: source) }
            }
        }
    }
}
