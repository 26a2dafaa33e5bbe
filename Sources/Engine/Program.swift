import COneDNN
import Diagnostics
import Tensors

/// A compiled graph: oneDNN primitives in order over one planned piece of memory. Running it allocates nothing (the
/// library keeps a small argument map of its own per primitive).
///
/// The same program with the same inputs and the same thread count gives the same bits. Denormal numbers count as zero.
/// One thread owns a program: OpenMP's threads belong to the thread that calls.
public final class Program {
    /// The purpose of a program: inference, or training of some parameters. Parameters outside `trainable` are frozen: they get
    /// no gradient, and nothing is computed backwards below the lowest trainable one.
    public enum Purpose: Sendable, Hashable {
        /// Forward passes alone, without gradients or dropout.
        case inference
        /// Training of the parameters named in `trainable`. `moving` names the means and variances of batch normalisations that
        /// follow the batches.
        case training(trainable: Set<String>, moving: Set<String> = [])
    }

    let graph: Graph
    let isTraining: Bool
    let threads: Int
    /// Batch normalisations folded into the convolution before them.
    let folds: [Fold]
    /// Tensors of the parameters as they were loaded; nil where the program's own memory holds all of one.
    var loaded: [Tensor?]
    let parameterPlan: ParameterPlan
    /// Memory of the parameters that have a place in it.
    let weightBlock: Block
    /// Memory for learning: gradients, then the optimizer's m, then its v, three stretches as long as the trainable parameters.
    let learningBlock: Block
    private let arena: Block
    private let loadSteps: [Step]
    private let forwardSteps: [Step]
    private let backwardSteps: [Step]
    private let inputs: [String: UnsafeMutableBufferPointer<Float>]
    private let outputs: [UnsafeMutableBufferPointer<Float>]
    private let outputGradients: [UnsafeMutableBufferPointer<Float>]
    private let inputGradients: [String: (shape: Shape, values: UnsafeMutablePointer<Float>)]
    private var canGoBackward = false

    /// Number of OpenMP threads that programs made from now on use; OpenMP's own choice until it is set.
    public static var threads: Int { Int(odn_threads()) }

    /// Sets the number of OpenMP threads of programs made from now on. A program keeps the count it was made with, because its
    /// work is cut up by it.
    public static func setThreads(_ count: Int) { odn_set_threads(Int32(clamping: count)) }

    /// Compiles a graph for batches of `batch` items. `inputGradients` names inputs whose gradient is wanted too; `threads`
    /// departs from `Program.threads`. Parameters are zero until they are loaded. Throws the diagnostic `engine`.
    public init(
        _ graph: Graph, batch: Int, purpose: Purpose, inputGradients wanted: Set<String> = [], threads: Int? = nil
    ) throws {
        guard batch > 0 else { throw Diagnostic("engine", "expected a batch of at least 1, found \(batch)") }
        let threads = threads ?? Program.threads
        self.threads = threads
        odn_set_local_threads(Int32(clamping: threads))
        defer { odn_set_local_threads(0) }
        var trainable: Set<String> = []
        var moving: Set<String> = []
        if case .training(let names, let statistics) = purpose {
            isTraining = true
            (trainable, moving) = (names, statistics)
        } else {
            isTraining = false
        }
        let compiler = try Compiler(graph, batch: batch, training: isTraining, trainable: trainable, moving: moving, inputGradients: wanted)
        compiler.parameters.place()
        let parameters = compiler.parameters
        let (offsets, size) = compiler.plan.layout()
        let float = MemoryLayout<Float>.stride
        let (arena, weights) = (try Block(bytes: size), try Block(bytes: parameters.count * float))
        let learning = try Block(bytes: 3 * parameters.trainableCount * float)

        func place(_ parameter: Int) throws -> Int {
            guard let offset = parameters[parameter].offset else { throw Diagnostic("engine", "a parameter has no place") }
            return offset * float
        }
        func memory(_ operand: Operand) throws -> UnsafeMutableRawPointer {
            switch operand {
            case .buffer(let buffer): arena.base + offsets[buffer]
            case .weights(let parameter): weights.base + (try place(parameter))
            case .gradient(let parameter): learning.base + (try place(parameter))
            }
        }
        for (computation, slot, operand) in compiler.bindings { try computation.bind(slot, memory(operand)) }
        for step in compiler.hostSteps { step.pointers = try step.operands.map { try memory($0).assumingMemoryBound(to: Float.self) } }
        for fold in compiler.folds {
            fold.foldedWeights = arena.floats(at: offsets[fold.weights])
            fold.foldedBias = arena.floats(at: offsets[fold.bias])
        }
        for (mask, buffer) in compiler.masks { mask.memory = arena.floats(at: offsets[buffer]) }
        for steps in compiler.steps.values {
            for case .compute(let computation) in steps { try computation.prepare() }
        }

        self.graph = graph
        folds = compiler.folds
        loaded = Array(repeating: nil, count: parameters.parameters.count)
        parameterPlan = parameters
        (self.arena, weightBlock, learningBlock) = (arena, weights, learning)
        loadSteps = compiler.steps[.load] ?? []
        forwardSteps = compiler.steps[.forward] ?? []
        backwardSteps = compiler.steps[.backward] ?? []
        inputs = Dictionary(
            compiler.inputs.map { ($0.name, UnsafeMutableBufferPointer(start: arena.floats(at: offsets[$0.buffer]), count: $0.count)) },
            uniquingKeysWith: { first, _ in first })
        outputs = compiler.outputs.map { UnsafeMutableBufferPointer(start: arena.floats(at: offsets[$0.buffer]), count: $0.count) }
        outputGradients = compiler.outputs.compactMap { output in
            output.gradient.map { UnsafeMutableBufferPointer(start: arena.floats(at: offsets[$0]), count: output.count) }
        }
        inputGradients = Dictionary(
            compiler.inputGradients.map { ($0.name, (shape: $0.shape, values: arena.floats(at: offsets[$0.buffer]))) },
            uniquingKeysWith: { first, _ in first })
        compiler.vectors.read = { [unowned self] in vector($0) }
    }

