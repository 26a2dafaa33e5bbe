import Diagnostics
import Tensors
import TestSupport
import Testing

@testable import Storage

/// `npy.json` holds files that numpy wrote, in hexadecimal, and what they hold: see Fixtures/make_npy.py.
@Suite(.timed) struct NpyTests {
    private static func fixture(_ part: String) throws -> [(String, JSONValue)] {
        let found = try #require(JSONValue(parsing: readText(TestSupport.fixture("npy.json")))[part]?.objectValue)
        try #require(!found.isEmpty)
        return found.map { ($0, $1) }
    }

    private func bytes(_ value: JSONValue?) throws -> [UInt8] {
        let digits = try #require(value?["file"]?.stringValue).utf8.map { $0 }
        return try stride(from: 0, to: digits.count, by: 2).map {
            try #require(UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16))
        }
    }

    private func array(_ value: JSONValue) throws -> NumericArray {
        let shape = try #require(value["shape"]?.arrayValue).map { try #require($0.intValue) }
        let values = try #require(value["values"]?.arrayValue).map { try #require($0.stringValue.flatMap(Double.init)) }
        let precision = try #require(value["precision"]?.stringValue.flatMap(NumericArray.Precision.init(rawValue:)))
        return try NumericArray(shape: Shape(shape), values: values, precision: precision)
    }

    private func same(_ a: NumericArray, _ b: NumericArray) -> Bool {
        a.shape == b.shape && a.precision == b.precision
            && zip(a.values, b.values).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
    }

    @Test func numpysFilesAreRead() throws {
        let scratch = try Scratch()
        let path = scratch.file("a.npy")
        for (name, value) in try Self.fixture("files") {
            try writeWhole(bytes(value), to: path)
            let expected = try array(value)
            #expect(same(try readNpy(path, limit: nil), expected), "\(name)")
            let header = try readNpyHeader(path)
            #expect(header.shape == expected.shape && header.precision == expected.precision, "\(name)")
        }
    }

    /// Single and double precision, C order, version 1: what numpy.save writes, byte for byte.
    @Test func filesAreWrittenAsNumpyWritesThem() throws {
        var checked = 0
        for (name, value) in try Self.fixture("files") {
            let file = try bytes(value)
            let header = String(decoding: file.prefix(60), as: UTF8.self)
            guard header.contains("'<f4'") || header.contains("'<f8'"), header.contains("False"), file[6] == 1 else { continue }
            #expect(try npyBytes(array(value)) == file, "\(name)")
            checked += 1
        }
        #expect(checked > 20)
    }

    @Test func otherTypesAreRefusedByName() throws {
        let words = [
            "complex": "complex numbers, `<c16`", "structured": "structured records", "text": "text, `<U2`", "bytes": "text, `|S2`",
            "time": "times, `<M8[D]`",
            "object": "Python objects, `|O`", "long double": "floating point numbers of another width, `<f16`", "beyond": "2^53",
            "below": "2^53", "unsigned beyond": "found 18446744073709551615",
        ]
        let scratch = try Scratch()
        let path = scratch.file("a.npy")
        for (name, value) in try Self.fixture("refused") {
            try writeWhole(bytes(value), to: path)
            let found = diagnostic { _ = try readNpy(path, limit: nil) }
            #expect(found.id == "bad-data" && found.data?.file == path, "\(name)")
            let word = try #require(words[name])
            #expect(found.message.contains(word), "\(name): \(found.message)")
        }
    }

    @Test func cutAtEveryByte() throws {
        let scratch = try Scratch()
        let path = scratch.file("a.npy")
        let files = Dictionary(uniqueKeysWithValues: try Self.fixture("files"))
        for name in ["f8<", "version 2", "f2> Fortran"] {
            let whole = try bytes(files[name])
            for count in 0..<whole.count {
                try writeWhole(Array(whole[..<count]), to: path)
                #expect(diagnostic { _ = try readNpy(path, limit: nil) }.id == "bad-data", "\(name) cut to \(count)")
                #expect(diagnostic { _ = try readNpyHeader(path) }.id == "bad-data")
            }
            try writeWhole(whole + [0], to: path)
            #expect(diagnostic { _ = try readNpy(path, limit: nil) }.message.contains("behind the header"))
        }
    }

    /// A file of that header, its length as stated or as it is, and so many bytes of data.
    private func file(_ header: String, stated: Int? = nil, version: UInt8 = 1, data: Int = 16) -> [UInt8] {
        let length = stated ?? header.utf8.count
        let digits = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        return NpyHeader.magic + [version, 0] + digits + Array(header.utf8) + [UInt8](repeating: 0, count: data)
    }

