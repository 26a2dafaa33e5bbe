import Diagnostics
import Dispatch
import Glibc
import Synchronization

/// The right to be the only writer of a folder, across processes and machines that share a file system.
///
/// A lease is a folder that holds `owner.json`. It is made aside (mkdir), filled, and renamed into place, so it never
/// exists without its owner; renaming onto a folder with something in it fails, so one contender wins. The owner touches
/// `owner.json` every 15 s. A lease is stale where its owner ran on this machine, in this boot and process space, and is
/// gone; from anywhere else, where it was not touched for 5 minutes by the clock of the file system (network file systems
/// may show a touch as much as a minute late). A stale lease is taken over by renaming it to a name made from its own
/// token: of several contenders one succeeds, and a late one that judged the old lease cannot move the new one, because
/// that name is taken. Designed for NFS, tried on ext4 only.
public final class Lease: Sendable {
    /// Seconds without a sign of life after which a lease held elsewhere is stale.
    public static let staleAfter = 300.0
    /// Seconds between two signs of life.
    public static let beatEvery = 15.0

    /// The holder of a lease.
    public struct Owner: Sendable, Hashable, Codable {
        /// The process that holds the lease.
        public var process: ProcessIdentity
        /// The name of this one lease, which no other has.
        public var token: String
    }

