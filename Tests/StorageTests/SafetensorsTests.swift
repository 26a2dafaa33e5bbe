import Diagnostics
import TestSupport
import Testing

@testable import Storage

@Suite(.timed) struct SafetensorsTests {
    private let sample = Safetensors(
        tensors: [
            NamedTensor(name: "dense_1.kernel", shape: [2, 3], values: [0.1, -0.0, .infinity, 0x1p-149, 3.4028235e38, -2.5]),
            NamedTensor(name: "conv_1.bias", shape: [3], values: [1, 2, 3]),
            NamedTensor(name: "a \"é\"\n", shape: [], values: [42]),
            NamedTensor(name: "none", shape: [0, 7], values: []),
            NamedTensor(name: "steps", shape: [2], values: .integer([.min, 9_007_199_254_740_993])),
            NamedTensor(name: "rate", shape: [1, 1], values: .double([0.1])),
        ], metadata: ["format": "ecdx"])

    /// The hash is that of the file without it, and stands for names, shapes, numbers and metadata.
    @Test func aHashInTheMetadataTellsChanges() throws {
        let scratch = try Scratch()
        let hashed = try sample.hashed()
        #expect(try hashed.metadata.count == 2 && hashed.metadata.values.contains(sample.digest().hex) && hashed.tensors == sample.tensors)
        #expect(try hashed.hashed() == hashed && hashed.agreesWithHash == true && sample.agreesWithHash == nil)
        try writeSafetensors(hashed, to: scratch.file("a"))
        #expect(try readSafetensors(scratch.file("a")).agreesWithHash == true)
        let changes: [(inout Safetensors) -> Void] = [
            { $0.tensors[0].values = .float([0.1, 0.0, .infinity, 0x1p-149, 3.4028235e38, -2.5]) }, { $0.tensors[0].shape = [3, 2] },
            { $0.tensors[1].name = "conv_2.bias" }, { $0.tensors.removeLast() }, { $0.metadata["format"] = "ecdy" },
            { $0.metadata["more"] = "" },
        ]
        for (index, change) in changes.enumerated() {
            var changed = hashed
            change(&changed)
            #expect(try changed.agreesWithHash == false, "\(index)")
            #expect(diagnostic { try changed.checkHash { Diagnostic("bad-data", $0) } }.id == "bad-data")
        }
        try sample.checkHash { Diagnostic("bad-data", $0) }
    }

    @Test func everyBitComesBack() throws {
        let scratch = try Scratch()
        try writeSafetensors(sample, to: scratch.file("a"))
        let read = try readSafetensors(scratch.file("a"))
        #expect(read.metadata == sample.metadata)
        #expect(read.tensors.count == sample.tensors.count)
        for tensor in sample.tensors { #expect(read[tensor.name] == tensor) }
        #expect(read["dense_1.kernel"]?.values == sample["dense_1.kernel"]?.values)
        guard case .float(let values) = read["dense_1.kernel"]?.values else { throw Diagnostic("none", "no floats") }
        #expect(values.map(\.bitPattern) == [0.1, -0.0, .infinity, 0x1p-149, 3.4028235e38, -2.5].map { Float($0).bitPattern })
    }

    @Test func theBytesDependOnTheContentsAlone() throws {
        let scratch = try Scratch()
        var turned = sample
        turned.tensors.reverse()
        turned.metadata = ["z": "1", "b": "2", "format": "ecdx"]
        var other = sample
        other.metadata = ["format": "ecdx", "b": "2", "z": "1"]
        try writeSafetensors(turned, to: scratch.file("a"))
        try writeSafetensors(other, to: scratch.file("b"))
        #expect(try readFile(scratch.file("a")) == readFile(scratch.file("b")))
        #expect(try turned.digest() == sha256(ofFile: scratch.file("a")))
    }

    /// `reference.safetensors` was written by the reference implementation: see Fixtures/make_safetensors.py.
    @Test func theReferenceFileIsReadAndWrittenAlike() throws {
        let scratch = try Scratch()
        let path = fixture("reference.safetensors")
        let read = try readSafetensors(path)
        #expect(read.tensors.map(\.name) == ["steps", "rate", "conv_1.bias", "conv_1.kernel", "scalar"])
        #expect(read["conv_1.kernel"]?.shape == [2, 2, 1, 3])
        #expect(read["conv_1.kernel"]?.values == .float((0..<12).map { Float($0) / 7 }))
        #expect(read["steps"]?.values == .integer([1, -2, 1 << 60]))
        #expect(read["rate"]?.values == .double([0.1, 1e300]))
        #expect(read["scalar"]?.shape == [])
        #expect(read.metadata == ["format": "np"])
        try writeSafetensors(read, to: scratch.file("again"))
        #expect(try readFile(scratch.file("again")) == readFile(path))
    }

    @Test func whatCannotBeWrittenIsRefused() throws {
        let scratch = try Scratch()
        let twice = Safetensors(tensors: [NamedTensor(name: "a", shape: [1], values: [1]), NamedTensor(name: "a", shape: [1], values: [2])])
        #expect(
            diagnostic { try writeSafetensors(twice, to: scratch.file("a")) }.message == "expected every tensor name once, found `a` twice")
        for shape in [[2], [], [-1], [-1, -1], [Int.max, 2], [Int.max, Int.max, 0]] {
            let wrong = Safetensors(tensors: [NamedTensor(name: "a", shape: shape, values: [1, 1, 1])])
            #expect(diagnostic { try writeSafetensors(wrong, to: scratch.file("a")) }.id == "bad-data")
        }
        let reserved = Safetensors(tensors: [NamedTensor(name: "__metadata__", shape: [1], values: [1])])
        #expect(diagnostic { try writeSafetensors(reserved, to: scratch.file("a")) }.id == "bad-data")
        #expect(try listFolder(scratch.path) == [])
    }

