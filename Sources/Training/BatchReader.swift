import Datasets
import Diagnostics
import Engine
import Tensors

/// Copies items of a set of samples into the inputs of a program, batch by batch.
struct BatchReader {
    let graph: Graph
    let samples: Samples

    /// Checks that the samples fit the network. Throws `fit` where an input is missing or has another shape than the
    /// network's, or, with a width, where the targets have not that many numbers an item.
    /// `also` are inputs beside those of the graph, but for those named in `except`.
    func check(outputWidth: Int? = nil, also: [(name: String, shape: Shape)] = [], except: [String] = []) throws {
        for (name, shape) in graph.inputs + also where !except.contains(name) {
            guard let items = samples.inputs[name] else { throw Diagnostic("fit", "the data have no input `\(name)`") }
            guard items.count == samples.count, items.shape == shape else {
                throw Diagnostic(
                    "fit",
                    "expected `\(name)` of shape \(shape) for \(samples.count) items, found \(Shape([items.count] + items.shape.extents))")
            }
        }
        if let outputWidth, samples.targets.shape.count != samples.count * outputWidth {
            throw Diagnostic(
                "fit",
                "expected \(outputWidth) target numbers an item, found targets of shape \(samples.targets.shape) for \(samples.count) items"
            )
        }
    }

    /// Fills the inputs of a program with the items, in order; what is left of the batch becomes zeros.
    /// `augmented` fills in an item of an input in place of copying it, and says whether it did.
    func fill(
        _ program: Program, with items: ArraySlice<Int>,
        augmented: ((String, Int, UnsafeBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) throws -> Bool)? = nil
    ) throws {
        for (name, shape) in graph.inputs {
            guard let inputs = samples.inputs[name] else { continue }
            let width = shape.count
            try program.withInput(name) { target in
                var place = 0
                for item in items {
                    guard item >= 0, item < inputs.count, inputs.shape.count == width, place + width <= target.count else {
                        throw Diagnostic("fit", "the data have no item \(item)")
                    }
                    let into = UnsafeMutableBufferPointer(rebasing: target[place..<place + width])
                    let isFilled = try augmented.map { change in try inputs.withItem(item) { try change(name, item, $0, into) } }
                    if isFilled != true { try inputs.read(item, into: into) }
                    place += width
                }
                for i in place..<target.count { target[i] = 0 }
            }
        }
    }

    /// The targets of the items, in order.
    func targets(of items: ArraySlice<Int>, width: Int) -> [Float] {
        samples.targets.withUnsafeBuffer { source in items.flatMap { source[$0 * width..<($0 + 1) * width] } }
    }
}