    /// The path of the folder that is the lease.
    public let path: String
    private let token: String
    private let staleAfter: Double
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var descriptor: Int32
        var timer: (any DispatchSourceTimer)?
        var lastBeat: ContinuousClock.Instant
    }

    /// Takes the lease at `path`, from a dead owner too. Throws `in-use`, naming the holder, and `cannot-write`.
    /// `beatEvery` nil leaves the signs of life to calls of `beat()`.
    public init(_ path: String, staleAfter: Double = Lease.staleAfter, beatEvery: Double? = Lease.beatEvery) throws {
        self.path = path
        self.staleAfter = staleAfter
        token = ProcessIdentity.uniqueToken()
        let parent = parentFolder(of: path)
        try createFolder(parent)
        let descriptor = try Lease.take(path, parent: parent, token: token, staleAfter: staleAfter)
        state = Mutex(State(descriptor: descriptor, timer: nil, lastBeat: .now))
        Lease.sweep(path, parent: parent)
        if let beatEvery { startBeating(every: beatEvery) }
    }

    deinit { release() }

    /// Gives a sign of life (a heartbeat): sets the time of `owner.json`.
    public func beat() {
        state.withLock { state in
            // By descriptor: were the lease lost, this touches the old owner's file and not the new one's.
            if state.descriptor >= 0, futimens(state.descriptor, nil) == 0 { state.lastBeat = .now }
        }
    }

    /// Checks that this process still holds the lease: throws `lease-lost` where another has taken it over (this one was
    /// stopped for minutes, say). Ask before each checkpoint.
    public func confirm() throws {
        guard Lease.owner(of: path)?.token == token else {
            throw Diagnostic(
                "lease-lost", "expected to be the only writer of `\(parentFolder(of: path))`, found that another process took it over",
                notes: ["this process gave no sign of life for more than \(Int(staleAfter)) s"], hint: "run the command again to continue")
        }
    }

    /// Gives the lease up. Harmless when given up or lost already.
    public func release() {
        let sinceBeat: Duration? = state.withLock { state in
            guard state.descriptor >= 0 else { return nil }
            state.timer?.cancel()
            state.timer = nil
            close(state.descriptor)
            state.descriptor = -1
            return ContinuousClock.now - state.lastBeat
        }
        guard let sinceBeat, Lease.owner(of: path)?.token == token else { return }
        let gone = Lease.burial(of: path, token: token)
        guard rename(path, gone) == 0 else { return }
        // Somebody who judged this lease stale may be about to move it; only the name `gone` being taken stops that.
        // With regular signs of life nobody can have judged so.
        if sinceBeat < .seconds(staleAfter / 2) { try? removeTree(gone) }
    }

    /// The holder of the lease at `path`; nil where it is free or cannot be read.
    public static func owner(of path: String) -> Owner? {
        guard let bytes = try? readFile(joined(path, "owner.json"), limit: 65_536) else { return nil }
        return try? JSONValue(parsing: bytes).decoded()
    }

    private func startBeating(every seconds: Double) {
        state.withLock { state in
            // A queue's threads block all signals, so Ctrl-C still reaches the main thread.
            let timer = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
            timer.schedule(deadline: .now() + seconds, repeating: seconds)
            timer.setEventHandler { [weak self] in self?.beat() }
            timer.resume()
            state.timer = timer
        }
    }

    private static func burial(of path: String, token: String) -> String { path + ".gone-" + token }

    private static func take(_ path: String, parent: String, token: String, staleAfter: Double) throws -> Int32 {
        let aside = joined(parent, Temporary.name())
        try createFolder(aside)
        var won = false
        defer { if !won { try? removeTree(aside) } }
        let ownerPath = joined(aside, "owner.json")
        try writeWhole(JSONValue(encoding: Owner(process: .current, token: token)).pretty, to: ownerPath)
        let descriptor = open(ownerPath, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw cannotWrite(path, errno) }
        defer { if !won { close(descriptor) } }

        // Each turn either takes the lease, buries a stale one, or finds that another contender did; the bound only
        // keeps a broken file system from holding us here.
        for _ in 0..<64 {
            let failure = rename(aside, path) == 0 ? 0 : errno
            // A network file system may have done it and lost the answer: what is in place decides.
            if owner(of: path)?.token == token {
                won = true
                try syncFolder(parent)
                return descriptor
            }
            switch failure {
            case 0, ENOTEMPTY, EEXIST, ENOENT: break
            default: throw cannotWrite(path, failure)
            }
            try buryIfStale(path, ownAside: aside, staleAfter: staleAfter)
        }
        throw Diagnostic(
            "in-use", "expected to be the only writer of `\(parent)`, found several processes starting at once",
            hint: "run the command again")
    }

    /// Moves a stale lease out of the way; does nothing where none is there any more; throws `in-use` where it is alive.
    private static func buryIfStale(_ path: String, ownAside: String, staleAfter: Double) throws {
        let holder = owner(of: path)
        let mark = fileStatus(joined(path, "owner.json")) ?? fileStatus(path)
        guard let mark else { return }
        // Another contender may have buried it since.
        guard let kind = fileStatus(path)?.kind else { return }
        guard mark.kind == .file || mark.kind == .folder, kind == .folder else { throw cannotWrite(path, ENOTDIR) }
        // Both times come from the clock of the file system, so the clocks of the machines do not matter.
        futimens0(ownAside)
        let now = fileStatus(joined(ownAside, "owner.json"))?.modified ?? mark.modified
        let age = abs(Double(now - mark.modified)) / 1e9
        let running = holder?.process.isRunning
        guard running == false || (running == nil && age > staleAfter) else {
            let who = holder.map { "process \($0.process.pid) on `\($0.process.host)`" } ?? "an unknown process"
            var hint = "wait for it to end, or stop it"
            if running == nil { hint += "; a lease without a sign of life for \(Int(staleAfter)) s is taken over" }
            throw Diagnostic(
                "in-use", "expected to be the only writer of `\(parentFolder(of: path))`, found \(who) at work",
                notes: ["its last sign of life is \(Int(age)) s old"], hint: hint)
        }
        // Without a readable owner the folder itself gives the name, the same for every contender.
        let token = holder?.token ?? "\(mark.inode)-\(mark.modified)"
        let gone = burial(of: path, token: token.replacing("/", with: "_"))
        guard rename(path, gone) == 0 else { return }
        if let holder, let moved = owner(of: gone), moved.token != holder.token { _ = rename(gone, path) }
    }

    private static func futimens0(_ folder: String) {
        let descriptor = open(joined(folder, "owner.json"), O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        futimens(descriptor, nil)
        close(descriptor)
    }

    /// Removes what takeovers left a day ago: no contender can still be on its way to them.
    private static func sweep(_ path: String, parent: String) {
        sweepTemporaries(in: parent)
        guard let now = fileStatus(joined(path, "owner.json"))?.modified else { return }
        let prefix = lastName(of: path) + ".gone-"
        for name in (try? listFolder(parent)) ?? [] where name.hasPrefix(prefix) {
            let old = joined(parent, name)
            if let status = fileStatus(old), now - status.changed > 86_400_000_000_000 { try? removeTree(old) }
        }
    }
}
