import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Weights

func read(_ path: String) throws -> WeightFile { try readKerasWeights(path, program: builtProgram()) }

/// What the script beside the fixtures says a file holds.
func expected(_ name: String) throws -> [WeightLayer] {
    let file = try readSafetensors(fixture(name + ".expected.safetensors"))
    let text = try #require(file.metadata["layers"])
    return try JSONValue(parsing: text).arrayValue.map { layers in
        try layers.enumerated().map { number, layer in
            let fields = try #require(layer.arrayValue)
            try #require(fields.count == 3)
            let path = try #require(fields[1].stringValue)
            let names = try #require(fields[2].arrayValue)
            let arrays = try names.enumerated().map { index, name in
                let tensor = try #require(file["\(number):\(index)"])
                guard case .float(let values) = tensor.values else { throw Diagnostic("none", "no floats") }
                return WeightArray(name: try #require(name.stringValue), shape: tensor.shape, values: values)
            }
            return WeightLayer(name: try #require(fields[0].stringValue), path: [path], arrays: arrays)
        }
    } ?? []
}
