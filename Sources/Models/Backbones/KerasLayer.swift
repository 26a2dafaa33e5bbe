/// A layer of a backbone as Keras has it: the unit of "the last 50 layers", and of files of weights.
public struct KerasLayer: Sendable, Hashable {
    /// Name of the layer in Keras: `conv2d_83`, `block1_conv1`.
    public var name: String
    /// Class of the layer in Keras, `Conv2D`.
    public var kind: String
    /// Full names of the layer's parameters, in Keras's order: kernel, bias; gamma, beta, moving_mean, moving_variance.
    public var parameters: [String]
    /// Nodes of the graph that the layer became.
    public var nodes: Range<Int>
    /// Places of the layers before this one, counted in the order in which layers were made.
    var inputs: [Int]

    /// The name of a class as Keras writes it in files and in the names that it gives by itself: `batch_normalization` for
    /// `BatchNormalization`, `conv2d` for `Conv2D` (keras/src/utils/naming.py, `to_snake_case`).
    public static func snakeCase(_ className: String) -> String {
        let letters = Array(className)
        return letters.indices.reduce(into: "") { text, place in
            let letter = letters[place]
            let begins = letter.isUppercase && place > 0
            let follows = begins && letters[place - 1].isLowercase
            let leads = begins && place + 1 < letters.count && letters[place + 1].isLowercase
            text += (follows || leads ? "_" : "") + letter.lowercased()
        }
    }
}

extension [KerasLayer] {
    /// The layers in the order of Keras's `model.layers`: by their distance from the output, the farthest first, and of equals
    /// in the order in which a walk from the output meets them first (keras/src/ops/function.py, `map_graph`). `self` is in the
    /// order of making, and the last one is the output.
    func inKerasOrder() -> [KerasLayer] {
        guard let output = indices.last else { return [] }
        var met = [Int?](repeating: nil, count: count)
        var finished = [Bool](repeating: false, count: count)
        var order: [Int] = []
        var meetings = 0
        // Depth first, inputs in their order; a stack of its own, since DenseNet is 400 layers deep.
        var stack: [(layer: Int, next: Int)] = [(output, 0)]
        met[output] = 0
        meetings = 1
        while let top = stack.last {
            let inputs = self[top.layer].inputs
            guard top.next < inputs.count else {
                finished[top.layer] = true
                order.append(top.layer)
                stack.removeLast()
                continue
            }
            stack[stack.count - 1].next += 1
            let input = inputs[top.next]
            guard indices.contains(input), met[input] == nil else { continue }
            met[input] = meetings
            meetings += 1
            stack.append((input, 0))
        }
        var depths = [Int](repeating: 0, count: count)
        for layer in order.reversed() {
            for input in self[layer].inputs where indices.contains(input) { depths[input] = Swift.max(depths[input], depths[layer] + 1) }
        }
        return order.sorted { (depths[$1], met[$0] ?? 0) < (depths[$0], met[$1] ?? 0) }.map { self[$0] }
    }
}
