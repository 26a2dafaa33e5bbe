import Diagnostics
import Models
import Storage
import Tensors
import TestSupport
import Testing
import Weights

@Suite(.timed) struct EncoderWeightsTests {
    private let small: SmallEncoder
    private let encoder: Encoder
    private let tensors: [NamedTensor]

    init() throws {
        small = try SmallEncoder("roberta")
        encoder = try small.graph { _, node, _, _ in [node] }.encoder
        tensors = try readSafetensors("\(small.folder)/model.safetensors").tensors
    }

    /// Half precision of both kinds, under the names of a model with a head: single precision, rounded as halves are.
    @Test func halfPrecisionAndPrefix() throws {
        let file = try EncoderWeights("\(small.folder)/half.safetensors")
        let notes = try file.matched(to: encoder).notes
        #expect(notes == ["`lm_head` of the file is not used (2 tensors)"])
        let (halves, whole) = (try file.parameters(of: encoder), try small.parameters(encoder))
        let order = tensors.map(\.name).sorted()
        for parameter in encoder.parameters {
            let place = try #require(order.firstIndex(of: parameter.tensor))
            let isHalf = place % 2 == 0
            let expected = whole[parameter.name]?.values.map { value -> Float in
                if isHalf { return Float(Float16(value)) }
                // To the nearest, of two equally near the even one.
                let bits = value.bitPattern
                return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
            }
            #expect(halves[parameter.name]?.values == expected, "\(parameter.name)")
        }
    }

    @Test func everyHalf() throws {
        let folder = try Scratch()
        var bytes = Array(#"{"a":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}"#.utf8)
        bytes = [UInt8(bytes.count), 0, 0, 0, 0, 0, 0, 0] + bytes
        for half in 0..<65536 { bytes += [UInt8(half & 255), UInt8(half >> 8)] }
        try writeWhole(to: "\(folder.path)/a.safetensors") { try $0.write(bytes) }
        let values = try SafetensorsFile("\(folder.path)/a.safetensors").values(of: "a")
        for half in 0..<65536 {
            let expected = Float(Float16(bitPattern: UInt16(half)))
            #expect(values[half].isNaN ? expected.isNaN : values[half].bitPattern == expected.bitPattern)
        }
        #expect(throws: Diagnostic.self) { try SafetensorsFile("\(folder.path)/a.safetensors").values(of: "b") }
        // What reads no halves says so at the header already.
        #expect(try readSafetensorsHeader("\(folder.path)/a.safetensors", halves: true).tensors.map(\.type) == [.f16])
        try expectFault("bad-data", "expected tensor `a` to be F32, F64 or I64, found `F16`") {
            _ = try readSafetensorsHeader("\(folder.path)/a.safetensors")
        }
    }

    private func written(_ change: (inout [NamedTensor]) -> Void) throws -> (Scratch, EncoderWeights) {
        var changed = tensors
        change(&changed)
        let folder = try Scratch()
        try writeSafetensors(Safetensors(tensors: changed), to: "\(folder.path)/model.safetensors")
        return (folder, try EncoderWeights(try #require(EncoderWeights.path(inFolder: folder.path))))
    }

    /// Old files say gamma and beta, have the pooler, and tables of positions as whole numbers: no word about either.
    @Test func oldSpellings() throws {
        let (folder, file) = try written { tensors in
            for index in tensors.indices where tensors[index].name.contains("LayerNorm") {
                tensors[index].name = tensors[index].name.replacing("LayerNorm.weight", with: "LayerNorm.gamma")
                    .replacing("LayerNorm.bias", with: "LayerNorm.beta")
            }
            tensors.append(NamedTensor(name: "pooler.dense.bias", shape: [2], values: [0, 0]))
            tensors.append(NamedTensor(name: "embeddings.position_ids", shape: [2], values: .integer([0, 1])))
        }
        defer { withExtendedLifetime(folder) {} }
        #expect(try file.matched(to: encoder).notes.isEmpty)
        #expect(try file.parameters(of: encoder) == small.parameters(encoder))
    }

    @Test func missingMisshapenAndNoNumbers() throws {
        let (one, missing) = try written { tensors in tensors.removeAll { $0.name.contains("layer.1") } }
        let found = #expect(throws: Diagnostic.self) { try missing.matched(to: encoder) }
        #expect(found?.id == "weights-mismatch" && found?.message.contains("and 13 more") == true)
        #expect(found?.message.contains("encoder.layer.1.attention.self.query.weight") == true)
        let (two, misshapen) = try written { tensors in
            for index in tensors.indices where tensors[index].name == "embeddings.word_embeddings.weight" {
                tensors[index] = NamedTensor(name: tensors[index].name, shape: [1, 12], values: [Float](repeating: 0, count: 12))
            }
        }
        let shape = #expect(throws: Diagnostic.self) { try misshapen.matched(to: encoder) }
        #expect(shape?.id == "weights-mismatch" && shape?.message.contains("of 1x12, expected 31x12") == true)
        let (three, infinite) = try written { tensors in
            guard case .float(var values) = tensors[3].values else { return }
            values[1] = .nan
            tensors[3].values = .float(values)
        }
        let none = #expect(throws: Diagnostic.self) { try infinite.parameters(of: encoder) }
        #expect(none?.id == "bad-weights" && none?.message.contains("NaN") == true)
        withExtendedLifetime((one, two, three)) {}
    }

    @Test func severalFiles() throws {
        let folder = try Scratch()
        let half = tensors.count / 2
        try writeSafetensors(Safetensors(tensors: Array(tensors[..<half])), to: "\(folder.path)/model-1.safetensors")
        try writeSafetensors(Safetensors(tensors: Array(tensors[half...])), to: "\(folder.path)/model-2.safetensors")
        let map = tensors.enumerated().map { #""\#($1.name)":"model-\#($0 < half ? 1 : 2).safetensors""# }.joined(separator: ",")
        try writeWhole(to: "\(folder.path)/model.safetensors.index.json") { try $0.write(Array(#"{"weight_map":{\#(map)}}"#.utf8)) }
        let path = try #require(EncoderWeights.path(inFolder: folder.path))
        #expect(path.hasSuffix(".index.json"))
        #expect(try EncoderWeights(path).parameters(of: encoder) == small.parameters(encoder))
        try writeWhole(to: "\(folder.path)/model.safetensors.index.json") {
            try $0.write(Array(#"{"weight_map":{\#(map),"other":"model-1.safetensors"}}"#.utf8))
        }
        let found = #expect(throws: Diagnostic.self) { try EncoderWeights(path) }
        #expect(found?.message.contains("tensor `other`") == true)
    }
}
