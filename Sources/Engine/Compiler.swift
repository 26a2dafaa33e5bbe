import COneDNN
import Diagnostics
import Tensors

/// The output array of a graph node, in the layout that its producer prefers.
final class Value {
    /// Logical dimensions: (batch, channels, height, width) or (batch, length). Flattening an image changes nothing here:
    /// row-major order is kept by whoever reads it.
    let dims: [Int]
    let layout: Layout
    /// Index of the array's buffer in the memory plan.
    let buffer: Int
    let needsGradient: Bool
    /// Copies of the array in other layouts, each made by the first consumer that asks.
    fileprivate var copies: [(layout: Layout, buffer: Int)] = []
    /// The gradient accumulated so far, in the value's own layout, and whether it may be written over.
    fileprivate var gradient: (buffer: Int, owned: Bool)?

    init(dims: [Int], layout: Layout, buffer: Int, needsGradient: Bool) {
        self.dims = dims
        self.layout = layout
        self.buffer = buffer
        self.needsGradient = needsGradient
    }
}

/// Memory that a computation reads or writes: a planned buffer, or the weights or the gradient of a parameter, each by index.
enum Operand {
    case buffer(Int)
    case weights(Int)
    case gradient(Int)
}

/// Turns a graph into steps over planned memory. Each family of operations has a file that extends this class with one
/// method, which emits the forward step and registers what emits the backward steps.
final class Compiler {
    /// The phases of a program: once parameters are loaded, the forward pass, the backward pass.
    enum Phase { case load, forward, backward }

    let graph: Graph
    let batch: Int
    let training: Bool
    var plan = MemoryPlan()
    var parameters: ParameterPlan
    /// The steps of each phase, in order.
    private(set) var steps: [Phase: [Step]] = [.load: [], .forward: [], .backward: []]
    /// Arguments of the computations, with the memory that each is bound to.
    private(set) var bindings: [(computation: Computation, slot: Slot, operand: Operand)] = []
    /// Host steps of all phases, which get their addresses once memory is planned.
    private(set) var hostSteps: [HostStep] = []
    /// Batch normalisations folded into the convolution before them.
    var folds: [Fold] = []
    /// Reader of the values of vector parameters, of use once there is a program.
    let vectors = VectorReader()
    /// Zero-padding nodes whose rows and columns of zeros the convolution behind them adds by itself, by node.
    var paddings: [Int: (before: [Int], after: [Int])] = [:]
    /// Dropout masks, each with its buffer.
    var masks: [(mask: DropoutMask, buffer: Int)] = []
    private var backward: [() throws -> Void] = []
    /// Weights that do not change in other layouts than their own, by parameter.
    private var fixedWeights: [Int: [(layout: Layout, buffer: Int)]] = [:]
    /// Parameters whose gradients have been written by some step.
    private var written: Set<Int> = []
    private var phase = Phase.forward
    private var values: [Value?]
    private let needsGradient: [Bool]
    private let alive: [Bool]
    private let consumers: [[Int]]
    private var stepCount = 0

    /// Input buffers of the compiled graph, row-major, with their counts of elements.
    var inputs: [(name: String, buffer: Int, count: Int)] = []
    /// Output buffers of the compiled graph, row-major, with the buffers of their gradients in training and their counts of
    /// elements.
    var outputs: [(buffer: Int, gradient: Int?, count: Int)] = []
    /// Buffers of the wanted gradients by inputs, row-major, with their shapes (batch first).
    var inputGradients: [(name: String, buffer: Int, shape: Shape)] = []

    init(
        _ graph: Graph, batch: Int, training: Bool, trainable: Set<String>, moving: Set<String>, inputGradients wanted: Set<String>
    ) throws {
        self.graph = graph
        self.batch = batch
        self.training = training
        let parameters = ParameterPlan(graph, trainable: training ? trainable : [], moving: training ? moving : [])
        self.parameters = parameters
        values = Array(repeating: nil, count: graph.nodes.count)
        var alive = Array(repeating: false, count: graph.nodes.count)
        for output in graph.outputs {
            guard alive.indices.contains(output) else { throw Diagnostic("engine", "output \(output) of the graph does not exist") }
            alive[output] = true
        }
        var consumers = Array(repeating: [Int](), count: graph.nodes.count)
        for (index, node) in graph.nodes.enumerated().reversed() where alive[index] {
            for input in node.inputs {
                alive[input] = true
                consumers[input].append(index)
            }
        }
        var needs = Array(repeating: false, count: graph.nodes.count)
        for (index, node) in graph.nodes.enumerated() where training {
            needs[index] = node.inputs.contains { needs[$0] } || node.operation.parameterNames.contains { parameters.isTrainable($0) }
            if case .input(let name) = node.operation { needs[index] = wanted.contains(name) }
        }
        (self.alive, self.consumers, needsGradient) = (alive, consumers, needs)

        for index in graph.nodes.indices { try compile(index) }
        try finishOutputs()
        if training { try emitBackward(wanted) }
    }

