import Glibc
import TestSupport
import Testing

@testable import Host

@Suite(.timed) struct TerminalTests {
    private let screen = Terminal.Traits(outIsTTY: true, errIsTTY: true)

    @Test func streamsAreKeptApart() {
        let (terminal, capture) = Terminal.captured()
        terminal.write(out: "result\n")
        terminal.write(err: "progress\n")
        terminal.setStatus("bar")
        #expect(capture.out == "result\n")
        #expect(capture.err == "progress\n")
    }

    @Test func theStatusStaysBelowWhatIsWritten() {
        let (terminal, capture) = Terminal.captured(screen, width: 40)
        terminal.setStatus("1/2")
        terminal.write(err: "first\n")
        // Half a line: the status waits for the rest.
        terminal.write(err: "sec")
        terminal.setStatus("2/2")
        #expect(Screen(columns: 40, capture.err).lines == ["first", "sec"])
        terminal.write(err: "ond\n")
        #expect(Screen(columns: 40, capture.err).lines == ["first", "second", "2/2"])
        terminal.setStatus(nil)
        #expect(Screen(columns: 40, capture.err).lines == ["first", "second"])
    }

    @Test func aStatusLineLeavesRoomForAnEchoedControlC() {
        let (terminal, capture) = Terminal.captured(screen, width: 20)
        terminal.setStatus(String(repeating: "x", count: 50) + "\u{1B}[2J")
        #expect(Screen(columns: 20, capture.err).lines == [String(repeating: "x", count: 16) + "…"])
    }

    @Test func aFailedWriteIsRememberedAndNotTriedAgain() {
        let calls = Capture()
        let terminal = Terminal(traits: screen, width: { 80 }) { stream, _ in
            calls.add("w", to: stream)
            return stream == .out ? EPIPE : 0
        }
        terminal.write(out: "a\n")
        terminal.write(out: "b\n")
        terminal.write(err: "c\n")
        #expect(terminal.failure(of: .out) == EPIPE)
        #expect(terminal.failure(of: .err) == nil)
        #expect(calls.out == "w")
        #expect(calls.err == "w")
    }

    @Test func colourNeedsAScreenThatAllowsIt() {
        func colors(_ tty: Bool, _ allowed: Bool) -> Bool {
            Terminal.captured(.init(outIsTTY: tty, errIsTTY: tty, allowsColor: allowed)).0.colorsErr
        }
        #expect(colors(true, true))
        #expect(!colors(true, false))
        #expect(!colors(false, true))
    }

    @Test func aPipeTakesMoreThanItHolds() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        // A full pipe that says so, as a terminal made non-blocking by another program does.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let text = [UInt8](repeating: 65, count: 300_000)
        let (reading, writing) = (ends[0], ends[1])
        var reader = pthread_t()
        let context = Unmanaged.passRetained(PipeReader(reading))
        pthread_create(
            &reader, nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<PipeReader>.fromOpaque(pointer).takeUnretainedValue().drain()
                return nil
            }, context.toOpaque())
        #expect(writeAll(text, to: writing) == 0)
        close(writing)
        pthread_join(reader, nil)
        #expect(context.takeRetainedValue().count == text.count)
        close(reading)
    }
}

/// Reads a pipe to its end, slowly.
private final class PipeReader {
    private let descriptor: Int32
    private(set) var count = 0

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    func drain() {
        var chunk = [UInt8](repeating: 0, count: 10_000)
        while true {
            let got = read(descriptor, &chunk, chunk.count)
            if got <= 0 { return }
            count += got
        }
    }
}

@Suite(.timed) struct StandardInputTests {
    private func reading(_ bytes: [UInt8]) throws -> String {
        let folder = try Scratch()
        let descriptor = open("\(folder.path)/in", O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        #expect(writeAll(bytes, to: descriptor) == 0)
        lseek(descriptor, 0, SEEK_SET)
        return try StandardInput.readAll(from: descriptor)
    }

    @Test func theWholeInputIsTheScript() throws {
        #expect(try reading(Array("show a\nshow é\n".utf8)) == "show a\nshow é\n")
        #expect(try reading([]) == "")
    }

    @Test func otherBytesAreRefused() {
        #expect(throws: (any Error).self) { try reading([0x61, 0xFF, 0x62]) }
        #expect(throws: (any Error).self) { try reading([UInt8](repeating: 0x20, count: StandardInput.limit + 1)) }
    }
}
