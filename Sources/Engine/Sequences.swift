import COneDNN
import Diagnostics
import Tensors

/// Operations on texts and sequences. A sequence (length, width) of each item is computed as batch * length rows of one array,
/// row-major, so that a dense layer works on all tokens at once.
extension Compiler {
    /// A table parameter of rows, claimed for an embedding.
    private func table(_ name: String, width: Int) throws -> (index: Int, rows: Int) {
        guard let index = parameters.index(of: name), let rows = parameters[index].spec.shape.extents.first else {
            throw Diagnostic("engine", "the graph has no table `\(name)`")
        }
        let layout = try Layout.activations([rows, width])
        return (try parameters.use(name, canonical: layout, layout: layout), rows)
    }

    /// Emits the embedding of a text.
    func textEmbedding(_ index: Int, _ text: Value, _ embedding: TextEmbedding) throws {
        let length = text.dims[1]
        let dims = [batch * length, embedding.width]
        let value = try newValue(index, dims: dims, layout: try .activations(dims))
        let tables = try ([embedding.words, embedding.positions] + (embedding.types.map { [$0] } ?? [])).map {
            try table($0, width: embedding.width)
        }
        let threads = odn_threads()
        let shape = odn_embedding(
            batch: Int64(batch), length: Int64(length), width: Int64(embedding.width), padding: Int64(embedding.padding ?? -1),
            after_padding: embedding.counting == .afterPadding ? 1 : 0, words: odn_table(), positions: odn_table(), types: odn_table())
        // The tables of a description, of those that are wanted.
        func described(_ pointers: ArraySlice<UnsafeMutablePointer<Float>>, _ wanted: [Bool]) -> odn_embedding {
            var shape = shape
            var next = pointers.startIndex
            func table(_ place: Int) -> odn_table {
                guard place < tables.count else { return odn_table() }
                guard wanted[place], next < pointers.endIndex else { return odn_table(values: nil, rows: Int64(tables[place].rows)) }
                defer { next += 1 }
                return odn_table(values: pointers[next], rows: Int64(tables[place].rows))
            }
            shape.words = table(0)
            shape.positions = table(1)
            shape.types = table(2)
            return shape
        }
        let all = tables.map { _ in true }
        emit(
            HostStep([.buffer(text.buffer), .buffer(value.buffer)] + tables.map { .weights($0.index) }) { pointers in
                var shape = described(pointers[2...], all)
                odn_embed(&shape, pointers[0], pointers[1], threads)
            })
        define(index, value)
        guard needsGradient(index) else { return }
        onBackward { [unowned self] in
            guard let gradient = gradient(of: value) else { return }
            let learns = tables.map { parameters[$0.index].trainable }
            let targets = try zip(tables, learns).filter(\.1).map { try gradientTarget($0.0.index) }
            emit(
                HostStep([.buffer(text.buffer), .buffer(gradient.buffer)] + targets.map(\.operand)) { pointers in
                    var shape = described(pointers[2...], learns)
                    odn_embed_gradient(&shape, pointers[0], pointers[1], threads)
                })
            for target in targets { try target.finish() }
        }
    }

    /// Emits a layer normalisation of a value, or of the sum of two.
    func layerNorm(_ index: Int, _ sources: [Value], _ norm: LayerNormalization) throws {
        guard let source = sources.first, let width = source.dims.last, source.dims.count == 2 else {
            throw Diagnostic("engine", "a layer normalisation expected rows")
        }
        let plain = try Layout.activations(source.dims)
        let rows = Int64(source.dims[0])
        let columns = Int64(width)
        let value = try newValue(index, dims: source.dims, layout: plain)
        let gamma = try parameters.useVector(norm.gamma, width)
        let beta = try parameters.useVector(norm.beta, width)
        let inputs = try sources.map { Operand.buffer(try array($0, in: plain)) }
        let learns = needsGradient(index)
        let threads = odn_threads()
        let count = inputs.count
        let epsilon = norm.epsilon
        var operands = inputs + [.weights(gamma), .weights(beta), .buffer(value.buffer)]
        var kept: [Operand] = []
        if learns {
            let statistics = plan.add(bytes: 2 * source.dims[0] * MemoryLayout<Float>.stride)
            kept = [.buffer(count > 1 ? plan.add(bytes: plain.bytes) : try array(source, in: plain)), .buffer(statistics)]
        }
        // Of one input, the input itself is what a backward pass needs.
        operands += count > 1 ? kept : Array(kept.dropFirst())
        emit(
            HostStep(operands) { pointers in
                let rest = pointers[(count + 3)...]
                odn_layer_norm(
                    pointers[0], count > 1 ? pointers[1] : nil, pointers[count], pointers[count + 1], epsilon, rows, columns,
                    pointers[count + 2], count > 1 ? rest.first : nil, rest.last, threads)
            })
        define(index, value)
        guard learns else { return }
        onBackward { [unowned self] in
            guard let gradient = gradient(of: value) else { return }
            let wantsSource = sources.contains(where: \.needsGradient)
            let own = wantsSource ? plan.add(bytes: plain.bytes) : nil
            let targets = try [gamma, beta].map { parameters[$0].trainable ? try gradientTarget($0) : nil }
            let given = [own.map { Operand.buffer($0) }] + targets.map { $0?.operand }
            let present = given.map { $0 != nil }
            emit(
                HostStep(kept + [.weights(gamma), .buffer(gradient.buffer)] + given.compactMap { $0 }) { pointers in
                    var next = 4
                    let results = present.map { isPresent -> UnsafeMutablePointer<Float>? in
                        guard isPresent else { return nil }
                        defer { next += 1 }
                        return pointers[next]
                    }
                    odn_layer_norm_gradient(
                        pointers[0], pointers[1], pointers[2], pointers[3], rows, columns, results[0], results[1], results[2], threads)
                })
            for target in targets { try target?.finish() }
            guard let own else { return }
            for source in sources where source.needsGradient { try contribute(own, plain, to: source, owned: sources.count == 1) }
        }
    }

