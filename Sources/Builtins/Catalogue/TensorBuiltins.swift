import Densities
import Diagnostics
import Language

/// The value of an element-wise function: its argument's shape, and a unit of its own.
private func elementwise(_ unit: @escaping @Sendable (String?) -> String?) -> @Sendable (Call, CheckContext) throws -> Value {
    { call, _ in
        guard case .call(let inner) = call["x"] else { return .call(call) }
        var result = call
        if case .tensor(let type) = inner.type {
            result.type = .tensor(TensorType(shape: type.shape, unit: unit(type.unit)))
        }
        return .call(result)
    }
}

private let field: ValueType = .either([.sort("density"), .tensor(TensorType(shape: nil, unit: nil))])
private let tensor: ValueType = .tensor(TensorType(shape: nil, unit: nil))

private func statistic(_ name: String, _ summary: String) -> Builtin {
    Builtin(
        name, family: "Tensors", [Parameter("x", field, "a density or a tensor")], gives: .sort("quantity"), summary,
        examples: [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\nshow \(name)(al)")])
}

/// Builtins on densities and tensors.
let tensorBuiltins: [Builtin] = [
    Builtin(
        "plane", family: "Tensors",
        [
            Parameter("density", .sort("density"), "the charge density to cut"),
            Parameter("miller", millerType, "Miller indices of the plane in the cell of the file"),
            Parameter("size", .list(.number(.count()), count: 2), .fallback(.list([ListItem(.number(60)), ListItem(.number(60))])), "rows and columns of the picture"),
        ],
        gives: tensor,
        "The lattice plane through the first atom, one cell of it, by periodic trilinear sampling (e/A^3).",
        examples: [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\nshow plane(al, [1, 1, 1], size: [12, 12])")],
        check: { call, _ in
            guard let miller = call["miller"].integers, let size = call["size"].integers else { return .call(call) }
            do { try checkMiller(miller) } catch let diagnostic as Diagnostic { throw diagnostic.at(call.span(of: "miller")) }
            do { try checkPlaneSize(size) } catch let diagnostic as Diagnostic { throw diagnostic.at(call.span(of: "size")) }
            var result = call
            result.type = .tensor(TensorType(shape: size + [1], unit: "e/A^3"))
            return .call(result)
        }),
    Builtin(
        "log", family: "Tensors", [Parameter("x", tensor, "a tensor of positive numbers")], gives: tensor,
        "The natural logarithm of every element.",
        examples: [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\nshow log(plane(al, [1, 1, 1], size: [12, 12]))")],
        check: elementwise { $0.map { "log(\($0))" } }),
    Builtin(
        "standardize", family: "Tensors", [Parameter("x", tensor, "a tensor, channels last")], gives: tensor,
        "Each channel shifted and scaled to mean 0 and deviation 1 over the training part. Only as the last step of an input of a data set.",
        check: elementwise { _ in nil }),
    statistic("min", "The smallest element."),
    statistic("max", "The largest element."),
    statistic("mean", "The mean of all elements."),
    statistic("std", "The population standard deviation of all elements."),
    Builtin(
        "electrons", family: "Tensors", [Parameter("density", .sort("density"), "a density")], gives: .sort("quantity"),
        "The integral of a density over its cell.",
        examples: [Example("show electrons(chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\"))")]),
    Builtin(
        "shape", family: "Tensors", [Parameter("x", field, "a density or a tensor")], gives: .sort("quantity"),
        "The extents of a density's grid or of a tensor.",
        examples: [Example("show shape(chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\"))")]),
]
