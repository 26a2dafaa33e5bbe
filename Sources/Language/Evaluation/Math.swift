#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

// The C library's function under a name that does not hide a member of the same name.
@inline(__always) func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
