import CLinear
import Diagnostics

/// The Cholesky factor of a symmetric positive definite matrix, by LAPACK's dpotrf.
struct Cholesky: Sendable {
    /// The logarithm of the matrix's determinant.
    let logDeterminant: Double
    private let count: Int
    private let factor: [Double]

    /// Factors a row-major matrix of count x count numbers, taking it over and reading its lower triangle. nil where it is
    /// not positive definite. Throws `search` where LAPACK refuses it.
    init?(_ count: Int, _ matrix: consuming [Double]) throws {
        guard count >= 1, matrix.count == count * count else {
            throw Diagnostic("search", "the Gaussian process has a matrix of another size")
        }
        var message = [CChar](repeating: 0, count: 256)
        let status = ecdx_linear_cholesky(Int64(count), &matrix, &message, message.count)
        if status == 5 { return nil }
        guard status == 0 else { throw Cholesky.failure(message) }
        var sum = 0.0
        for i in 0..<count { sum += naturalLogarithm(matrix[i * count + i]) }
        logDeterminant = 2 * sum
        self.count = count
        factor = matrix
    }

    /// Solves matrix x = b for x. Throws `search` where b has another length.
    func solved(_ b: consuming [Double]) throws -> [Double] {
        guard b.count == count else { throw Diagnostic("search", "the Gaussian process has a vector of another size") }
        var message = [CChar](repeating: 0, count: 256)
        guard ecdx_linear_cholesky_solve(Int64(count), factor, &b, &message, message.count) == 0 else { throw Cholesky.failure(message) }
        return b
    }

    private static func failure(_ message: [CChar]) -> Diagnostic {
        let text = String(cBuffer: message)
        return Diagnostic("search", "the Gaussian process failed: \(text)")
    }
}
