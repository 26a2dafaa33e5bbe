import Diagnostics
import Tensors

/// The parameters of a program and their places in its memory. Those that change are in one block, each in the layout its
/// operation likes best, the trainable ones first, so that an optimizer sees one array; of those that do not, the block has what
/// is read as it is, and what is folded into something else has no place.
struct ParameterPlan {
    /// The part of a kernel that its operation reads: the other taps never meet the image.
    struct Crop: Equatable {
        /// Offset of the part in Keras's layout, in floats.
        var start: Int
        /// Length from the start of the part to its end, in floats.
        var extent: Int
    }

    /// A parameter of the graph, with its layouts and its place in the block.
    struct Parameter {
        let spec: ParameterSpec
        let trainable: Bool
        /// Whether the parameter is a statistic that moves while the program trains.
        let moves: Bool
        /// Keras's layout (of the part that is read) and the program's own; nil for a parameter that no computation reads.
        var layouts: (canonical: Layout, own: Layout)?
        /// The part that is read; nil for the whole parameter.
        var crop: Crop?
        /// Whether the parameter takes part in a fold: trained, it comes after all others that train; frozen, it has no place of
        /// its own.
        var isFolded = false
        /// Offset in the block, in floats; nil where the parameter has no place. Set by `place`.
        var offset: Int?

        /// True where the program may change the parameter.
        var changes: Bool { trainable || moves }

        /// True where the parameter lies in the block as it is, row-major.
        var isRowMajor: Bool { layouts.map { $0.own.same(as: $0.canonical) } ?? true }

        /// True where the block has all there is to know of the parameter: it may change, and no tap is left out.
        var isWhole: Bool { changes && offset != nil && crop == nil }
    }

    private(set) var parameters: [Parameter] = []
    private var indices: [String: Int] = [:]
    /// Floats of the trainable parameters that nothing is folded into. Set by `place`.
    private(set) var plainCount = 0
    /// Floats of all trainable parameters. Set by `place`.
    private(set) var trainableCount = 0
    /// Floats of all parameters that have a place. Set by `place`.
    private(set) var count = 0

    init(_ graph: Graph, trainable: Set<String>, moving: Set<String>) {
        for spec in graph.parameters {
            indices[spec.name] = parameters.count
            parameters.append(
                Parameter(
                    spec: spec, trainable: trainable.contains(spec.name) && !spec.isStatistic,
                    moves: spec.isStatistic && moving.contains(spec.name)))
        }
    }

    subscript(index: Int) -> Parameter { parameters[index] }

    func index(of name: String) -> Int? { indices[name] }

    func isTrainable(_ name: String) -> Bool { indices[name].map { parameters[$0].trainable } ?? false }
    func moves(_ name: String) -> Bool { indices[name].map { parameters[$0].moves } ?? false }

    /// Claims a parameter for an operation. Throws `engine` where there is none of that name, it is claimed already with another
    /// layout or does not fit.
    mutating func use(_ name: String, canonical: Layout, layout: Layout, crop: Crop? = nil, folded: Bool = false) throws -> Int {
        guard let index = indices[name] else { throw Diagnostic("engine", "the graph has no parameter `\(name)`") }
        if let layouts = parameters[index].layouts {
            let isAlike = layouts.canonical.same(as: canonical) && layouts.own.same(as: layout)
            guard isAlike, crop == nil, parameters[index].crop == nil, !folded, !parameters[index].isFolded else {
                throw Diagnostic("engine", "parameter `\(name)` is used twice, in two ways")
            }
            return index
        }
        let count = parameters[index].spec.shape.count
        guard crop.map({ $0.start + $0.extent <= count }) ?? (canonical.bytes == count * MemoryLayout<Float>.stride) else {
            throw Diagnostic("engine", "parameter `\(name)` does not fit its operation: it is \(parameters[index].spec.shape)")
        }
        parameters[index].layouts = (canonical, layout)
        parameters[index].crop = crop
        parameters[index].isFolded = folded
        return index
    }

    /// Claims a vector parameter, of one number a channel, for an operation.
    mutating func useVector(_ name: String, _ length: Int, folded: Bool = false) throws -> Int {
        let layout = try Layout.vector(length)
        let index = try use(name, canonical: layout, layout: layout, folded: folded)
        // A vector that trains is read by the fold, and is a plain one to the optimizer.
        if parameters[index].trainable { parameters[index].isFolded = false }
        return index
    }

    /// Gives a place in the block to every parameter that needs one.
    mutating func place() {
        count = 0
        func add(_ matches: (Parameter) -> Bool, to parameters: inout [Parameter], _ count: inout Int) {
            for index in parameters.indices where matches(parameters[index]) {
                parameters[index].offset = count
                let float = MemoryLayout<Float>.stride
                let alignment = MemoryPlan.alignment
                let bytes = max(
                    parameters[index].layouts?.own.bytes ?? 0,
                    parameters[index].crop == nil ? parameters[index].spec.shape.count * float : 0)
                count += (bytes + alignment - 1) / alignment * alignment / float
            }
        }
        add({ $0.trainable && !$0.isFolded }, to: &parameters, &count)
        plainCount = count
        add({ $0.trainable && $0.isFolded }, to: &parameters, &count)
        trainableCount = count
        add({ !$0.trainable && ($0.moves || !$0.isFolded && $0.layouts != nil) }, to: &parameters, &count)
    }
}