    @Test(arguments: [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n", "{'shape':(2,),'descr':'<f8','fortran_order':False}",
        "{\"descr\": \"<f8\", \"fortran_order\": False, \"shape\": (2,)}",
        "  {'descr': 'f8', 'fortran_order': True, 'shape': (2, 1)}  \n", "{'descr': '=f8', 'fortran_order': False, 'shape': (2L,), }",
        "{'descr': '|b1', 'fortran_order': False, 'shape': (4, 4), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,\n 2), }",
    ])
    func headersInOtherWriting(_ header: String) throws {
        let scratch = try Scratch()
        let path = scratch.file("a.npy")
        try writeWhole(file(header), to: path)
        #expect(try readNpy(path, limit: nil).values.allSatisfy { $0 == 0 })
    }

    @Test(arguments: [
        "", "{", "}", "{}", "[]", "{'descr': '<f8'}", "{'descr': '<f8', 'fortran_order': False}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)} x", "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}\0",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (2,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2)}", "{'descr': '<f8', 'fortran_order': False, 'shape': [2]}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2.0,)}", "{'descr': '<f8', 'fortran_order': False, 'shape': (,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1 2)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'shape': (2,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'x': 1}",
        "{'descr': '<f8\\'', 'fortran_order': False, 'shape': (2,)}", "{'descr': '<f8, 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '\0f8', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<f8' 'fortran_order': False, 'shape': (2,)}", "{'descr': '<f9', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '|f8', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '', 'fortran_order': False, 'shape': (2,)}", "{'descr': '<', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807, 0)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1152921504606846978, 2)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}", "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (\(String(repeating: "1, ", count: 65)))}", "__import__('os').system('true')",
    ])
    func headersThatLie(_ header: String) throws {
        let scratch = try Scratch()
        let path = scratch.file("a.npy")
        for version in 1...3 as ClosedRange<UInt8> {
            try writeWhole(file(header, version: version), to: path)
            let found = diagnostic { _ = try readNpy(path, limit: nil) }
            #expect(found.id == "bad-data" && found.data?.file == path, "\(header)")
        }
    }

    @Test func lengthsAndVersionsThatLie() throws {
        let scratch = try Scratch()
        let path = scratch.file("a.npy")
        let good = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n"
        for (version, stated) in [
            (1, 65_535), (2, 0xFFFF_FFFF), (2, 1 << 20), (3, 0x7FFF_FFFF), (1, 0), (1, 20), (1, good.utf8.count + 17), (4, good.utf8.count),
            (0, good.utf8.count),
        ] as [(UInt8, Int)] {
            try writeWhole(file(good, stated: stated, version: version), to: path)
            #expect(diagnostic { _ = try readNpy(path, limit: nil) }.id == "bad-data", "\(version) \(stated)")
        }
        // Not UTF-8, an archive, something else.
        var odd = file(good)
        odd[13] = 0xFF
        for contents in [odd, [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 40), [], Array("a,b\n1,2\n3,4\n".utf8)] {
            try writeWhole(contents, to: path)
            #expect(diagnostic { _ = try readNpy(path, limit: nil) }.id == "bad-data")
        }
        #expect(diagnostic { _ = try readNpy(scratch.file("none.npy"), limit: nil) }.id == "cannot-read")
        #expect(diagnostic { _ = try readNpy(scratch.path, limit: nil) }.id == "cannot-read")
    }

    /// Every byte of the header changed in three ways: read or refused, never more.
    @Test func changedHeaders() throws {
        let scratch = try Scratch()
        let path = scratch.file("a.npy")
        let good = file("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n")
        var refused = 0
        for place in 0..<(good.count - 16) {
            for change in [0, good[place] ^ 1, good[place] &+ 0x10] as [UInt8] {
                var contents = good
                contents[place] = change
                try writeWhole(contents, to: path)
                do { _ = try readNpy(path, limit: nil) } catch let found as Diagnostic {
                    #expect(found.id == "bad-data")
                    refused += 1
                }
            }
        }
        #expect(refused > 100)
    }

    @Test func limitsHold() throws {
        let scratch = try Scratch()
        let path = scratch.file("a.npy")
        try writeWhole(npyBytes(NumericArray(shape: [3], values: [1, 2, 3], precision: .double)), to: path)
        #expect(try readNpy(path, limit: 3).values == [1, 2, 3])
        #expect(diagnostic { _ = try readNpy(path, limit: 2) }.id == "too-large")
    }

    /// More numbers than are read in one piece.
    @Test func longFilesComeBack() throws {
        let scratch = try Scratch()
        let path = scratch.file("a.npy")
        for precision in NumericArray.Precision.allCases {
            let array = try NumericArray(shape: [3, 100_000], values: (0..<300_000).map { 1 / Double($0) }, precision: precision)
            try writeWhole(npyBytes(array), to: path)
            #expect(try readNpy(path, limit: nil) == array)
        }
    }
}
