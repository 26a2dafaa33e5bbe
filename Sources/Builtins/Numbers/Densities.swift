import Densities
import Diagnostics
import Language
import Tensors

private func example(_ code: String) -> [Example] { [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\n" + code)] }

/// The builtins that integrate densities.
let densityWords = Vocabulary([
    Word(
        "electrons", family: "Tensors", [Parameter("density", anyDensity, "a density of electrons")],
        gives: .tensor(TensorType(shape: [], unit: "e")),
        "The number of electrons in the cell: the integral of a density over it.", examples: example("show electrons(al)"),
        role: .transform,
        check: { call, context in
            guard let type = try context.facts(of: call["density"])?.tensor, let cell = type.cell else { return .call(call) }
            guard isSameUnit(type.unit, FieldMeaning.density.unit) else {
                let isSpin = isSameUnit(type.unit, FieldMeaning.spin.unit)
                throw Diagnostic(
                    "unit", "`electrons` expected a density of electrons in e/A^3, found \(cell.phrase) \(unitPhrase(type.unit))",
                    at: call.span(of: "density"), hint: isSpin ? "the integral of a density of spin is its `moment`" : nil)
            }
            return .call(call)
        },
        computes: { call, context in .quantity(try context.density(call["density"]).density.electrons, unit: "e") }),
    Word(
        "moment", family: "Tensors",
        [Parameter("density", anyDensity, "a density of spin, or the total of a file that has spin")],
        gives: .tensor(TensorType(shape: nil, unit: momentUnit)),
        """
        The magnetic moment of the cell: the integral of the density of spin (up minus down), three numbers where spins are not collinear.
        """,
        examples: [Example("let magnet = chgcar(\"data/fields/spin.CHGCAR.gz\")\nshow magnet.moment\nshow magnet.magnetization.max")],
        role: .transform,
        check: { call, context in try context.moment(call) },
        computes: { call, context in .quantity(try context.density(call["density"]).density.electrons, unit: momentUnit) }),
])

/// The unit of magnetic moments.
private let momentUnit = "mu_B"

extension CheckContext {
    /// The call of `moment` on a density of spin: on that of its file where the total of one is given. Throws `unit` for what has none,
    /// and `bad-data` for a file without spin.
    fileprivate func moment(_ call: Call) throws -> Value {
        guard let type = try facts(of: call["density"])?.tensor, let cell = type.cell else { return .call(call) }
        if isSameUnit(type.unit, FieldMeaning.spin.unit) { return call.typed(TensorType(shape: [], unit: momentUnit)) }
        guard let total = call["density"].call, total.component == .total, isSameUnit(type.unit, FieldMeaning.density.unit) else {
            throw Diagnostic(
                "unit",
                "`moment` expected a density of spin in \(FieldMeaning.spin.unit ?? ""), found \(cell.phrase) \(unitPhrase(type.unit))",
                at: call.span(of: "density"), hint: "take it of a file, as in `chgcar(\"...\").magnetization`")
        }
        func integral(_ component: FieldComponent) throws -> Value? {
            guard let part = try self.component(component, of: total, call.origin) else { return nil }
            var call = call
            call.arguments["density"]?.value = part
            return call.typed(TensorType(shape: [], unit: momentUnit))
        }
        do {
            if let found = try integral(.magnetization) { return found }
        } catch let fault as Diagnostic {
            let parts = try? [FieldComponent.mx, .my, .mz].map { try integral($0) }
            guard let parts, let tensor = library.builtin("tensor") else { throw fault }
            let items = parts.compactMap { $0.map { ListItem($0) } }
            let arguments: Fields = ["of": Field(.list(items), call.origin)]
            return try tensor.check?(Call("tensor", arguments, type: tensor.result, origin: call.origin), self) ?? .call(call)
        }
        return .call(call)
    }
}
