import Diagnostics
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite(.timed) struct LeaseTests {
    @Test func oneHolderAtATime() throws {
        let scratch = try Scratch()
        let path = scratch.file("run/lease")
        let first = try Lease(path)
        let found = diagnostic { _ = try Lease(path) }
        #expect(found.id == "in-use")
        #expect(found.message.contains("process \(getpid()) on `\(ProcessIdentity.current.host)`"))
        try first.confirm()
        first.release()
        first.release()
        #expect(try listFolder(scratch.file("run")) == [])
        let second = try Lease(path)
        first.release()
        try second.confirm()
        #expect(diagnostic { try first.confirm() }.id == "lease-lost")
    }

    @Test func aDroppedLeaseIsFree() throws {
        let scratch = try Scratch()
        do { _ = try Lease(scratch.file("lease")) }
        #expect(Lease.owner(of: scratch.file("lease")) == nil)
        _ = try Lease(scratch.file("lease"))
    }

    @Test func aDeadOwnerOnThisMachineIsReplacedAtOnce() throws {
        let scratch = try Scratch()
        try plant(scratch.file("lease"), .current, dead: true)
        let lease = try Lease(scratch.file("lease"))
        try lease.confirm()
    }

    /// The number of a process that ended may belong to another by now: its start time tells.
    @Test func aReusedProcessNumberIsNotTheOwner() throws {
        let scratch = try Scratch()
        var other = ProcessIdentity.current
        other.started -= 1
        try plant(scratch.file("lease"), other)
        _ = try Lease(scratch.file("lease"))
    }

    @Test(arguments: ["host", "boot", "space"])
    func anOwnerElsewhereIsJudgedByAge(difference: String) throws {
        let scratch = try Scratch()
        var other = ProcessIdentity.current
        other.pid = 999_999_999
        switch difference {
        case "host": other.host = "elsewhere"
        case "boot": other.boot = "another"
        default: other.space = "pid:[1]"
        }
        #expect(other.isRunning == nil)
        try plant(scratch.file("lease"), other)
        let found = diagnostic { _ = try Lease(scratch.file("lease")) }
        #expect(found.id == "in-use")
        #expect(found.hints.contains { $0.contains("300 s") })
        var times = [timespec(), timespec()]
        times[0].tv_sec = time(nil) - 301
        times[1].tv_sec = time(nil) - 301
        try #require(utimensat(AT_FDCWD, scratch.file("lease/owner.json"), times, 0) == 0)
        _ = try Lease(scratch.file("lease"))
    }

    @Test func anUnreadableOwnerIsJudgedByAge() throws {
        let scratch = try Scratch()
        let path = scratch.file("lease")
        try createFolder(path)
        try writeWhole("", to: joined(path, "owner.json"))
        #expect(diagnostic { _ = try Lease(path) }.id == "in-use")
        _ = try Lease(path, staleAfter: -1)
        try removeTree(path)
        // An empty folder holds nobody.
        try createFolder(path)
        _ = try Lease(path)
        try writeWhole("a file", to: scratch.file("plain"))
        #expect(diagnostic { _ = try Lease(scratch.file("plain")) }.id == "cannot-write")
    }

    @Test func theHeartbeatIsSeen() throws {
        let scratch = try Scratch()
        let path = scratch.file("lease")
        let lease = try Lease(path, beatEvery: nil)
        let old = [timespec(tv_sec: 1000, tv_nsec: 0), timespec(tv_sec: 1000, tv_nsec: 0)]
        try #require(utimensat(AT_FDCWD, joined(path, "owner.json"), old, 0) == 0)
        lease.beat()
        #expect(try #require(fileStatus(joined(path, "owner.json"))).modified > 2_000 * 1_000_000_000)
    }

    @Test func theBackgroundBeats() throws {
        let scratch = try Scratch()
        let path = scratch.file("lease")
        let lease = try Lease(path, beatEvery: 0.01)
        let first = try #require(fileStatus(joined(path, "owner.json"))).modified
        var turns = 0
        while try #require(fileStatus(joined(path, "owner.json"))).modified == first, turns < 3000 {
            usleep(10_000)
            turns += 1
        }
        #expect(turns < 3000)
        try lease.confirm()
    }

    /// A holder that was taken for dead must not take the lease from the one that replaced it.
    @Test func aLostLeaseIsNotReleasedFromTheNewOwner() throws {
        let scratch = try Scratch()
        let path = scratch.file("lease")
        let first = try Lease(path, beatEvery: nil)
        try relabel(path) { $0.host = "elsewhere" }
        let second = try Lease(path, staleAfter: -1, beatEvery: nil)
        #expect(diagnostic { try first.confirm() }.id == "lease-lost")
        first.beat()
        first.release()
        try second.confirm()
    }

    /// One that judged the old owner dead and was then held up must not move the lease of the new one.
    @Test func aLateContenderCannotMoveTheNewLease() throws {
        let scratch = try Scratch()
        let path = scratch.file("lease")
        try plant(path, .current, dead: true)
        let old = try #require(Lease.owner(of: path)).token
        let winner = try Lease(path)
        // What the late one would do now.
        #expect(rename(path, path + ".gone-" + old) != 0)
        try winner.confirm()
    }

    @Test func ofManyThreadsOneTakesAStaleLease() throws {
        for _ in 0..<20 {
            let scratch = try Scratch()
            let path = scratch.file("lease")
            try plant(path, .current, dead: true)
            let held = Mutex<[Lease]>([])
            let refused = Mutex<[String]>([])
            inParallel(12) { _ in
                do {
                    let lease = try Lease(path)
                    held.withLock { $0.append(lease) }
                } catch {
                    refused.withLock { $0.append((error as? Diagnostic)?.id ?? "\(error)") }
                }
            }
            #expect(held.withLock { $0.count } == 1)
            #expect(refused.withLock { $0 } == Array(repeating: "in-use", count: 11))
            held.withLock { $0.first?.release() }
            #expect(try listFolder(scratch.path).allSatisfy { $0.hasPrefix("lease.gone-") })
        }
    }

    private func plant(_ path: String, _ process: ProcessIdentity, dead: Bool = false) throws {
        var process = process
        if dead { process.pid = try runToEnd(["/bin/true"]).pid }
        try createFolder(path)
        let owner = Lease.Owner(process: process, token: "old-\(ProcessIdentity.uniqueToken())")
        try writeWhole(JSONValue(encoding: owner).canonical, to: joined(path, "owner.json"))
    }

    /// Changes who holds a lease in place, keeping the token and the file.
    private func relabel(_ path: String, _ change: (inout ProcessIdentity) -> Void) throws {
        var owner = try #require(Lease.owner(of: path))
        change(&owner.process)
        try writeWhole(JSONValue(encoding: owner).canonical, to: joined(path, "owner.json"))
    }
}

@Suite(.timed) struct ProcessIdentityTests {
    @Test func thisProcessRuns() throws {
        #expect(ProcessIdentity.current.isRunning == true)
        #expect(ProcessIdentity.current.started > 0)
        #expect(ProcessIdentity.isRunning(token: ProcessIdentity.uniqueToken()) == true)
        #expect(ProcessIdentity.uniqueToken() != ProcessIdentity.uniqueToken())
        #expect(ProcessIdentity.isRunning(token: "not a token") == nil)
    }

    @Test func anEndedProcessDoesNotRun() throws {
        var identity = ProcessIdentity.current
        identity.pid = try runToEnd(["/bin/true"]).pid
        #expect(identity.isRunning == false)
    }
}
