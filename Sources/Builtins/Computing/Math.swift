#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@inline(__always) func naturalLogarithm(_ x: Float) -> Float { logf(x) }
@inline(__always) func exponential(_ x: Float) -> Float { expf(x) }
@inline(__always) func naturalLogarithm(_ x: Double) -> Double { log(x) }
@inline(__always) func exponential(_ x: Double) -> Double { exp(x) }
