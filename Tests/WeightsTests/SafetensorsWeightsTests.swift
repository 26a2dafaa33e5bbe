import Diagnostics
import Glibc
import Storage
import TestSupport
import Testing

@testable import Weights

@Suite(.timed) struct SafetensorsWeightsTests {
    private let first = NamedTensor(name: "a", shape: [2], values: [1, 2]), second = NamedTensor(name: "b", shape: [1], values: [3])

    /// Two files and their index; the path of the index.
    private func shards(in scratch: Scratch, map: String = #"{"a": "one.safetensors", "b": "two.safetensors"}"#) throws -> String {
        try writeSafetensors(Safetensors(tensors: [first], metadata: ["format": "pt"]), to: scratch.file("one.safetensors"))
        try writeSafetensors(Safetensors(tensors: [second]), to: scratch.file("two.safetensors"))
        return try scratch.file("model.safetensors.index.json", Array(#"{"metadata": {"total_size": 12}, "weight_map": \#(map)}"#.utf8))
    }

    /// A model that ecdx exported has a hash, which weights that are read from it have to have too.
    @Test func aChangedModelIsRefused() throws {
        let scratch = try Scratch()
        var model = try Safetensors(tensors: [first, second]).hashed()
        try writeSafetensors(model, to: scratch.file("model.safetensors"))
        #expect(try readSafetensorsWeights(scratch.file("model.safetensors")).tensors == [first, second])
        model.tensors[1].values = .float([3.0000002])
        try writeSafetensors(model, to: scratch.file("model.safetensors"))
        let found = diagnostic { _ = try readSafetensorsWeights(scratch.file("model.safetensors")) }
        #expect(found.id == "bad-weights" && found.data?.file == scratch.file("model.safetensors") && found.hints == ["export it again"])
    }

    @Test func oneFileAndSeveral() throws {
        let scratch = try Scratch()
        let index = try shards(in: scratch)
        #expect(try readSafetensorsWeights(scratch.file("one.safetensors")).tensors == [first])
        #expect(try readSafetensorsWeights(index) == Safetensors(tensors: [first, second], metadata: ["format": "pt"]))
        #expect(try weightFormat(of: index) == .safetensorsIndex)
        #expect(try weightFormat(of: scratch.file("one.safetensors")) == .safetensors)
        #expect(try weightFormat(of: fixture("legacy.h5")) == .hdf5)
        #expect(
            diagnostic { _ = try readSafetensorsWeights(fixture("legacy.h5")) }.message == "expected weights in safetensors, found HDF5")
        #expect(diagnostic { _ = try read(index) }.message == "expected weights of Keras in HDF5, found safetensors")
    }

    @Test(arguments: [
        "../one.safetensors", "/etc/passwd", "sub/one.safetensors", "..", ".", "", "link.safetensors", "./one.safetensors",
        "one.safetensors\\u0000",
    ])
    func namesThatLeadElsewhereAreRefused(name: String) throws {
        let scratch = try Scratch()
        let elsewhere = try Scratch()
        _ = try shards(in: elsewhere)
        try #require(symlink(elsewhere.file("one.safetensors"), scratch.file("link.safetensors")) == 0)
        let index = try shards(in: scratch, map: #"{"a": "\#(name)", "b": "two.safetensors"}"#)
        let found = diagnostic { _ = try readSafetensorsWeights(index) }
        #expect(found.id == "bad-weights")
        #expect(found.message.hasSuffix("which leads elsewhere"), "\(found.message)")
        #expect(found.data?.file == index)
    }

    /// Hugging Face keeps contents in one folder, and links to them under their names in another.
    @Test func linksOfACacheAreFollowed() throws {
        let scratch = try Scratch()
        let index = try shards(in: scratch)
        try createFolder(scratch.file("snapshot"))
        for name in ["one.safetensors", "two.safetensors", lastName(of: index)] {
            try #require(symlink("../" + name, scratch.file("snapshot/" + name)) == 0)
        }
        #expect(try readSafetensorsWeights(scratch.file("snapshot/" + lastName(of: index))).tensors == [first, second])
    }

    @Test func filesThatAreMissingAreOneDiagnostic() throws {
        let scratch = try Scratch()
        let index = try shards(in: scratch)
        try removeTree(scratch.file("one.safetensors"))
        #expect(
            diagnostic { _ = try readSafetensorsWeights(index) }.message
                == "expected the files of the index beside it, found no `one.safetensors`")
        try removeTree(scratch.file("two.safetensors"))
        let both = diagnostic { _ = try readSafetensorsWeights(index) }
        #expect(both.id == "bad-weights")
        #expect(both.message == "expected the files of the index beside it, found no `one.safetensors` and 1 more")
        #expect(both.hints == ["fetch them into the same folder"])
    }

    @Test(arguments: [
        (#"{"a": "one.safetensors", "c": "two.safetensors"}"#, "expected tensor `c` in `two.safetensors`"),
        (#"{"a": "one.safetensors"}"#, nil),
        (#"{"a": "one.safetensors", "b": "one.safetensors"}"#, "expected tensor `b` in `one.safetensors`"),
        (#"{"b": "two.safetensors", "a": 1}"#, "expected the name of a file for tensor `a`"),
        ("{}", "expected an object `weight_map`"), ("[]", "expected an object `weight_map`"), ("7", "expected an object `weight_map`"),
    ])
    func anIndexThatIsWrongIsRefused(map: String, message: String?) throws {
        let scratch = try Scratch()
        let index = try shards(in: scratch, map: map)
        guard let message else {
            #expect(try readSafetensorsWeights(index).tensors == [first])
            return
        }
        let found = diagnostic { _ = try readSafetensorsWeights(index) }
        #expect(found.id == "bad-weights")
        #expect(found.message.hasPrefix(message), "\(found.message)")
    }

    @Test func aFileWithOtherTensorsThanTheIndexSaysIsRefused() throws {
        let scratch = try Scratch()
        let index = try shards(in: scratch)
        try writeSafetensors(
            Safetensors(tensors: [second, NamedTensor(name: "c", shape: [1], values: [0])]), to: scratch.file("two.safetensors"))
        #expect(
            diagnostic { _ = try readSafetensorsWeights(index) }.message
                == "expected the tensors of `two.safetensors` in the index, found `c` that it does not have there")
    }

    /// By what is in them, and by name: reading one runs what its writer wanted.
    @Test(
        arguments: [
            ("a.h5", [0x80, 0x02, 0x8A, 0x0A, 0x6C]), ("a.safetensors", [0x80, 0x04, 0x95]), ("model.pt", [0x28, 0x64]), ("model.PTH", []),
            ("pytorch_model.bin", [0x50, 0x4B, 3, 4]), ("a.pkl", [0x28]), ("a.ckpt", [1, 2, 3]),
            ("weights.h5", [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 26) + Array("archive/data.pkl".utf8)),
        ] as [(String, [UInt8])])
    func picklesAreRefused(name: String, bytes: [UInt8]) throws {
        let scratch = try Scratch()
        let path = try scratch.file(name, bytes)
        for found in [diagnostic { _ = try read(path) }, diagnostic { _ = try readSafetensorsWeights(path) }] {
            #expect(found.id == "bad-weights")
            #expect(found.message.contains("found a pickle"), "\(found.message)")
            #expect(found.hints.first?.contains("safetensors") == true)
        }
    }

    /// A name does not make a pickle of what is something else.
    @Test func contentsComeBeforeNames() throws {
        let scratch = try Scratch()
        try writeSafetensors(Safetensors(tensors: [first]), to: scratch.file("model.weights"))
        #expect(try readSafetensorsWeights(scratch.file("model.weights")).tensors == [first])
        #expect(try read(scratch.file("weights.ckpt", readFile(fixture("legacy.h5")))).layers.count == 6)
    }
}
