import Datasets
import Densities
import Diagnostics
import Language
import Plotting
import Tensors
import Training

extension Computer {
    /// The figure a call describes.
    func figure(_ call: Call) throws -> Figure {
        switch call.builtin {
        case "parity": return try parity(call)
        case "curves": return try curves(call)
        case "gallery": return try gallery(call)
        case "heatmap": return try heatmap(call)
        case "image": return try image(call)
        case "intervals": return try intervals(call)
        case "trialsPlot": return try trialsPlot(call)
        case "scatter", "line": return try columns(call)
        case "histogram":
            let (axis, values) = try values(call, call["of"].object == nil ? "of" : "column")
            return .histogram(values, x: axis, bins: call["bins"].integer)
        default:
            let figures = try (call["of"].items ?? []).compactMap(\.call).map { inner in try located(inner.origin.span) { try figure(inner) } }
            return .grid(figures: figures, columns: call["columns"].integer)
        }
    }

    private func parity(_ call: Call) throws -> Figure {
        let experiment = try object(call, "of")
        let plan = try supplies.plan(of: object(in: experiment, "data"))
        let run = try supplies.result(of: experiment)
        let unit = plan.unit.map { " \(typeset($0))" } ?? ""
        let splits: [ParitySplit] = try partNames.compactMap { name in
            guard let part = run.parts[name], let role = ParitySplit.Role(rawValue: name) else { return nil }
            let score = try Score(truth: part.truth, predicted: part.predicted, resamples: 0)
            let r2 = score.r2.map { "R2 \(fixed($0.value, 2))" } ?? "R2 n/a"
            return ParitySplit(role, zip(part.truth, part.predicted).map { Point($0, $1) }, summary: "\(r2), RMSE \(threeDigits(score.rmse.value))\(unit)")
        }
        let isLog = call["scale"].word == "log" || call["scale"].word == "auto" && plan.transform == .log
        return .parity(
            splits, quantity: quantityName(plan.column), unit: plan.unit, scale: isLog ? .logarithmic : .linear, title: experiment.label ?? "")
    }

    private func curves(_ call: Call) throws -> Figure {
        let experiment = try object(call, "of")
        let run = try supplies.result(of: experiment)
        let space = try supplies.plan(of: object(in: experiment, "data"))
        let reason = run.stoppedEarly ? "Stopped early after \(run.history.count) epochs." : "Ran all \(run.history.count) epochs."
        let transform = space.transform == .log ? "log " : ""
        let scale = space.scale == .none ? "" : ", \(space.scale.rawValue) scaled"
        return .learningCurves(
            train: run.history.map(\.trainLoss), validation: run.history.compactMap(\.validationLoss), keptEpoch: run.keptEpoch,
            loss: "mean squared error of \(transform)\(quantityName(space.column))\(scale)", scale: .logarithmic, title: experiment.label ?? "", note: reason)
    }

    private func columns(_ call: Call) throws -> Figure {
        var (x, xs) = try values(call, "x")
        var (y, ys) = try values(call, "y")
        if call["xscale"].word == "log" { x.scale = .logarithmic }
        if call["yscale"].word == "log" { y.scale = .logarithmic }
        if let label = call["xlabel"].string { x.label = label }
        if let label = call["ylabel"].string { y.label = label }
        let points = zip(xs, ys).map { Point($0, $1) }
        if call.builtin == "line" { return .line([Series("", points.sorted { $0.x < $1.x })], x: x, y: y) }
        return .scatter([Series("", points)], x: x, y: y)
    }

    /// Numbers to draw with their axis: a column of the data set `of`, or the elements of a tensor.
    private func values(_ call: Call, _ name: String) throws -> (Axis, [Double]) {
        guard let wanted = call[name].string, let data = call["of"].object else {
            let value = call[name]
            let (array, unit) = try array(value)
            // A column of a table has a name to show.
            let column = value.call.flatMap { $0.builtin == "[name]" ? $0["name"].string : nil }
            return (Axis(column.map(quantityName) ?? (name == "of" ? "value" : name), unit: unit), array.values)
        }
        let plan = try supplies.plan(of: data)
        let column = try located(call.span(of: name)) { try plan.table.column(wanted) }
        guard let numbers = column.numbers else { throw Diagnostic("type", "`\(name)` expected a column of numbers", at: call.span(of: name)) }
        let unit = column.name == plan.column ? plan.unit : column.unit
        return (Axis(quantityName(column.name), unit: unit), plan.rows.map { numbers[$0] })
    }
}

/// What a column is called in a figure: the usual name of a property of a crystal, else the column's own.
func quantityName(_ column: String) -> String {
    let known = [
        "k_vrh": "bulk modulus", "g_vrh": "shear modulus", "band_gap": "band gap", "efermi": "Fermi energy", "volume": "volume", "density": "mass density",
        "formation_energy_per_atom": "formation energy per atom", "total_magnetization": "total magnetization",
        "sfe_mJ_per_m2": "stacking-fault energy", "lattice_constant": "lattice constant",
    ]
    return known[column] ?? column.replacing("_", with: " ")
}
