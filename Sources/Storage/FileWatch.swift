import CSupport
import Glibc

/// A look-out for changes of files: saved in place, replaced by another of that name as editors do, removed, or there at last.
///
/// The kernel tells of what happens in their folders (inotify), and the files are looked at then. Where it does not, as on network
/// file systems, they are looked at once a second; where there is no inotify at all, twenty times a second.
public final class FileWatch: @unchecked Sendable {
    // Used by one thread at a time: the one that waits.
    private var descriptor: Int32 = -1
    private var folders: Set<String> = []
    private var known: [String: FileStatus?] = [:]
    /// When a file was first found to be gone or empty, in seconds of a steady clock.
    private var goneSince: Double?

    /// Seconds that a file may be gone, or empty, before that counts as a change: editors that save make a file anew.
    private static let patience = 1.0

    /// Creates a look-out for no file yet. `usesKernel` false looks at the files again and again instead.
    public init(usesKernel: Bool = true) {
        if usesKernel, ecdx_watch_open(&descriptor) != 0 { descriptor = -1 }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// How files look now, for `look(at:as:)`.
    public static func looks(of files: [String]) -> [String: FileStatus?] {
        Dictionary(files.map { ($0, fileStatus($0)) }) { first, _ in first }
    }

    /// Looks out for these files from now on, and for no others. One that looks otherwise than `before` says counts as changed.
    public func look(at files: [String], as before: [String: FileStatus?] = [:]) {
        known = FileWatch.looks(of: files).merging(before.filter { files.contains($0.key) }) { _, before in before }
        goneSince = nil
        for file in files {
            let folder = parentFolder(of: file)
            if descriptor >= 0, folders.insert(folder).inserted, ecdx_watch_add(descriptor, folder) != 0 { folders.remove(folder) }
        }
    }

    /// Waits until a file has changed and stays as it is, for at most so many milliseconds or until a signal comes; whether one has.
    public func hasChanged(within milliseconds: Int) -> Bool {
        if differs() { return true }
        if descriptor >= 0 {
            var happened: Int32 = 0
            // A wait that fails must not become a loop without one.
            if ecdx_watch_wait(descriptor, Int32(min(milliseconds, 1000)), &happened) != 0 { usleep(50_000) }
        } else {
            usleep(UInt32(min(milliseconds, 50)) * 1000)
        }
        return differs()
    }

    /// Whether a file is another than it was, and nobody is just writing it.
    private func differs() -> Bool {
        let now = FileWatch.looks(of: Array(known.keys))
        let changed = known.filter { file, status in (now[file] ?? nil) != status }.keys
        guard !changed.isEmpty else {
            goneSince = nil
            return false
        }
        if changed.contains(where: { ((now[$0] ?? nil)?.bytes ?? 0) == 0 }) {
            let since = goneSince ?? seconds()
            goneSince = since
            return seconds() - since > Self.patience
        }
        usleep(10_000)
        return changed.allSatisfy { fileStatus($0) == (now[$0] ?? nil) }
    }

    private func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// The time by the wall clock, in nanoseconds since 1970, as times of files have it.
public func wallNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
