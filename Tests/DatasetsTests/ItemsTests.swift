import Diagnostics
import Storage
import Tensors
import TestSupport
import Testing

@testable import Datasets

/// Items are the same bits whether they are held in memory or read from a file.
@Suite(.timed) struct ItemsTests {
    private let tensor: Tensor

    init() throws {
        var stream = Philox(RandomKey(seed: 7, purpose: .shuffle))
        tensor = try Tensor(shape: [6, 2, 3], values: (0..<36).map { _ in stream.nextFloat() * 10 - 3 })
    }

    /// The tensor's items in a file that is written item by item.
    private func file(_ scratch: Scratch) throws -> ItemsFile {
        let path = scratch.file("items.safetensors")
        try writeItems("input", count: 6, shape: [2, 3], to: path) { send in
            for item in 0..<6 { try tensor.withUnsafeBuffer { try send(UnsafeBufferPointer(rebasing: $0[item * 6..<item * 6 + 6])) } }
        }
        return try ItemsFile(path, name: "input")
    }

    @Test func theFileIsThatOfTheWholeTensor() throws {
        let scratch = try Scratch()
        let file = try file(scratch)
        try writeSafetensors(
            Safetensors(tensors: [NamedTensor(name: "input", shape: [6, 2, 3], values: tensor.values)]), to: scratch.file("whole"))
        #expect(try readFile(file.path) == readFile(scratch.file("whole")))
        #expect(try Items(file).tensor() == tensor)
    }

    @Test func filesAndMemoryGiveTheSame() throws {
        let scratch = try Scratch()
        let (held, read) = (try Items(tensor), Items(try file(scratch)))
        #expect(held.shape == [2, 3] && read.shape == [2, 3] && held.count == 6 && read.count == 6)
        let some = (try held.gather([4, 0, 4]), try read.gather([4, 0, 4]))
        #expect(try some.0.tensor() == some.1.tensor())
        #expect(try some.0.tensor().values.prefix(6) == tensor.values[24..<30])
        let again = (try some.0.gather([1, 2]), try some.1.gather([1, 2]))
        #expect(try again.0.tensor() == again.1.tensor() && again.1.withItem(0) { Array($0) } == Array(tensor.values[0..<6]))
        let scalers = (try InputScaler(fitting: held, training: [0, 3, 5]), try InputScaler(fitting: read, training: [0, 3, 5]))
        #expect(scalers.0 == scalers.1)
        #expect(try held.scaled(by: scalers.0).tensor() == read.scaled(by: scalers.1).tensor())
        #expect(try some.0.scaled(by: scalers.0).tensor() == some.1.scaled(by: scalers.1).tensor())
        for items in [held, read] {
            for wrong in [[6], [-1], [0, 99]] { try expectFault("shape") { _ = try items.gather(wrong) } }
            try expectFault("shape") { _ = try items.withItem(6) { $0.count } }
        }
        try expectFault("shape") { _ = try Items(Tensor(shape: [], values: [1])) }
    }

    @Test func aFileOfAnotherKindOrLengthIsRefused() throws {
        let scratch = try Scratch()
        let path = scratch.file("other")
        try writeSafetensors(Safetensors(tensors: [NamedTensor(name: "x", shape: [1], values: [1])]), to: path)
        try expectFault("bad-data") { _ = try ItemsFile(path, name: "input") }
        for sent in [5, 7] {
            try expectFault("bad-data") {
                try writeItems("input", count: 6, shape: [2], to: scratch.file("short")) { send in
                    for _ in 0..<sent { try [Float(1), 2].withUnsafeBufferPointer { try send($0) } }
                }
            }
            #expect(fileStatus(scratch.file("short")) == nil)
        }
    }
}