    private func compile(_ index: Int) throws {
        let node = graph.nodes[index]
        if case .input(let name) = node.operation { return try input(index, name, node.shape) }
        guard alive[index], values[index] == nil else { return }
        guard let first = node.inputs.first, let source = values[first] else {
            throw Diagnostic("engine", "`\(node.layer)` has no input")
        }
        switch node.operation {
        case .input: break
        case .convolution(let filters, let size, let strides, let padding, let kernel, let bias):
            var window = try windowShape(source, node, channels: filters, size: size, strides: strides, padding: padding)
            addPadding(of: first, to: &window)
            try convolution(index, source, window, kernel: kernel, bias: bias)
        case .depthwise(let size, let strides, let padding, let kernel):
            var window = try windowShape(source, node, channels: nil, size: size, strides: strides, padding: padding)
            addPadding(of: first, to: &window)
            window.groups = window.in_channels
            try convolution(index, source, window, kernel: kernel, bias: nil)
        case .batchNorm(let normalization):
            try batchNorm(index, source, normalization)
        case .zeroPad(let before, let after):
            try zeroPad(index, source, before: before, after: after)
        case .concatenate:
            try concatenate(index, try sources(of: node))
        case .add:
            try add(index, try sources(of: node))
        case .pixels(let order, let scale, let offset):
            try pixels(index, source, PixelTransform(order: order, scale: scale, offset: offset))
        case .pool(let kind, let size, let strides, let padding):
            let window = try windowShape(source, node, channels: nil, size: size, strides: strides, padding: padding)
            try pool(index, source, window, kind)
        case .globalAveragePool:
            try pool(index, source, try wholeImage(source, node), .average)
        case .dense(let units, let kernel, let bias):
            try dense(index, source, units: units, kernel: kernel, bias: bias)
        case .activation(let activation):
            try self.activation(index, source, activation)
        case .dropout(let rate, let number):
            try dropout(index, source, rate: rate, number: number)
        case .learningDropout(let rate, let number):
            try dropout(index, source, rate: source.needsGradient ? rate : 0, number: number)
        case .flatten:
            if graph.nodes[first].shape.rank == 2 { try flattenSequence(index, source) } else { values[index] = source }
        case .textEmbedding(let embedding):
            try textEmbedding(index, source, embedding)
        case .layerNorm(let norm):
            try layerNorm(index, try sources(of: node), norm)
        case .attention(let attention):
            try self.attention(index, try sources(of: node), attention)
        case .tokenMean(let mean):
            guard let text = try sources(of: node).last else { throw Diagnostic("engine", "`\(node.layer)` lacks a text") }
            try tokenMean(index, source, text, mean)
        case .firstToken:
            try firstToken(index, source)
        }
    }

    private func sources(of node: Graph.Node) throws -> [Value] {
        try node.inputs.map { input in
            guard let value = values[input] else { throw Diagnostic("engine", "`\(node.layer)` lacks an input") }
            return value
        }
    }

    // What the operations use.

    /// The only node that reads a node; nil where there is none or more than one, or where the node is an output of the graph.
    func soleConsumer(of index: Int) -> Int? {
        graph.outputs.contains(index) || consumers[index].count != 1 ? nil : consumers[index].first
    }

    /// Sets the value of a node; called again for each node that was fused into it.
    func define(_ index: Int, _ value: Value) { values[index] = value }

    func needsGradient(_ index: Int) -> Bool { needsGradient[index] }

    /// The activation that can be computed together with a node because it alone consumes it, with the index of the activation.
    func fusable(after index: Int) -> (activation: Activation, index: Int)? {
        guard let consumer = soleConsumer(of: index), case .activation(let activation) = graph.nodes[consumer].operation,
            // A backward pass through GELU needs what is before it.
            !(activation.needsSource && needsGradient[consumer])
        else { return nil }
        return (activation, consumer)
    }

