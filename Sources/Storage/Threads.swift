import Glibc
import Synchronization

/// Calls `body` with each number below `count`, on up to `threads` threads, the caller's among them, and returns when all calls
/// have returned. Which thread takes which number is left to chance, so `body` must not care.
///
/// The threads have as deep a stack as the main one of the program, and leave signals to it. Where no thread can be made the
/// caller does all.
public func concurrently(_ count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let work = SharedWork(count: count, body: body)
    let helpers = helperThreads(min(threads, count) - 1, for: work)
    work.carryOut()
    for helper in helpers { pthread_join(helper, nil) }
}

/// Work that several threads take part in until nothing of it is left.
protocol ThreadWork: AnyObject, Sendable {
    func carryOut()
}

/// Threads that take part in the work, as many as could be made up to `count`. They leave signals to the thread that calls this.
func helperThreads(_ count: Int, for work: some ThreadWork) -> [pthread_t] {
    var helpers: [pthread_t] = []
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    // A thread has the mask of the one that made it.
    let isMasked = pthread_sigmask(SIG_BLOCK, &all, &before) == 0
    for _ in 0..<max(0, count) {
        guard let helper = thread(for: work) else { break }
        helpers.append(helper)
    }
    if isMasked { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return helpers
}

/// Numbers that several threads take one by one.
private final class SharedWork: ThreadWork {
    private let next = Atomic<Int>(0)
    private let count: Int
    private let body: @Sendable (Int) -> Void

    init(count: Int, body: @escaping @Sendable (Int) -> Void) { (self.count, self.body) = (count, body) }

    func carryOut() {
        while true {
            let number = next.add(1, ordering: .relaxed).oldValue
            guard number < count else { return }
            body(number)
        }
    }
}

/// The work of a thread that begins.
private final class StartedWork {
    let work: any ThreadWork
    init(work: any ThreadWork) { self.work = work }
}

/// A thread that takes part in the work; nil where none can be made.
private func thread(for work: some ThreadWork) -> pthread_t? {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return nil }
    defer { pthread_attr_destroy(&attributes) }
    // Memory is taken only as it is used.
    guard pthread_attr_setstacksize(&attributes, 512 << 20) == 0 else { return nil }
    var thread = pthread_t()
    let handle = Unmanaged.passRetained(StartedWork(work: work))
    let made = pthread_create(
        &thread, &attributes,
        { raw in
            guard let raw else { return nil }
            Unmanaged<StartedWork>.fromOpaque(raw).takeRetainedValue().work.carryOut()
            return nil
        }, handle.toOpaque())
    guard made == 0 else {
        handle.release()
        return nil
    }
    return thread
}
