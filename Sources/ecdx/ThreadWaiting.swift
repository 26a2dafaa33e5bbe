import Glibc

/// Starts the program again with a short spin for idle engine threads, unless the user has said how they wait.
///
/// GNU OpenMP lets a thread that waits for work spin for milliseconds. Where the cores are shared, it spins away the very
/// time the others need, and a step takes many times as long. The library reads the setting when it is loaded, before the
/// first line of ours, so the only way to give it is to be started with it.
func startWithShortSpins() {
    guard getenv("OMP_WAIT_POLICY") == nil, getenv("GOMP_SPINCOUNT") == nil else { return }
    guard setenv("GOMP_SPINCOUNT", "3000", 1) == 0 else { return }
    var path = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &path, path.count - 1)
    guard length > 0 else { return }
    // On success this does not return; where it fails, the program goes on as it is, only slower.
    execv(path, CommandLine.unsafeArgv)
}
