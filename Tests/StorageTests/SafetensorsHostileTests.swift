import Diagnostics
import TestSupport
import Testing

@testable import Storage

/// More headers that lie, of the kinds that files of weights from elsewhere have had: see `SafetensorsTests`.
@Suite(.timed) struct SafetensorsHostileTests {
    @Test(arguments: [
        // The width of a type is not that of another.
        (#"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,4]}}"#, 4, "expected 8 bytes for tensor `a`"),
        (#"{"a":{"dtype":"I64","shape":[2],"data_offsets":[0,8]}}"#, 8, "expected 16 bytes for tensor `a`"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, 8, "expected 4 bytes for tensor `a`"),
        (#"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,0]}}"#, 0, "expected 4 bytes for tensor `a`"),
        (#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,4]}}"#, 4, "expected 0 bytes for tensor `a`"),
        (#"{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}"#, 2, "found `BF16`"),
        (#"{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}"#, 4, "found `f32`"),
        // The same bytes twice; past the end; empty tensors that stand where nothing ends.
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4,
            "tensor `b` to start at byte 4"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 4,
            "expected 8 bytes of data"
        ),
        (#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}"#, 4, "tensor `a` to start at byte 0"),
        (
            #"{"a":{"dtype":"F32","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[4,4]}}"#, 4,
            "tensor `a` to start at byte 0"
        ),
        // Two documents; a name twice in the metadata; members of a tensor twice.
        (#"{} {}"#, 0, "the end"),
        (#"{"__metadata__":{"a":"1","a":"2"}}"#, 0, "found `a` twice"),
        (#"{"a":{"dtype":"F32","dtype":"F64","shape":[1],"data_offsets":[0,4]}}"#, 4, "found `dtype` twice"),
    ])
    func lyingHeadersAreRefused(header: String, dataBytes: Int, message: String) throws {
        let scratch = try Scratch()
        let text = Array(header.utf8)
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + [UInt8](repeating: 0, count: dataBytes)
        try writeWhole(bytes, to: scratch.file("a"))
        let found = diagnostic { _ = try readSafetensors(scratch.file("a")) }
        #expect(found.id == "bad-data")
        #expect(found.message.contains(message), "\(found.message)")
    }

    @Test func headsOfFiles() throws {
        let scratch = try Scratch()
        try writeWhole([1, 2, 3], to: scratch.file("a"))
        for (count, head) in [(0, []), (2, [1, 2]), (3, [1, 2, 3]), (100, [1, 2, 3]), (-1, [])] as [(Int, [UInt8])] {
            let found = try readFileHead(scratch.file("a"), count: count)
            #expect(found.head == head)
            #expect(found.size == 3)
        }
        #expect(diagnostic { _ = try readFileHead(scratch.file("none"), count: 1) }.id == "cannot-read")
        #expect(diagnostic { _ = try readFileHead(scratch.path, count: 1) }.id == "cannot-read")
        #expect(diagnostic { _ = try readFileHead("a\0b", count: 1) }.id == "cannot-read")
    }
}
