import Datasets
import Diagnostics
import Storage
import Tensors

/// The formats that tensors are written to and read from, by the end of the path.
public enum TensorFormat: String, CaseIterable, Sendable {
    /// NumPy's format, comma-separated values, and safetensors.
    case npy, csv, safetensors

    /// The format that the end of a path names; nil for another.
    public init?(path: String) {
        guard let dot = path.lastIndex(of: ".") else { return nil }
        self.init(rawValue: String(path[path.index(after: dot)...]))
    }

    /// The ends of paths as a phrase for messages: `.npy`, `.csv` or `.safetensors`.
    public static let endings = "`.npy`, `.csv` or `.safetensors`"
}

/// A tensor of a file, with the unit the file tells.
public struct TensorFile {
    var array: NumericArray
    var unit: String?

    /// Reads a tensor from a file. `name` chooses the tensor of a `.safetensors` file that holds several.
    /// Throws `unknown-format`, `bad-data`, `missing-file`, `unknown-tensor`.
    init(reading path: String, name: String?) throws {
        switch TensorFormat(path: path) {
        case .npy: array = try readNpy(path, limit: nil)
        case .csv: array = try readArrayCSV(path)
        case .safetensors:
            let contents = try readSafetensors(path)
            // A model that ecdx exported has a hash.
            try contents.checkHash { Diagnostic("bad-data", $0, data: DataPlace(file: path), hint: "export it again") }
            let found = contents.tensors[try Self.place(of: name, among: contents.tensors.map(\.name), path: path)]
            switch found.values {
            case .float(let values):
                array = try NumericArray(shape: Shape(found.shape), values: values.map(Double.init), precision: .single)
            case .double(let values): array = try NumericArray(shape: Shape(found.shape), values: values, precision: .double)
            case .integer(let values):
                array = try NumericArray(shape: Shape(found.shape), values: values.map(Double.init), precision: .double)
            }
            unit = Self.unit(in: contents.metadata)
        case nil: throw Diagnostic("unknown-format", "a tensor's path ends in \(TensorFormat.endings), found `\(path)`")
        }
    }

    /// The index of the named tensor among those of a file, or of the only one. Throws `unknown-tensor` where there is none.
    static func place(of name: String?, among names: [String], path: String) throws -> Int {
        if let name {
            if let found = names.firstIndex(of: name) { return found }
            let near = nearMiss(name, among: names).map { "did you mean `\($0)`?" }
            throw Diagnostic(
                "unknown-tensor", "the file holds no tensor `\(name)`", data: DataPlace(file: path),
                hint: near ?? "it holds \(names.prefix(8).map { "`\($0)`" }.joined(separator: ", "))\(names.count > 8 ? ", ..." : "")")
        }
        guard names.count == 1 else {
            throw Diagnostic(
                "unknown-tensor", "the file holds \(names.count) tensors, and `name:` chooses none of them", data: DataPlace(file: path),
                hint: names.first.map { "as in `tensor(\"...\", name: \"\($0)\")`" })
        }
        return 0
    }

    /// The unit in the metadata of a `.safetensors` file; nil where there is none.
    static func unit(in metadata: [String: String]) -> String? { metadata["unit"].flatMap { $0.isEmpty ? nil : $0 } }

    /// The bytes of a file that holds the tensor.
    public static func bytes(of array: NumericArray, unit: String?, as format: TensorFormat) throws -> [UInt8] {
        switch format {
        case .npy: return try npyBytes(array)
        case .csv: return Array(try arrayCSV(array).utf8)
        case .safetensors:
            let values: TensorValues = array.precision == .single ? .float(array.values.map { Float($0) }) : .double(array.values)
            let sink = ByteList()
            try Safetensors(
                tensors: [NamedTensor(name: "tensor", shape: array.shape.extents, values: values)],
                metadata: unit.map { ["unit": $0] } ?? [:]
            ).write(to: sink)
            return sink.bytes
        }
    }
}
