#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
func errorFunction(_ x: Double) -> Double { erf(x) }
