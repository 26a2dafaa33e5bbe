import Diagnostics
import Glibc
import Storage
import Testing

@testable import Weights

/// A folder of one test, removed with all in it when the test ends.
final class Scratch {
    let path: String

    init() throws {
        var template = Array("/tmp/ecdx-weights-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(cBuffer: template)
    }

    deinit { try? removeTree(path) }

    func file(_ name: String) -> String { joined(path, name) }

    /// A file with these bytes; its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        try writeWhole(bytes, to: file(name))
        return file(name)
    }
}

/// The diagnostic `body` throws; records an issue where it throws none.
func diagnostic(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) -> Diagnostic {
    do {
        try body()
        Issue.record("expected a diagnostic, nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as Diagnostic {
        return error
    } catch {
        Issue.record("expected a diagnostic, \(error) was thrown", sourceLocation: sourceLocation)
    }
    return Diagnostic("none", "nothing was thrown")
}

func fixture(_ name: String) -> String { joined(joined(parentFolder(of: #filePath), "Fixtures"), name) }

struct NoProgram: Error, CustomStringConvertible {
    var description: String
}

/// The `ecdx` that was built together with these tests: it lies in the folder of the test runner, or, where a toolchain
/// loads the tests into a runner of its own, of the bundle that is among the arguments.
func builtProgram() throws -> String {
    let places = [try resolvedPath("/proc/self/exe")] + CommandLine.arguments
    for place in places where place.contains("/") {
        let path = joined(parentFolder(of: place), "ecdx")
        if access(path, X_OK) == 0, fileStatus(path)?.kind == .file { return path }
    }
    throw NoProgram(description: "no built ecdx beside \(places.joined(separator: ", "))")
}

func read(_ path: String) throws -> WeightFile { try readKerasWeights(path, program: builtProgram()) }

/// What the script beside the fixtures says a file holds.
func expected(_ name: String) throws -> [WeightLayer] {
    let file = try readSafetensors(fixture(name + ".expected.safetensors"))
    let text = try #require(file.metadata["layers"])
    return try JSONValue(parsing: text).arrayValue.map { layers in
        try layers.enumerated().map { number, layer in
            let fields = try #require(layer.arrayValue)
            try #require(fields.count == 3)
            let path = try #require(fields[1].stringValue), names = try #require(fields[2].arrayValue)
            let arrays = try names.enumerated().map { index, name in
                let tensor = try #require(file["\(number):\(index)"])
                guard case .float(let values) = tensor.values else { throw Diagnostic("none", "no floats") }
                return WeightArray(name: try #require(name.stringValue), shape: tensor.shape, values: values)
            }
            return WeightLayer(name: try #require(fields[0].stringValue), path: [path], arrays: arrays)
        }
    } ?? []
}
