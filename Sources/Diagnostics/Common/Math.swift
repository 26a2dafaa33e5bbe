#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

// The C library's functions under names that do not hide members of the same name.

/// The natural logarithm in double precision.
@inlinable public func naturalLogarithm(_ x: Double) -> Double { log(x) }
/// The natural logarithm in single precision.
@inlinable public func naturalLogarithm(_ x: Float) -> Float { logf(x) }
/// The exponential in double precision.
@inlinable public func exponential(_ x: Double) -> Double { exp(x) }
/// The exponential in single precision.
@inlinable public func exponential(_ x: Float) -> Float { expf(x) }
/// The cosine of an angle in radians.
@inlinable public func cosineOf(_ x: Double) -> Double { cos(x) }
/// A base raised to an exponent.
@inlinable public func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