    /// A value for a node, in a new buffer. Throws `engine` for more than 2^31 - 1 elements.
    func newValue(_ index: Int, dims: [Int], layout: Layout) throws -> Value {
        try limit(dims, graph.nodes[index].layer)
        return Value(dims: dims, layout: layout, buffer: plan.add(bytes: layout.bytes), needsGradient: needsGradient[index])
    }

    /// A buffer that holds a value in a layout; emits a reorder the first time.
    func array(_ value: Value, in layout: Layout) throws -> Int {
        if value.layout.same(as: layout) { return value.buffer }
        if let copy = value.copies.first(where: { $0.layout.same(as: layout) }) { return copy.buffer }
        let buffer = try reordered(.buffer(value.buffer), value.layout, to: layout)
        value.copies.append((layout, buffer))
        return buffer
    }

    /// A new buffer that holds an array in another layout.
    func reordered(_ operand: Operand, _ from: Layout, to layout: Layout) throws -> Int {
        let buffer = plan.add(bytes: layout.bytes)
        try emitReorder(from, operand, layout, .buffer(buffer))
        return buffer
    }

    /// Copies an array into another layout.
    func emitReorder(_ from: Layout, _ source: Operand, _ to: Layout, _ destination: Operand) throws {
        if from.overruns(to) {
            let plain = try from.plain()
            let between = Operand.buffer(plan.add(bytes: plain.bytes))
            try emitReorder(from, source, plain, between)
            return try emitReorder(plain, between, to, destination)
        }
        try emit(.reorder(from, to), [(ODN_SOURCE, source), (ODN_DESTINATION, destination)])
    }

    /// Weights in another layout. Those that do not change are laid out once, when parameters are loaded.
    func weights(_ operand: Operand, _ from: Layout, in layout: Layout, changes: Bool) throws -> Operand {
        if from.same(as: layout) { return operand }
        if changes { return .buffer(try reordered(operand, from, to: layout)) }
        // Weights that several nodes share are laid out once.
        if case .weights(let parameter) = operand,
            let known = fixedWeights[parameter, default: []].first(where: { $0.layout.same(as: layout) })
        {
            return .buffer(known.buffer)
        }
        let before = phase
        phase = .load
        defer { phase = before }
        let buffer = try reordered(operand, from, to: layout)
        plan.pin(buffer)
        if case .weights(let parameter) = operand { fixedWeights[parameter, default: []].append((layout, buffer)) }
        return .buffer(buffer)
    }

    /// Appends a computation to the current phase. Scratch memory is added here.
    func emit(_ computation: Computation, _ operands: [(odn_slot, Operand)], sources: [Operand] = []) throws {
        var bound = operands.map { (Slot.named($0.0), $0.1) } + sources.enumerated().map { (Slot.source($0.offset), $0.element) }
        if let scratch = try computation.optionalLayout(ODN_SCRATCH) {
            bound.append((.named(ODN_SCRATCH), .buffer(plan.add(bytes: scratch.bytes))))
        }
        for (slot, operand) in bound {
            bindings.append((computation, slot, operand))
            if case .buffer(let buffer) = operand { plan.touch(buffer, at: stepCount) }
        }
        append(.compute(computation))
    }

    /// Appends a host step (a plain loop) to the current phase.
    func emit(_ step: HostStep) {
        for case .buffer(let buffer) in step.operands { plan.touch(buffer, at: stepCount) }
        hostSteps.append(step)
        append(.host(step))
    }

    func append(_ step: Step) {
        steps[phase, default: []].append(step)
        stepCount += 1
    }

    /// Registers the closure that emits the backward steps of a node. Closures are called in reverse order, each once the
    /// gradient of its node's value is whole. They hold the compiler unowned: the compiler holds them.
    func onBackward(_ emit: @escaping () throws -> Void) {
        if training { backward.append(emit) }
    }

    /// The gradient of a value, in its layout, and whether it may be written over; nil where there is none yet.
    func gradient(of value: Value) -> (buffer: Int, owned: Bool)? { value.gradient }

