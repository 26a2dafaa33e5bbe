import Glibc

/// Calls `make` with each number below `count` on up to `threads` threads, the caller's among them, and `take` with what it gave, in
/// order and on the caller's thread alone.
///
/// At most `ahead` results wait to be taken, so that few are held in memory at a time. The first number in order for which `make`
/// throws is the one whose error is thrown, as if they had been made one by one; then, and when `take` throws, no more are begun.
/// Where no thread can be made the caller does all.
public func inOrder<Made: Sendable>(
    _ count: Int, threads: Int, ahead: Int, make: @escaping @Sendable (Int) throws -> Made, take: (Int, Made) throws -> Void
) throws {
    let work = OrderedWork(count: count, ahead: max(1, ahead), make: make)
    let helpers = helperThreads(min(threads, count) - 1, for: work)
    defer {
        work.stop()
        for helper in helpers { pthread_join(helper, nil) }
    }
    for number in 0..<max(0, count) { try take(number, work.result(of: number).get()) }
}

/// Results that several threads make and one takes in order.
private final class OrderedWork<Made: Sendable>: ThreadWork, @unchecked Sendable {
    private let count: Int
    private let ahead: Int
    private let make: @Sendable (Int) throws -> Made
    // What follows is touched with the lock held alone.
    private let changed = Changed()
    private var next = 0
    private var taken = 0
    private var isStopped = false
    private var made: [Int: Result<Made, any Error>] = [:]

    init(count: Int, ahead: Int, make: @escaping @Sendable (Int) throws -> Made) {
        (self.count, self.ahead, self.make) = (count, ahead, make)
    }

    /// Makes results until there are no more to make; waits where too many wait to be taken.
    func carryOut() {
        changed.lock()
        defer { changed.unlock() }
        while !isStopped, next < count {
            if next < taken + ahead { makeNext() } else { changed.wait() }
        }
    }

    /// The result of the number that is taken next; makes others while it waits for it.
    func result(of number: Int) -> Result<Made, any Error> {
        changed.lock()
        defer { changed.unlock() }
        taken = number
        changed.tell()
        while true {
            if let result = made.removeValue(forKey: number) { return result }
            if next < min(count, taken + ahead) { makeNext() } else { changed.wait() }
        }
    }

    func stop() {
        changed.lock()
        isStopped = true
        changed.tell()
        changed.unlock()
    }

    /// Makes the result of the next number. The lock is held before and after, and not while it is made.
    private func makeNext() {
        let number = next
        next += 1
        changed.unlock()
        let result = Result { try make(number) }
        changed.lock()
        made[number] = result
        changed.tell()
    }
}

/// A lock, and a wait for others to change what it guards.
private final class Changed: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }
    func unlock() { pthread_mutex_unlock(mutex) }
    /// Waits until somebody tells of a change; the lock is free meanwhile.
    func wait() { pthread_cond_wait(condition, mutex) }
    func tell() { pthread_cond_broadcast(condition) }
}