    /// Size in bytes of the arena that holds everything but parameters, gradients of parameters and optimizer state.
    public var arenaBytes: Int { arena.bytes }

    /// oneDNN's names of the implementations, in the order they run: forward, then backward.
    public var implementations: [String] {
        (forwardSteps + backwardSteps).map {
            switch $0 {
            case .compute(let computation): computation.implementation
            case .mask: "dropout mask"
            case .host: "loop"
            }
        }
    }

    /// Lets `body` fill an input: batch times item, items row-major (height, width, channels). Throws `engine` where there is no
    /// such input.
    public func withInput(_ name: String, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void) throws {
        guard let input = inputs[name] else { throw Diagnostic("engine", "the network has no input `\(name)`") }
        try body(input)
    }

    /// Runs the forward pass, which computes the outputs. In a training program a key turns dropout on; nil leaves it off.
    public func forward(dropout key: RandomKey?) throws {
        for step in forwardSteps { try step.run(dropout: key) }
        canGoBackward = isTraining
    }

    /// Lets `body` read an output: batch times item, items row-major. Values stay until the next `forward`.
    public func withOutput<R>(_ index: Int, _ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
        // An output that does not exist is empty.
        try body(outputs.indices.contains(index) ? UnsafeBufferPointer(outputs[index]) : UnsafeBufferPointer(start: nil, count: 0))
    }

    /// Lets `body` fill the gradient of the loss by an output, which `backward` does not touch. Throws `engine` outside training.
    public func withOutputGradient(_ index: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void) throws {
        guard outputGradients.indices.contains(index) else {
            throw Diagnostic("engine", "the program has no gradient of output \(index)")
        }
        try body(outputGradients[index])
    }

    /// Runs the backward pass: computes the gradients of the trainable parameters from those of the outputs, once after each
    /// `forward`. Throws `engine` otherwise and outside training.
    public func backward() throws {
        // Gradients take the place of what a forward pass left behind.
        guard canGoBackward else { throw Diagnostic("engine", "backward needs a training program and a forward pass before it") }
        canGoBackward = false
        for step in backwardSteps { try step.run(dropout: nil) }
    }

    /// The gradient of the loss by an input (batch, then the item's shape); nil where it was not asked for.
    public func inputGradient(of name: String) throws -> Tensor? {
        guard let (shape, values) = inputGradients[name] else { return nil }
        return try Tensor(shape: shape, values: Array(UnsafeBufferPointer(start: values, count: shape.count)))
    }

    /// Brings folded kernels and reordered weights up to date after parameters were loaded.
    func parametersLoaded() throws {
        for fold in folds { try refold(fold) }
        for step in loadSteps { try step.run(dropout: nil) }
    }
}
