import Storage

/// Numbers of a grid on their way from the order of files of VASP, x fastest, to that of a density, z fastest.
///
/// Each number that is put where it belongs touches a line of the cache of its own, and a page. So some planes are gathered first, as
/// many as a line holds numbers, and then put there together.
struct GridOrder {
    let nx: Int, ny: Int, nz: Int
    /// The numbers of a plane, and of the grid.
    let plane: Int, points: Int
    /// The planes that are gathered.
    let depth: Int
    /// The numbers that the memory of a plane has room for: planes a power of two apart would push each other out of the cache.
    private let pitch: Int

    /// Plans for a grid of three positive extents, whose product fits.
    init(_ grid: [Int]) {
        (nx, ny, nz) = (grid[0], grid[1], grid[2])
        plane = nx * ny
        points = plane * nz
        // A small share of what all numbers take, but for small grids.
        depth = min(nz, points <= 1 << 17 ? 8 : max(1, min(8, nz / 16)))
        pitch = plane + 24
    }

    /// The number of gatherings that make up the grid.
    var slabs: Int { (nz + depth - 1) / depth }

    /// The numbers of gathering `slab`.
    func count(of slab: Int) -> Int { min(depth, nz - slab * depth) * plane }

    /// The numbers that a gathering takes memory for.
    var room: Int { depth * pitch }

    /// Where number `index` of a file lies in the memory of its gathering, and how many follow it side by side.
    func place(of index: Int) -> (offset: Int, follow: Int) {
        let (row, within) = index.quotientAndRemainder(dividingBy: plane)
        return (row % depth * pitch + within, plane - within)
    }

    /// Puts the numbers of gathering `slab` where they belong.
    func put(_ slab: Int, _ gathered: UnsafePointer<Double>, into out: UnsafeMutablePointer<Double>) {
        let low = slab * depth
        let count = min(depth, nz - low)
        let (nx, ny, nz, pitch) = (nx, ny, nz, pitch)
        // Rows along x are read a line of the cache at a time, and written to as many places.
        for block in stride(from: 0, to: nx, by: 8) {
            let width = min(8, nx - block)
            for j in 0..<ny {
                var target = out + ((block &* ny &+ j) &* nz &+ low)
                var source = gathered + (j &* nx &+ block)
                for _ in 0..<width {
                    if count == 8 {
                        // Known beforehand, the loop is none.
                        for k in 0..<8 { target[k] = source[k &* pitch] }
                    } else {
                        for k in 0..<count { target[k] = source[k &* pitch] }
                    }
                    target += ny &* nz
                    source += 1
                }
            }
        }
    }
}

/// Divides numbers that lie side by side, and puts them where `target` says, which may be where they are.
func divide(_ numbers: UnsafePointer<Double>, _ count: Int, by divisor: Double, into target: UnsafeMutablePointer<Double>) {
    for n in 0..<max(0, count) { target[n] = numbers[n] / divisor }
}
