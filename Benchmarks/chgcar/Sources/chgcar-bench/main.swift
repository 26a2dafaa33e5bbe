import Densities
import Glibc

// Reads the files it is given twice and prints, of the second time: the number of values, the integral of all densities in
// electrons (what must agree with the other reader), and the seconds.

func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

do {
    for round in 0..<2 {
        var densities: [Density] = []
        let start = seconds()
        for path in CommandLine.arguments.dropFirst() { densities.append(try readCHGCAR(path: path)) }
        let taken = seconds() - start
        if round == 1 { print(densities.reduce(0) { $0 + $1.values.count }, densities.reduce(0) { $0 + $1.electrons }, taken) }
    }
} catch {
    print(error)
    exit(1)
}
