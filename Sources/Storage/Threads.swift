import Glibc
import Synchronization

/// Calls `body` with each number below `count`, on up to `threads` threads, the caller's among them, and returns when all calls
/// have returned. Which thread takes which number is left to chance, so `body` must not care.
///
/// The threads have as deep a stack as the main one of the program, and leave signals to it. Where no thread can be made the
/// caller does all.
public func concurrently(_ count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let work = SharedWork(count: count, body: body)
    var helpers: [pthread_t] = []
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    // A thread has the mask of the one that made it.
    let isMasked = pthread_sigmask(SIG_BLOCK, &all, &before) == 0
    for _ in 1..<max(1, min(threads, count)) {
        guard let helper = thread(for: work) else { break }
        helpers.append(helper)
    }
    if isMasked { pthread_sigmask(SIG_SETMASK, &before, nil) }
    work.carryOut()
    for helper in helpers { pthread_join(helper, nil) }
}

/// Numbers that several threads take one by one.
private final class SharedWork: Sendable {
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

/// A thread that takes part in the work; nil where none can be made.
private func thread(for work: SharedWork) -> pthread_t? {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return nil }
    defer { pthread_attr_destroy(&attributes) }
    // Memory is taken only as it is used.
    guard pthread_attr_setstacksize(&attributes, 512 << 20) == 0 else { return nil }
    var thread = pthread_t()
    let handle = Unmanaged.passRetained(work)
    let made = pthread_create(
        &thread, &attributes,
        { raw in
            guard let raw else { return nil }
            Unmanaged<SharedWork>.fromOpaque(raw).takeRetainedValue().carryOut()
            return nil
        }, handle.toOpaque())
    guard made == 0 else {
        handle.release()
        return nil
    }
    return thread
}
