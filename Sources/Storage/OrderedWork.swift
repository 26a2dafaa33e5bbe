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
    private let monitor = Monitor()
    // What follows is touched within `monitor.locked` alone.
    private var next = 0
    private var taken = 0
    private var isStopped = false
    private var made: [Int: Result<Made, any Error>] = [:]

    init(count: Int, ahead: Int, make: @escaping @Sendable (Int) throws -> Made) {
        (self.count, self.ahead, self.make) = (count, ahead, make)
    }

    /// Whether there is a number whose result may be made now.
    private var mayBegin: Bool { next < min(count, taken + ahead) }

    /// Makes results until there are no more to make; waits where too many wait to be taken.
    func carryOut() {
        while let number = begun() { makeResult(of: number) }
    }

    /// The number whose result this thread makes next; nil where nothing is left to do.
    private func begun() -> Int? {
        monitor.locked {
            monitor.wait { isStopped || next >= count || mayBegin }
            guard !isStopped, next < count else { return nil }
            next += 1
            return next - 1
        }
    }

    /// The result of the number that is taken next; makes others while it waits for it.
    func result(of number: Int) -> Result<Made, any Error> {
        while true {
            let (result, other): (Result<Made, any Error>?, Int) = monitor.locked {
                taken = number
                monitor.wakeAll()
                monitor.wait { made[number] != nil || mayBegin }
                if let result = made.removeValue(forKey: number) { return (result, 0) }
                next += 1
                return (nil, next - 1)
            }
            if let result { return result }
            makeResult(of: other)
        }
    }

    func stop() {
        monitor.locked {
            isStopped = true
            monitor.wakeAll()
        }
    }

    private func makeResult(of number: Int) {
        let result = Result { try make(number) }
        monitor.locked {
            made[number] = result
            monitor.wakeAll()
        }
    }
}
