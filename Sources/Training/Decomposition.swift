import CLinear
import Diagnostics

/// A thin singular value decomposition by LAPACK's dgesdd: `left` (rows x k), `values` (k, falling) and `right`
/// (k x columns), k the smaller of rows and columns.
struct Decomposition {
    let values: [Double]
    private let u: [Double], vt: [Double], columns: Int

    /// Decomposes a row-major matrix, overwriting it; it must have rows x columns elements, neither 0. Throws the
    /// diagnostic `id`, which says what failed.
    init(rows: Int, columns: Int, _ matrix: inout [Double], id: String, of what: String) throws {
        let k = min(rows, columns)
        var s = [Double](repeating: 0, count: k)
        var u = [Double](repeating: 0, count: rows * k)
        var vt = [Double](repeating: 0, count: k * columns)
        var message = [CChar](repeating: 0, count: 256)
        let status = ecdx_linear_svd(Int64(rows), Int64(columns), &matrix, &s, &u, &vt, &message, message.count)
        guard status == 0 else {
            let text = String(cBuffer: message)
            throw Diagnostic(id, "\(what) failed: \(text)")
        }
        values = s
        self.u = u
        self.vt = vt
        self.columns = columns
    }

    func left(n row: Int, _ k: Int) -> Double { u[row * values.count + k] }
    func right(_ k: Int, _ column: Int) -> Double { vt[k * columns + column] }
    func right(_ k: Int) -> ArraySlice<Double> { vt[k * columns..<(k + 1) * columns] }
}
