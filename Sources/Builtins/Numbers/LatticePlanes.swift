import Densities
import Diagnostics
import Language
import Plotting
import Tensors

/// The type of Miller indices: three whole numbers.
let millerType: ValueType = .list(.number(integerRule), count: 3)

private func example(_ code: String) -> [Example] { [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\n" + code)] }

/// The builtins that cut crystals along planes.
let latticePlaneWords = Vocabulary([
    Word(
        "plane", family: "Tensors",
        [
            Parameter("density", anyDensity, "the charge density to cut"),
            Parameter("miller", millerType, "Miller indices of the plane in the cell of the file"),
            Parameter(
                "size", .list(.number(.count()), count: 2), .fallback(.list([ListItem(.number(60)), ListItem(.number(60))])),
                "rows and columns of the picture"),
        ],
        gives: anyTensor,
        "The lattice plane through the first atom, one cell of it, by periodic trilinear sampling (e/A^3).",
        examples: example("show plane(al, [1, 1, 1], size: [12, 12])"),
        role: .transform,
        check: { call, context in
            guard let miller = call["miller"].integers, let size = call["size"].integers else { return .call(call) }
            try located(call.span(of: "miller")) { try checkMiller(miller) }
            try located(call.span(of: "size")) { try checkPlaneSize(size) }
            guard let density = try context.facts(of: call["density"])?.tensor else { return .call(call) }
            return call.typed(TensorType(shape: size + [1], unit: density.unit, cut: density.cell))
        },
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let (density, unit) = try context.density(call["density"])
            let geometry = try density.planeGeometry(miller: arguments.integers("miller"))
            let flat = geometry.flat
            return .cut(
                NumericArray(try density.plane(geometry, size: arguments.integers("size"))), unit: unit,
                cell: PlaneCell(first: Point(flat.u.x, flat.u.y), second: Point(flat.v.x, flat.v.y)))
        })
])
