import Diagnostics
import Engine
import Models
import Storage
import Tensors

/// The weights of a transformer encoder in safetensors files of Hugging Face, read one tensor at a time: a model takes its own
/// memory and that of one tensor. Half precision becomes single precision.
public final class EncoderWeights: Sendable {
    /// Path of the file, or of the index of several.
    public let path: String
    private let files: [SafetensorsFile]
    /// The file that holds each tensor, by the name of the tensor.
    private let places: [String: Int]
    private let shapes: [String: [Int]]

    /// Opens a safetensors file, or all files of a `NAME.safetensors.index.json`, and checks their headers. Throws what
    /// `weightFormat` does, and `bad-weights` for HDF5 and for an index that does not fit its files.
    public init(_ path: String) throws {
        self.path = path
        switch try weightFormat(of: path) {
        case .safetensors: files = [try SafetensorsFile(path)]
        case .hdf5: throw badWeights(path, "expected weights in safetensors, found HDF5", hint: "take `model.safetensors` of the model")
        case .safetensorsIndex:
            let shards = try shards(of: path).sorted { $0.key < $1.key }
            files = try shards.map { try SafetensorsFile(joined(parentFolder(of: path), $0.key)) }
            for (file, shard) in zip(files, shards) {
                let found = Set(file.tensors.map(\.name))
                guard let missing = shard.value.subtracting(found).min() else { continue }
                throw badWeights(
                    path, "expected tensor `\(missing)` in `\(shard.key)`, found none of that name", hint: "fetch both files again")
            }
        }
        var places: [String: Int] = [:]
        var shapes: [String: [Int]] = [:]
        for (index, file) in files.enumerated() {
            for tensor in file.tensors where tensor.type.isSingle && places[tensor.name] == nil {
                places[tensor.name] = index
                shapes[tensor.name] = tensor.shape
            }
        }
        (self.places, self.shapes) = (places, shapes)
    }

    /// The path of a model's weights in its folder: `model.safetensors`, or `model.safetensors.index.json` where they are in
    /// several files; nil where neither is there.
    public static func path(inFolder folder: String) -> String? {
        ["model.safetensors", "model.safetensors.index.json"].map { joined(folder, $0) }.first { fileStatus($0) != nil }
    }

    /// The tensor of each parameter of an encoder, by the parameter's name, and what else the files hold. Reads no numbers. Throws
    /// `weights-mismatch` with the tensors that are missing or have another shape.
    public func matched(to encoder: Encoder) throws -> (tensors: [String: String], notes: [String]) {
        guard let architecture = encoder.configuration.architecture else { throw badWeights(path, "expected an encoder") }
        let prefix = prefix(for: encoder, architecture)
        var found: [String: String] = [:]
        var missing: [String] = []
        var misshapen: [String] = []
        for parameter in encoder.parameters {
            guard let name = parameter.tensorNames.map({ prefix + $0 }).first(where: { shapes[$0] != nil }) else {
                missing.append("`\(prefix)\(parameter.tensor)`")
                continue
            }
            found[parameter.name] = name
            if let shape = shapes[name], shape != parameter.tensorShape {
                misshapen.append("`\(name)` of \(Shape(shape)), expected \(Shape(parameter.tensorShape))")
            }
        }
        if !missing.isEmpty {
            let listed = missing.prefix(3).joined(separator: ", ") + (missing.count > 3 ? " and \(missing.count - 3) more" : "")
            let first = shapes.keys.sorted().prefix(3).map { "`\($0)`" }.joined(separator: ", ")
            throw Diagnostic(
                "weights-mismatch",
                "these are not weights of \(architecture.name) with \(encoder.configuration.layers) layers: no \(listed)",
                data: DataPlace(file: path), notes: ["the file holds \(shapes.count) tensors: \(first) and others"],
                hint: "take `config.json` and the weights of one model")
        }
        if !misshapen.isEmpty {
            let listed = misshapen.prefix(3).joined(separator: "; ") + (misshapen.count > 3 ? "; and \(misshapen.count - 3) more" : "")
            throw Diagnostic(
                "weights-mismatch", "these are not weights of the sizes that `config.json` says: \(listed)", data: DataPlace(file: path),
                hint: "take `config.json` and the weights of one model")
        }
        return (found, notes(surplus: Set(shapes.keys).subtracting(found.values), prefix, architecture))
    }

