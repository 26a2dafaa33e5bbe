import Dispatch

/// Runs `body` on `count` threads at once and waits for all.
func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    // A serial queue each: those get threads of their own, more of them than there are cores.
    for index in 0..<count { DispatchQueue(label: "ecdx.test.\(index)").async(group: group) { body(index) } }
    group.wait()
}