    /// Emits the mean of a sequence over its tokens.
    func tokenMean(_ index: Int, _ source: Value, _ text: Value, _ mean: TokenMean) throws {
        let (width, length) = (source.dims[1], text.dims[1])
        let plain = try Layout.activations(source.dims)
        let dims = [batch, width]
        let value = try newValue(index, dims: dims, layout: try .activations(dims))
        let (items, tokens, columns) = (Int64(batch), Int64(length), Int64(width))
        let (masked, count): (Int32, Int64) = (mean.masked ? 1 : 0, Int64(mean.lastCount))
        emit(
            HostStep([.buffer(try array(source, in: plain)), .buffer(text.buffer), .buffer(value.buffer)]) { pointers in
                odn_token_mean(pointers[0], pointers[1], items, tokens, columns, masked, count, pointers[2])
            })
        define(index, value)
        guard needsGradient(index) else { return }
        onBackward { [unowned self] in
            guard source.needsGradient, let gradient = gradient(of: value) else { return }
            let own = plan.add(bytes: plain.bytes)
            emit(
                HostStep([.buffer(gradient.buffer), .buffer(text.buffer), .buffer(own)]) { pointers in
                    odn_token_mean_gradient(pointers[0], pointers[1], items, tokens, columns, masked, count, pointers[2])
                })
            try contribute(own, plain, to: source)
        }
    }

    /// Emits the first token of a sequence.
    func firstToken(_ index: Int, _ source: Value) throws {
        let width = source.dims[1]
        let length = source.dims[0] / batch
        let plain = try Layout.activations(source.dims)
        let first = try Layout(dims: [batch, width], strides: [length * width, 1])
        let dims = [batch, width]
        let value = try newValue(index, dims: dims, layout: try .activations(dims))
        try emitReorder(first, .buffer(try array(source, in: plain)), value.layout, .buffer(value.buffer))
        define(index, value)
        guard needsGradient(index) else { return }
        let items = batch
        onBackward { [unowned self] in
            guard source.needsGradient, let gradient = gradient(of: value) else { return }
            let own = plan.add(bytes: plain.bytes)
            emit(
                HostStep([.buffer(gradient.buffer), .buffer(own)]) { pointers in
                    pointers[1].update(repeating: 0, count: items * length * width)
                    for item in 0..<items { (pointers[1] + item * length * width).update(from: pointers[0] + item * width, count: width) }
                })
            try contribute(own, plain, to: source)
        }
    }

    /// Emits a sequence as one vector an item: the same memory, of other rows.
    func flattenSequence(_ index: Int, _ source: Value) throws {
        let plain = try Layout.activations(source.dims)
        let dims = [batch, source.dims.reduce(1, *) / batch]
        let layout = try Layout.activations(dims)
        let value = try newValue(index, dims: dims, layout: layout)
        try emitReorder(
            plain, .buffer(try array(source, in: plain)), try Layout(dims: source.dims, strides: [source.dims[1], 1]), .buffer(value.buffer)
        )
        define(index, value)
        guard needsGradient(index) else { return }
        onBackward { [unowned self] in
            guard source.needsGradient, let gradient = gradient(of: value) else { return }
            try contribute(gradient.buffer, plain, to: source, owned: false)
        }
    }
}