    /// Loads the weights of an encoder into a store. Throws as `matched`, and `bad-weights` for numbers that are none.
    public func parameters(of encoder: Encoder) throws -> ParameterStore {
        let tensors = try matched(to: encoder).tensors
        var store = ParameterStore()
        for parameter in encoder.parameters {
            var tensor = Tensor(zeros: parameter.shape)
            try tensor.withUnsafeMutableBuffer { try read(parameter, tensors, into: $0) }
            store[parameter.name] = tensor
        }
        return store
    }

    /// Reads the numbers of one parameter, as the graph wants it, into memory for as many; `tensors` are those that `matched` gave.
    /// Throws `bad-weights` for numbers that are none.
    public func read(_ parameter: EncoderParameter, _ tensors: [String: String], into target: UnsafeMutableBufferPointer<Float>) throws {
        guard let name = tensors[parameter.name], let place = places[name] else {
            throw badWeights(path, "expected a tensor for `\(parameter.name)`, found none")
        }
        let file = files[place]
        let shape = parameter.tensorShape
        guard parameter.isTransposed, shape.count == 2, target.count == parameter.shape.count else {
            try file.read(name, into: target)
            return try checkFinite(UnsafeBufferPointer(target), of: name, file.path)
        }
        let values = try file.values(of: name)
        try values.withUnsafeBufferPointer { source in
            try checkFinite(source, of: name, file.path)
            transpose(source, rows: shape[0], columns: shape[1], into: target)
        }
    }

    /// Loads the weights of an encoder into a program that has no parameters but its own, one at a time. Throws as `matched` and
    /// `read`, and `missing-parameter` for a parameter of another layer.
    public func load(_ encoder: Encoder, into program: Program) throws {
        let tensors = try matched(to: encoder).tensors
        let known = Dictionary(encoder.parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        try program.load(filling: { name, shape, target in
            guard let parameter = known[name] else {
                throw Diagnostic("missing-parameter", "expected a parameter `\(name)` of shape \(shape), found none")
            }
            try read(parameter, tensors, into: target)
        })
    }

    /// What stands before the names of the encoder's tensors: that of models with a head, or nothing; the one that finds more.
    private func prefix(for encoder: Encoder, _ architecture: EncoderArchitecture) -> String {
        func found(_ prefix: String) -> Int {
            encoder.parameters.count { parameter in parameter.tensorNames.contains { shapes[prefix + $0] != nil } }
        }
        return found(architecture.prefix) > found("") ? architecture.prefix : ""
    }

    /// Remarks on tensors that are not used, by their first names; the pooler and tables of positions are expected.
    private func notes(surplus: Set<String>, _ prefix: String, _ architecture: EncoderArchitecture) -> [String] {
        var counts: [String: Int] = [:]
        for name in surplus {
            let local = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
            if architecture.pooler.contains(local) { continue }
            counts[String(name.prefix { $0 != "." }), default: 0] += 1
        }
        return counts.sorted { $0.key < $1.key }.map { name, count in
            "`\(name)` of the file is not used (\(count) \(count == 1 ? "tensor" : "tensors"))"
        }
    }
}

/// Checks that weights are numbers, without copying them. Throws as the check of an array.
private func checkFinite(_ values: UnsafeBufferPointer<Float>, of name: String, _ path: String) throws {
    // What is no number stays in a sum, and infinity times 0 is no number.
    var sum: Float = 0
    for value in values { sum += value * 0 }
    if !(sum == 0) { try checkFinite(Array(values), of: name, path) }
}

/// Writes the transpose of a row-major matrix, tile by tile.
private func transpose(
    _ source: UnsafeBufferPointer<Float>, rows: Int, columns: Int, into target: UnsafeMutableBufferPointer<Float>
) {
    guard source.count == rows * columns, target.count == source.count else { return }
    let tile = 32
    for row in stride(from: 0, to: rows, by: tile) {
        for column in stride(from: 0, to: columns, by: tile) {
            for j in column..<min(column + tile, columns) {
                for i in row..<min(row + tile, rows) { target[j * rows + i] = source[i * columns + j] }
            }
        }
    }
}