    /// Headers that lie: each is one diagnostic, none is believed.
    @Test(arguments: [
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}"#, 12, "of its shape"),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#, 8, "bytes of data after the header"),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#, 16, "bytes of data after the header"),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[4,16]}}"#, 16, "to start at byte 0"),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12,
            "to start at byte 8"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}"#, 16,
            "to start at byte 8"
        ),
        (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, "fits in memory"),
        (#"{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,4]}}"#, 4, "fits in memory"),
        (#"{"a":{"dtype":"F32","shape":[1000000000000],"data_offsets":[0,4000000000000]}}"#, 4, "bytes of data after the header"),
        (#"{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#, 4, "extents of at least 0"),
        (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, "extents of at least 0"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, 4, "found offsets -4 to 0"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-9223372036854775808,9223372036854775807]}}"#, 4, "found offsets"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "found offsets 4 to 0"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4, "two `data_offsets`"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}}"#, 4, "two `data_offsets`"),
        (#"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}"#, 2, "found `F16`"),
        (#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, 4, "a `dtype`"),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4,
            "found `a` twice"
        ),
        (#"{"__metadata__":{"a":1}}"#, 0, "metadata `a`"),
        (#"{"__metadata__":[]}"#, 0, "`__metadata__`"),
        (#"{"a":[[[[[[[[]]]]]]]]}"#, 0, "nested at most"),
        (#"[]"#, 0, "a JSON object as header"),
        (#"{"a""#, 0, "`:`"),
        (#""#, 0, "a value"),
    ])
    func lyingHeadersAreRefused(header: String, dataBytes: Int, message: String) throws {
        let scratch = try Scratch()
        try writeWhole(file(header: Array(header.utf8), dataBytes: dataBytes), to: scratch.file("a"))
        let found = diagnostic { _ = try readSafetensors(scratch.file("a")) }
        #expect(found.id == "bad-data")
        #expect(found.message.contains(message), "\(found.message)")
        #expect(found.data?.file == scratch.file("a"))
    }

    @Test func namesThatAreNotTextAreRefused() throws {
        let scratch = try Scratch()
        var header = Array(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#.utf8)
        header[2] = 0xFF
        try writeWhole(file(header: header, dataBytes: 4), to: scratch.file("a"))
        #expect(diagnostic { _ = try readSafetensors(scratch.file("a")) }.message.contains("UTF-8"))
    }

    @Test(arguments: [0, 9, 1 << 31, 100_000_001, UInt64(Int64.max), UInt64.max])
    func lyingLengthsAreRefused(length: UInt64) throws {
        let scratch = try Scratch()
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array("{}      ".utf8)
        try writeWhole(bytes, to: scratch.file("a"))
        #expect(diagnostic { _ = try readSafetensors(scratch.file("a")) }.id == "bad-data")
    }

    @Test func aFileCutAnywhereIsRefused() throws {
        let scratch = try Scratch()
        try writeSafetensors(sample, to: scratch.file("a"))
        let bytes = try readFile(scratch.file("a"))
        for length in 0..<bytes.count {
            try writeWhole(Array(bytes.prefix(length)), to: scratch.file("b"))
            #expect(diagnostic { _ = try readSafetensors(scratch.file("b")) }.id == "bad-data", "\(length)")
        }
    }

    private func file(header: [UInt8], dataBytes: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + [UInt8](repeating: 0, count: dataBytes)
    }
}
