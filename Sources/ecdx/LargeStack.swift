import Glibc

/// The work of a thread and its result: touched by that thread alone until it is joined.
private final class Job: @unchecked Sendable {
    let body: () -> Int32
    var status: Int32 = 1
    init(_ body: @escaping () -> Int32) { self.body = body }
}

/// Runs `body` on a thread with 512 MiB of stack (taken only as it is used) and waits for it. Where no thread can be made,
/// `body` runs on the caller's own.
func onLargeStack(_ body: @escaping () -> Int32) -> Int32 {
    let job = Job(body)
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return body() }
    defer { pthread_attr_destroy(&attributes) }
    guard pthread_attr_setstacksize(&attributes, 512 << 20) == 0 else { return body() }
    var thread = pthread_t()
    let handle = Unmanaged.passRetained(job)
    let made = pthread_create(
        &thread, &attributes,
        { raw in
            guard let raw else { return nil }
            let job = Unmanaged<Job>.fromOpaque(raw).takeRetainedValue()
            job.status = job.body()
            return nil
        }, handle.toOpaque())
    guard made == 0 else {
        handle.release()
        return body()
    }
    pthread_join(thread, nil)
    return job.status
}