    /// Adds a computed array to the gradient of a value. `owned`: whether the array may be written over.
    func contribute(_ buffer: Int, _ layout: Layout, to value: Value, owned: Bool = true) throws {
        var (buffer, owned) = (buffer, owned)
        if !layout.same(as: value.layout) {
            buffer = try reordered(.buffer(buffer), layout, to: value.layout)
            owned = true
        }
        guard let before = value.gradient else {
            value.gradient = (buffer, owned)
            return
        }
        let sum = before.owned ? before.buffer : plan.add(bytes: value.layout.bytes)
        try emit(
            .arithmetic(ODN_SUM, value.layout),
            [(ODN_SOURCE, .buffer(before.buffer)), (ODN_OTHER, .buffer(buffer)), (ODN_DESTINATION, .buffer(sum))])
        value.gradient = (sum, true)
    }

    /// Where the gradient of a parameter is to be written. What was written there before, by another node that uses the parameter,
    /// is kept: `finish`, called behind the step that writes, adds the two.
    func gradientTarget(_ parameter: Int) throws -> (operand: Operand, finish: () throws -> Void) {
        guard written.contains(parameter), let layout = parameters[parameter].layouts?.own else {
            written.insert(parameter)
            return (.gradient(parameter), {})
        }
        let buffer = plan.add(bytes: layout.bytes)
        return (
            .buffer(buffer),
            { [unowned self] in
                try emit(
                    .arithmetic(ODN_SUM, layout),
                    [
                        (ODN_SOURCE, .gradient(parameter)), (ODN_OTHER, .buffer(buffer)), (ODN_DESTINATION, .gradient(parameter)),
                    ])
            }
        )
    }

    // Edges.

    private func input(_ index: Int, _ name: String, _ shape: Shape) throws {
        let dims: [Int]
        switch shape.rank {
        case 1: dims = [batch, shape.extents[0]]
        // Sequences and texts are rows of one array.
        case 2: dims = [batch * shape.extents[0], shape.extents[1]]
        case 3: dims = [batch, shape.extents[2], shape.extents[0], shape.extents[1]]
        default: throw Diagnostic("engine", "input `\(name)` expected an image or a vector, found \(shape)")
        }
        let value = try newValue(index, dims: dims, layout: try .activations(dims))
        plan.pin(value.buffer)
        values[index] = value
        inputs.append((name, value.buffer, batch * shape.count))
    }

    private func finishOutputs() throws {
        for output in graph.outputs {
            guard let value = values[output] else { throw Diagnostic("engine", "output \(output) of the graph was not computed") }
            let layout = try Layout.activations(value.dims)
            let buffer = try array(value, in: layout)
            plan.pin(buffer)
            let gradient = training ? plan.add(bytes: layout.bytes) : nil
            if let gradient { plan.pin(gradient) }
            outputs.append((buffer, gradient, value.dims.reduce(1, *)))
        }
    }

    private func emitBackward(_ wanted: Set<String>) throws {
        phase = .backward
        for (place, output) in graph.outputs.enumerated() {
            guard let value = values[output], value.needsGradient, let gradient = outputs[place].gradient else { continue }
            try contribute(gradient, try .activations(value.dims), to: value, owned: false)
        }
        for emit in backward.reversed() { try emit() }
        for (index, node) in graph.nodes.enumerated() {
            guard case .input(let name) = node.operation, wanted.contains(name),
                let value = values[index], let gradient = value.gradient
            else { continue }
            plan.pin(gradient.buffer)
            inputGradients.append((name, gradient.buffer, Shape([batch] + node.shape.extents)))
        }
    }

    /// Throws `engine` for an array of more than 2^31 - 1 elements: the library counts in 32 bits in places.
    private func limit(_ dims: [Int], _ layer: String) throws {
        guard let count = Shape(dims).checkedCount, count <= Int(Int32.max) else {
            throw Diagnostic(
                "engine", "`\(layer)` would need \(Shape(dims)) values in one batch, more than 2^31", hint: "make the batch smaller")
        }
    }
}

/// One step of a program: a computation of the library, the filling of a dropout mask, or a loop of our own.
enum Step {
    case compute(Computation)
    case mask(DropoutMask)
    case host(HostStep)

    @inline(__always)
    func run(dropout key: RandomKey?) throws {
        switch self {
        case .compute(let computation): try computation.run()
        case .mask(let mask): mask.fill(key)
        case .host(let step): try step.run()
        }
    }
}

/// Reads the values of vector parameters, which have a place in memory only once a program is made.
final class VectorReader {
    var read: (Int) -> [Float] = { _ in [] }
}
