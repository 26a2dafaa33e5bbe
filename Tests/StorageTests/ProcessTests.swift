// A closure that takes values with it into the child came with Swift 6.3; without it these tests are left out.
#if compiler(>=6.3)
import Diagnostics
import Dispatch
import Glibc
import TestSupport
import Testing

@testable import Storage

/// What needs a process of its own: signals, SIGKILL in the midst of writing, contenders that share no memory. The child
/// is this test program again, with one closure to run.
@Suite(.timeLimit(.minutes(5)), .timed) struct ProcessTests {
    @Test func aSignalIsPendingUntilReset() async {
        await #expect(processExitsWith: .exitCode(7)) {
            try Interrupt.install()
            try Interrupt.install()
            guard Interrupt.requested == nil else { exit(1) }
            kill(getpid(), SIGUSR1)
            try await waitUntil { Interrupt.requested == SIGUSR1 }
            kill(getpid(), SIGINT)
            try await waitUntil { Interrupt.requested == SIGINT }
            kill(getpid(), SIGTERM)
            try await waitUntil { Interrupt.requested == SIGTERM }
            Interrupt.reset()
            guard Interrupt.requested == nil else { exit(2) }
            // After a reset a Ctrl-C is a first one again.
            kill(getpid(), SIGINT)
            try await waitUntil { Interrupt.requested == SIGINT }
            exit(7)
        }
    }

    @Test func aSecondControlCEndsAtOnce() async {
        await #expect(processExitsWith: .exitCode(130)) {
            try Interrupt.install()
            kill(getpid(), SIGINT)
            try await waitUntil { Interrupt.requested == SIGINT }
            kill(getpid(), SIGINT)
            while true { pause() }
        }
    }

    @Test func aBrokenPipeIsAnErrorAndNotTheEnd() async {
        await #expect(processExitsWith: .exitCode(9)) {
            signal(SIGPIPE, SIG_DFL)
            try Interrupt.ignoreBrokenPipes()
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { exit(1) }
            close(ends[0])
            exit(write(ends[1], "x", 1) == -1 && errno == EPIPE ? 9 : 2)
        }
    }

    @Test func exitStatusesAreThoseOfTheShell() {
        #expect(Interrupt.exitStatus(of: SIGINT) == 130)
        #expect(Interrupt.exitStatus(of: SIGTERM) == 143)
        #expect(Interrupt.exitStatus(of: SIGUSR1) == 143)
    }

    /// A writer killed at many instants: what it left is whole, and the next one clears up and goes on.
    @Test func aKilledWriterLeavesOnlyWholeFiles() async throws {
        let scratch = try Scratch()
        let path = scratch.path
        var seen = 0
        for turn in 0..<(getenv("ECDX_SOAK") == nil ? 12 : 300) {
            let delay = turn * 37_003 % 150_000
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, delay = delay as Int] in
                killAfter(microseconds: delay)
                try writeForEver(in: path)
            }
            // Whole: the number in the name of the content is repeated through it.
            if let text = try? readText(joined(path, "whole.txt")) {
                let numbers = Set(text.split(separator: "\n"))
                #expect(numbers.count == 1)
                #expect(text.utf8.count > 100_000)
            }
            let entries = try Journal.read(joined(path, "journal.jsonl")).entries.compactMap { $0["n"]?.intValue }
            #expect(entries == Array(0..<entries.count))
            #expect(entries.count >= seen)
            seen = entries.count
            let (newest, warnings) = Checkpoints(folder: joined(path, "checkpoints")).newest()
            #expect(warnings.isEmpty)
            if let newest { #expect(newest.tensors.first?.values == .float([Float](repeating: Float(newest.sequence), count: 50_000))) }
            let cache = Cache(root: joined(path, "cache"))
            for key in cache.keys() { #expect(cache.verify(key)) }
            // The lease of the dead is free at once.
            try Lease(joined(path, "lease")).release()
            cache.sweep()
            sweepTemporaries(in: path)
            sweepTemporaries(in: joined(path, "checkpoints"))
            #expect(try listFolder(joined(path, "cache/making"), orEmpty: true) == [])
            #expect(try listFolder(path).allSatisfy { !$0.hasPrefix(".") && $0 != "lease" })
        }
        #expect(seen > 0)
    }

    /// Processes that fight for one lease whose holders die: the count each writes while it holds it is never disturbed.
    @Test func ofManyProcessesOneHoldsTheLease() async throws {
        let scratch = try Scratch()
        let path = scratch.path
        try writeWhole("0", to: joined(path, "count"))
        await withTaskGroup(of: Void.self) { group in
            for child in 0..<6 {
                group.addTask {
                    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, child = child as Int] in
                        var done = 0
                        while done < 5 {
                            guard let lease = try? Lease(joined(path, "lease")) else {
                                usleep(500)
                                continue
                            }
                            let count = Int(try readText(joined(path, "count"))) ?? -1
                            usleep(300)
                            try writeWhole(String(count + 1), to: joined(path, "count"))
                            done += 1
                            // The last turn ends in death while holding; the others give the lease up.
                            if done == 5 { kill(getpid(), SIGKILL) }
                            lease.release()
                            usleep(UInt32(child) * 100)
                        }
                    }
                }
            }
        }
        #expect(try readText(joined(path, "count")) == "30")
    }
}

private func waitUntil(_ condition: () -> Bool) async throws {
    for _ in 0..<5000 {
        if condition() { return }
        usleep(1000)
    }
    exit(99)
}

private func killAfter(microseconds: Int) {
    DispatchQueue(label: "ecdx.test.kill").async {
        usleep(UInt32(microseconds))
        kill(getpid(), SIGKILL)
    }
}

private func writeForEver(in path: String) throws {
    let lease = try Lease(joined(path, "lease"))
    let journal = try Journal(joined(path, "journal.jsonl"))
    let checkpoints = Checkpoints(folder: joined(path, "checkpoints"))
    var n = try Journal.read(journal.path).entries.count
    while true {
        try writeWhole(String(repeating: "\(n)\n", count: 100_000), to: joined(path, "whole.txt"))
        try journal.append(["n": .integer(n)])
        let values = [Float](repeating: Float(n), count: 50_000)
        try checkpoints.save(sequence: n, state: nil, tensors: [TensorSource(name: "w", shape: [50_000]) { values }])
        try Cache(root: joined(path, "cache")).insert(sha256("\(n % 7)")) { folder in
            try writeWhole(String(repeating: "\(n)", count: 10_000), to: joined(folder, "a"))
            try writeWhole("b", to: joined(folder, "b"))
        }
        try lease.confirm()
        n += 1
    }
}

private func listFolder(_ path: String, orEmpty: Bool) throws -> [String] {
    fileStatus(path) == nil ? [] : try listFolder(path)
}
#endif
