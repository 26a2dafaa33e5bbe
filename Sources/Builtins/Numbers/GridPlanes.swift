import Densities
import Diagnostics
import Language
import Tensors

private func example(_ code: String) -> [Example] { [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\n" + code)] }

/// The parameter for one of the three axes of a grid.
let axisParameter = Parameter("axis", .number(.whole(0, 2)), "0, 1, 2 for a, b, c")

/// The builtins that take points of a grid as they are, with nothing between them.
let gridPlaneWords = Vocabulary([
    Word(
        "slice", family: "Densities",
        [densityParameter, axisParameter, Parameter("index", .number(integerRule), "number of the layer, from 0; -1 is the last one")],
        gives: anyTensor, "One layer of the grid: its points as they are, along the two other axes.",
        examples: example("show slice(al, 2, 0).shape\nshow max(slice(al, axis: 2, index: -1))"), role: .transform,
        check: { call, context in
            guard let axis = call["axis"].integer, let density = try context.facts(of: call["density"])?.tensor else { return .call(call) }
            guard let grid = density.shape, grid.indices.contains(axis) else {
                return call.typed(TensorType(shape: nil, unit: density.unit, cut: density.cell))
            }
            try located(call.span(of: "index")) { _ = try layer(call["index"].integer ?? 0, of: grid[axis]) }
            let others = grid.indices.filter { $0 != axis }.map { grid[$0] }
            return call.typed(TensorType(shape: others + [1], unit: density.unit, cut: density.cell))
        },
        keepsFinite: { _ in true }, cuts: \.layerInWords,
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let (density, unit) = try context.density(call["density"])
            let axis = try arguments.integer("axis")
            guard density.grid.indices.contains(axis) else {
                throw Diagnostic("bad-plane", "expected an axis from 0 to 2, found \(axis)", at: call.span(of: "axis"))
            }
            let index = try located(call.span(of: "index")) { try layer(arguments.integer("index"), of: density.grid[axis]) }
            var origin = [0.0, 0, 0]
            origin[axis] = Double(index) / Double(density.grid[axis])
            let sides = (0..<3).filter { $0 != axis }.map { side in (0..<3).map { $0 == side ? 1.0 : 0 } }
            let window = try PlaneWindow(lattice: density.lattice, origin: origin, u: sides[0], v: sides[1])
            // The layers of a grid lie as far apart as the faces of the cell do, by their number.
            let reciprocal = density.lattice.reciprocal[axis]
            let height = origin[axis] / reciprocal.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let words =
                "layer \(index) of \(density.grid[axis]) of the grid along \(axisLetter(axis)), at the height \(threeDigits(height)) A"
            return .cut(
                NumericArray(try density.slice(axis: axis, index: index)), unit: unit, plane: CutPlane(window, of: density, words))
        }),
    Word(
        "indexPlane", family: "Densities",
        [
            densityParameter, Parameter("constant", .number(integerRule), .fallback(.number(0)), "the number c"),
            Parameter(
                "window", .optional(.list(.number(.positive), count: 2)), .fallback(.none), unit: "A",
                "sides of a rectangle, the first along a - c, for an undistorted picture; the points as they are where not given"
            ),
            Parameter(
                "size", .optional(.list(.number(.count()), count: 2)), .fallback(.none),
                "rows and columns of the undistorted picture; 60 of each where not given"),
        ],
        gives: anyTensor,
        """
        The points i, j, k of an N x N x N grid with i + j + k = c modulo N: the plane (1 1 1) of the file's cell, with nothing between \
        points. Element (i, j) is the point (i, j, c - i - j).
        """,
        examples: example("show indexPlane(regrid(al, [12, 12, 12], method: fourier))"), role: .transform,
        check: { call, context in
            let size = call["size"].integers
            guard size == nil || !call["window"].isNone else {
                throw Diagnostic(
                    "missing-argument", "`size` is that of the picture on a `window`", at: call.span(of: "size"),
                    hint: "as in `window: [10, 10]`, in A")
            }
            try located(call.span(of: "size")) { try size.map(checkPlaneSize) }
            guard let density = try context.facts(of: call["density"])?.tensor else { return .call(call) }
            var shape = call["window"].isNone ? nil : (size ?? defaultSize) + [1]
            if let grid = density.shape, let count = grid.first {
                guard grid == [count, count, count] else {
                    throw Diagnostic(
                        "bad-plane", "expected as many points along a, b and c for the plane i + j + k = c, found a \(grid.asShape) grid",
                        at: call.span(of: "density"), hint: "regrid it first, as in `regrid(d, [60, 60, 60])`")
                }
                shape = shape ?? [count, count, 1]
            }
            return call.typed(TensorType(shape: shape, unit: density.unit, cut: density.cell))
        },
        keepsFinite: { _ in true }, cuts: \.indexPlaneInWords,
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let (density, unit) = try context.density(call["density"])
            let constant = try arguments.integer("constant")
            let picture = try located(call.span(of: "density")) { try density.indexPlane(constant) }
            let window = try density.indexPlaneWindow(constant)
            let words = "the points i + j + k = \(constant) modulo \(density.grid[0]): (1 1 1) of the file's cell"
            guard let sides = try arguments.optional("window", arguments.numbers) else {
                return .cut(NumericArray(picture), unit: unit, plane: CutPlane(window, of: density, words))
            }
            let size = try arguments.optional("size", arguments.integers) ?? defaultSize
            return try located(call.span(of: "window")) {
                let flat = try undistorted(picture, window: window, sides: (sides[0], sides[1]), size: size)
                func beside(_ side: [Double]) -> [Double] { zip(window.origin, side).map(+) }
                let rectangle = try PlaneWindow(
                    lattice: density.lattice, through: [window.origin, beside(window.u), beside(window.v)], sides: (sides[0], sides[1]),
                    anchor: .corner)
                return .cut(NumericArray(flat), unit: unit, plane: CutPlane(rectangle, of: density, words))
            }
        }),
])

private let defaultSize = [60, 60]

/// The number of a layer, counted from the end where it is negative. Throws `out-of-range`.
private func layer(_ index: Int, of count: Int) throws -> Int {
    guard (-count..<count).contains(index) else {
        throw Diagnostic("out-of-range", "expected a layer from 0 to \(count - 1), found \(index)")
    }
    return index < 0 ? index + count : index
}
