import Densities
import Dispatch
import Glibc
import Synchronization

// Reads the files it is given three times, `THREADS` of them at once, and prints, of the last time: the number of values, the integral of
// all densities in electrons (what must agree with the other reader), and the seconds.
//
//     chgcar-bench THREADS FILE...
//
// With a method, `trilinear` or `fourier`, in place of the number of threads it regrids the density of one file to 60 x 60 x 60 points on
// all processors, 20 times, and prints the seconds of the median one; the reading is not counted.

func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

let threads = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1
let paths = Array(CommandLine.arguments.dropFirst(2))

/// The densities of all files; nil where one cannot be read.
func readAll() -> [Density]? {
    let next = Atomic<Int>(0)
    let read = Mutex<[Density?]>(Array(repeating: nil, count: paths.count))
    DispatchQueue.concurrentPerform(iterations: max(1, threads)) { _ in
        while true {
            let place = next.add(1, ordering: .relaxed).oldValue
            guard place < paths.count else { return }
            do {
                let density = try readCHGCAR(path: paths[place])
                read.withLock { $0[place] = density }
            } catch {
                print(error)
            }
        }
    }
    let densities = read.withLock { $0.compactMap { $0 } }
    return densities.count == paths.count ? densities : nil
}

let methods: [String: Regridding] = ["trilinear": .trilinear, "fourier": .fourier]
if let method = CommandLine.arguments.dropFirst().first.flatMap({ methods[$0] }), let path = paths.first {
    let density = try readCHGCAR(path: path)
    var taken: [Double] = []
    var found = density
    for _ in 0..<20 {
        let start = seconds()
        found = try density.regridded(to: [60, 60, 60], method: method, threads: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        taken.append(seconds() - start)
    }
    print(found.values.count, found.electrons, taken.sorted()[10])
    exit(0)
}

for round in 0..<3 {
    let start = seconds()
    guard let densities = readAll() else { exit(1) }
    let taken = seconds() - start
    if round == 2 { print(densities.reduce(0) { $0 + $1.values.count }, densities.reduce(0) { $0 + $1.electrons }, taken) }
}
