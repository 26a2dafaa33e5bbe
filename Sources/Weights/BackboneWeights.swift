import Diagnostics
import Models
import Tensors

/// Checks that the names and shapes in a file are those of a backbone's weights. Reads no numbers. Throws `bad-weights` for a
/// damaged file, and `weights-mismatch` as `backboneWeights` does.
public func checkBackboneWeights(_ backbone: Backbone, path: String) throws {
    switch try weightFormat(of: path) {
    case .hdf5: _ = try matched(readKerasOutline(path, program: weightReaderProgram()), to: backbone, path: path)
    default:
        let tensors = try readSafetensorsOutline(path).filter { $0.type == .f32 }
        _ = try matched(tensors.map { (name: $0.name, shape: $0.shape) }, to: backbone, path: path)
    }
}

/// The weights of a backbone in a file, by the names of the network. Throws `bad-weights` for a file that is none or has numbers
/// that are none, and `weights-mismatch` with the arrays that are missing, surplus or misshapen.
public func backboneWeights(_ backbone: Backbone, path: String) throws -> ParameterStore {
    var arrays: [String: WeightArray] = [:]
    switch try weightFormat(of: path) {
    case .hdf5:
        let file = try readKerasWeights(path, program: weightReaderProgram())
        for (name, place) in try matched(file.outline, to: backbone, path: path) {
            arrays[name] = file.layers[place.layer].arrays[place.array]
        }
    default:
        let file = try readSafetensorsWeights(path)
        let found = Dictionary(file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let floats = file.tensors.filter { if case .float = $0.values { true } else { false } }
        for (name, tensor) in try matched(floats.map { (name: $0.name, shape: $0.shape) }, to: backbone, path: path) {
            guard case .float(let values)? = found[tensor]?.values else { continue }
            arrays[name] = WeightArray(name: tensor, shape: found[tensor]?.shape ?? [], values: values)
        }
    }
    var store = ParameterStore()
    for name in backbone.layers.flatMap(\.parameters) {
        guard let shape = backbone.shapes[name], let array = arrays[name] else { continue }
        try checkFinite(array.values, of: String(name.dropFirst(backbone.name.count + 1)), path)
        store[name] = try Tensor(shape: shape, values: array.summed(for: name, of: backbone).values)
    }
    return store
}

/// Checks that weights are numbers. A layer behind them may hide it: what ReLU makes of one that is none is 0. Throws
/// `bad-weights` with the name of the array.
public func checkFinite(_ values: [Float], of name: String, _ path: String) throws {
    guard let place = values.firstIndex(where: { !$0.isFinite }) else { return }
    let count = values.count { !$0.isFinite }
    throw Diagnostic(
        "bad-weights",
        """
        expected finite numbers in `\(name)`, found \(values[place].isNaN ? "NaN" : "infinity")\
        \(count > 1 ? " and \(count - 1) more that are not finite" : "") among \(values.count)
        """,
        data: DataPlace(file: path), hint: "fetch the file again, or train it again")
}

extension WeightArray {
    /// A kernel for three channels as one for their sum, where that is what the backbone wants of it.
    fileprivate func summed(for name: String, of backbone: Backbone) -> WeightArray {
        guard name == backbone.summedKernel, shape.count == 4, shape[2] == 3, values.count == shape.reduce(1, *) else { return self }
        let filters = shape[3]
        var result = self
        result.shape[2] = 1
        result.values = (0..<shape[0] * shape[1] * filters).map { place in
            let start = place / filters * 3 * filters + place % filters
            return Float((0..<3).reduce(0.0) { $0 + Double(values[start + $1 * filters]) })
        }
        return result
    }
}
