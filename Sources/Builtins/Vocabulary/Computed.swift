import Datasets
import Densities
import Diagnostics
import Plotting
import Tensors

/// The result of a computed call: numbers, a density, a picture, a table or a figure.
public enum Computed: Sendable {
    /// Numbers with their unit; rank 0 is a single number.
    case array(NumericArray, unit: String?)
    /// Numbers on a plane through a crystal's cell, with their unit, and where the plane lies.
    case cut(NumericArray, unit: String?, plane: CutPlane)
    /// Numbers on the whole grid of a crystal's cell, with their unit.
    case density(Density, unit: String?)
    /// A picture of 8 bits a channel.
    case picture(Picture)
    /// A table of results.
    case table(ResultTable)
    /// A figure that is not drawn yet.
    case figure(Figure)

    /// A single number with its unit.
    static func quantity(_ value: Double, unit: String?) -> Computed { .array(NumericArray(scalar: value), unit: unit) }

    /// The numbers of a tensor, a density or a picture, with their unit. Throws `type` for a table or a figure.
    func numbers() throws -> (array: NumericArray, unit: String?) {
        switch self {
        case .array(let array, let unit), .cut(let array, let unit, _): return (array, unit)
        case .density(let density, let unit): return (try density.array(), unit)
        case .picture(let picture): return (try NumericArray(shape: picture.shape, bytes: picture.pixels), nil)
        case .table, .figure: throw Diagnostic("type", "expected a tensor, found a table or a figure")
        }
    }

    /// Whether it is numbers alone.
    var isNumeric: Bool {
        switch self {
        case .array, .cut, .density, .picture: true
        case .table, .figure: false
        }
    }

    /// Numbers it holds, roughly: what remembering it costs.
    var size: Int {
        switch self {
        case .array(let array, _), .cut(let array, _, _): array.count + 1
        case .density(let density, _): density.values.count + 1
        case .picture(let picture): picture.pixels.count / 8 + 1
        case .table(let table): table.rows.reduce(1) { $0 + $1.count * 8 }
        case .figure: 1 << 16
        }
    }
}

extension Density {
    /// The values on the grid: points along a, b and c.
    func array() throws -> NumericArray { try NumericArray(shape: Shape(grid), values: values, precision: .double) }

    /// A density in the same cell, on the same grid, with other values. `charges`: also with the charges of its atoms, which tell how many
    /// electrons a density has, and not how many a difference of two.
    func replacing(_ values: [Double], charges: Bool = true) throws -> Density {
        try Density(lattice: lattice, atoms: atoms, grid: grid, values: values).framed(as: self, charges: charges)
    }
}
