import Glibc

/// A lock with a condition to wait for, shared by threads.
package final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// Makes a lock that nobody holds.
    package init() {
        mutex.initialize(to: pthread_mutex_t())
        condition.initialize(to: pthread_cond_t())
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Calls `body` while no other thread does so.
    package func locked<R>(_ body: () throws -> R) rethrows -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Waits, within `locked`, until what `isReady` tells is so, which changes where another thread calls `wakeAll`.
    package func wait(until isReady: () -> Bool) {
        while !isReady() { pthread_cond_wait(condition, mutex) }
    }

    /// Makes those who wait look again.
    package func wakeAll() { pthread_cond_broadcast(condition) }
}
