import Diagnostics
import Glibc
import Storage
import TestSupport
import Testing

@testable import Weights

/// Files that are no weights, lie, or want something of their reader that it must not do: each is one diagnostic.
@Suite(.timed) struct HostileWeightsTests {
    @Test(arguments: [
        ("external-link", "expected `w` in the file itself, found a link to elsewhere"),
        ("soft-link", "expected `w` in the file itself, found a link to elsewhere"),
        ("external-data", "expected the numbers of `/a/w` in the file itself, found them kept in another"),
        ("virtual", "expected the numbers of `/a/w` in the file itself, found them kept in another"),
        ("compressed", "expected the numbers of `/a/w` as Keras stores them, found them compressed"),
        ("huge", "expected at most the bytes of the file in `/a/w`, found an array said to have 1099511627776 numbers"),
        ("overflow", "expected a shape of `/a/w` that fits in memory, found a larger one"),
        ("repeated", "expected arrays that together are no larger than the file, found more at `/a/x`"),
        ("integers", "expected numbers of type float16, float32 or float64 in `/a/w`, found integers of 1 bytes"),
        ("text", "expected numbers of type float16, float32 or float64 in `/a/w`, found values of another type"),
        ("group", "expected an array at `/a/w`, found a group"),
        ("null", "expected an array of numbers in `/a/w`, found one without any extents"),
        ("missing", "expected `/a/w` in the file, found nothing of that name"),
        ("names-of-numbers", "expected texts in the attribute `weight_names`, found values of another type"),
        ("circle", "expected at most 100000 groups, 24 deep, found more at"),
        ("no-weights", "expected the weights of a Keras model, found an HDF5 file without any"),
    ])
    func hostileFilesAreRefused(name: String, message: String) throws {
        let path = fixture("hostile-\(name).h5")
        let found = diagnostic { _ = try read(path) }
        #expect(found.id == "bad-weights")
        #expect(found.message.hasPrefix(message), "\(found.message)")
        #expect(found.data?.file == path)
    }

    @Test func bfloatIsRefused() {
        let found = diagnostic { _ = try read(fixture("bfloat16.weights.h5")) }
        #expect(found.id == "bad-weights")
        #expect(found.message == "expected numbers of type float16, float32 or float64 in `/layers/dense/vars/0`, found bfloat16")
    }

    @Test(arguments: [
        ("", "an empty file"),
        ("<!DOCTYPE html>\n<title>404</title>\n", "a text"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a pointer of Git LFS"),
        ("PK\u{3}\u{4}....", "a ZIP archive"),
        ("\u{1}\u{2}\u{3}", "a file of another kind"),
    ])
    func whatIsNoHDF5IsRefused(text: String, message: String) throws {
        let scratch = try Scratch()
        let path = try scratch.file("weights.h5", Array(text.utf8))
        for found in [diagnostic { _ = try read(path) }, diagnostic { _ = try readSafetensorsWeights(path) }] {
            #expect(found.id == "bad-weights")
            #expect(found.message.contains("found \(message)"), "\(found.message)")
            #expect(found.hints.count == 1)
            #expect(found.data?.file == path)
        }
    }

    @Test func aFileOrProgramThatIsNotThereIsSaid() throws {
        let scratch = try Scratch()
        #expect(diagnostic { _ = try read(scratch.file("none.h5")) }.id == "cannot-read")
        #expect(diagnostic { _ = try read(scratch.path) }.id == "cannot-read")
        let found = diagnostic { _ = try readKerasWeights(fixture("legacy.h5"), program: scratch.file("none")) }
        #expect(found.id == "cannot-read")
        #expect(found.message.contains("cannot be started"))
        let archive = try scratch.file("model.keras", [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 40))
        #expect(diagnostic { _ = try read(archive) }.message.contains("a .keras archive"))
    }

    /// Whatever the child does instead of its work, its parent gives one diagnostic, and soon.
    @Test(arguments: [
        "exec true", "exec false", "echo hello", "echo a much longer hello", "kill -SEGV $$", "kill -KILL $$", "exec cat /dev/zero",
        "exec cat /dev/urandom",
    ])
    func aChildThatMisbehaves(script: String) throws {
        let scratch = try Scratch()
        let program = scratch.file("child")
        try writeWhole("#!/bin/sh\n\(script)\n", to: program)
        try #require(chmod(program, 0o700) == 0)
        let start = ContinuousClock.now
        let found = diagnostic { _ = try readKerasWeights(fixture("legacy.h5"), program: program) }
        #expect(found.id == "bad-weights", "\(found)")
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func aChildThatSleepsIsKilled() throws {
        let start = ContinuousClock.now
        let child = try ReaderProcess(program: "/bin/sleep", "60", "0", seconds: 0.2)
        #expect(throws: ReaderProcess.Ending.late) {
            var bytes = [UInt8](repeating: 0, count: 1)
            try bytes.withUnsafeMutableBytes { try child.read(into: $0) }
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    /// Answers of a child that has been taken over.
    @Test func answersThatLieAreRefused() throws {
        let contents =
            #"{"layers":[{"name":"a","path":["a"],"arrays":[{"name":"w","shape":SHAPE,"location":"/a/w"}]}],"#
            + #""origin":{"layout":"keras3","order":"byClass"}}"#
        func words(_ numbers: UInt64...) -> [UInt8] {
            numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
        }
        func start(_ shape: String) -> [UInt8] {
            let text = Array(contents.replacing("SHAPE", with: shape).utf8)
            return words(Frame.contents.rawValue, UInt64(text.count)) + text
        }
        let one = words(Frame.values.rawValue, 4) + [0, 0, 0x80, 0x3F]
        let end = words(Frame.end.rawValue, 0)
        #expect(try answer(start("[1]") + one + end).layers.first?.arrays.first?.values == [1])
        let lies: [[UInt8]] = [
            [], start("[1]"), start("[1]") + one, start("[2]") + one + end, start("[]") + words(Frame.values.rawValue, .max),
            start("[9223372036854775807,2]"), start("[-1]"), start("[1000000000]"), start("[0,9223372036854775807]") + one, start("7"),
            words(Frame.contents.rawValue, .max), words(Frame.contents.rawValue, 1 << 40),
            words(Frame.contents.rawValue, 2) + Array("[]".utf8),
            words(0, 0), words(Frame.end.rawValue, 0), one, words(Frame.failure.rawValue, 2) + Array("{}".utf8),
            start("[1]") + one + one + end,
        ]
        for (number, lie) in lies.enumerated() {
            let found = diagnostic { _ = try answer(lie) }
            #expect(found.id == "bad-weights", "\(number): \(found)")
        }
    }

    private func answer(_ bytes: [UInt8]) throws -> WeightFile {
        let scratch = try Scratch()
        let program = scratch.file("child")
        try writeWhole(bytes, to: scratch.file("answer"))
        try writeWhole("#!/bin/sh\nexec cat '\(scratch.file("answer"))'\n", to: program)
        try #require(chmod(program, 0o700) == 0)
        return try readKerasWeights(fixture("legacy.h5"), program: program)
    }
}
