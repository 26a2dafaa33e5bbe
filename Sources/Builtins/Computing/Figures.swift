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
        case "scatter", "line": return try columns(call)
        case "histogram":
            let (axis, values) = try column(call, "column")
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
        let unit = plan.unit.map { " \($0)" } ?? ""
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

    private func gallery(_ call: Call) throws -> Figure {
        guard let input = call["of"].call, let name = input["name"].string else { throw Diagnostic("type", "`gallery` expected an input of a data set") }
        let plan = try supplies.plan(of: object(input, "dataset"))
        guard let pipeline = plan.inputs[name]?.value, let paths = plan.files[name] else { throw Diagnostic("type", "the data set has no input `\(name)`") }
        guard let cut = planeCall(pipeline) else {
            throw Diagnostic("type", "`gallery` expected an input of planes", at: call.span(of: "of"), hint: "add `|> plane([1, 1, 1])` to the input")
        }
        var labels: [String]?
        if let label = call["label"].string { labels = try located(call.span(of: "label")) { try plan.table.column(label).cells } }
        let count = min(call["count"].integer ?? 24, plan.count)
        // Evenly over the rows, so that the first letters of the alphabet do not stand for all.
        let chosen = (0..<count).map { $0 * plan.count / max(1, count) }
        let tiles = try chosen.map { row -> Tile in
            let title = labels.map { $0[plan.rows[row]] } ?? plan.ids[row]
            return Tile(title, try plane(cut, path: paths[row]))
        }
        let scale: Scale = call["scale"].word == "linear" ? .linear : .logarithmic
        return .gallery(tiles, colours: ColourScale("charge density", unit: "e/A^3", scale: scale), columns: call["columns"].integer)
    }

    /// The `plane` call in a pipeline: what is drawn is the density, whatever a network is given.
    private func planeCall(_ value: Value) -> Call? {
        guard case .call(let call) = value else { return nil }
        if call.builtin == "plane" { return call }
        return call.arguments["x"].flatMap { planeCall($0.value) }
    }

    /// A plane of one file in the shape of its cell.
    private func plane(_ call: Call, path: String?) throws -> Plane {
        guard case .density(let density) = try field(call["density"], path: path), let miller = call["miller"].integers, let size = call["size"].integers
        else { throw Diagnostic("type", "`plane` expected a density") }
        let geometry = try density.planeGeometry(miller: miller)
        let tensor = try density.plane(geometry, size: size)
        let flat = geometry.flat
        return try Plane(
            rows: size[0], columns: size[1], values: tensor.values,
            cell: PlaneCell(first: Point(flat.u.x, flat.u.y), second: Point(flat.v.x, flat.v.y)))
    }

    private func heatmap(_ call: Call) throws -> Figure {
        let scale: Scale = call["scale"].word == "log" ? .logarithmic : .linear
        let title = call["title"].string ?? ""
        if case .call(let cut) = call["of"], cut.builtin == "plane" {
            return .heatmap(try plane(cut, path: nil), colours: ColourScale("charge density", unit: "e/A^3", scale: scale), title: title)
        }
        guard case .tensor(let tensor, let unit) = try field(call["of"], path: nil), tensor.shape.rank >= 2 else {
            throw Diagnostic("type", "`heatmap` expected a plane", at: call.span(of: "of"))
        }
        let plane = try Plane(rows: tensor.shape.extents[0], columns: tensor.shape.count / max(1, tensor.shape.extents[0]), values: tensor.values)
        return .heatmap(plane, colours: ColourScale("value", unit: unit, scale: scale), title: title)
    }

    private func columns(_ call: Call) throws -> Figure {
        var (x, xs) = try column(call, "x")
        var (y, ys) = try column(call, "y")
        if call["xscale"].word == "log" { x.scale = .logarithmic }
        if call["yscale"].word == "log" { y.scale = .logarithmic }
        let points = zip(xs, ys).map { Point($0, $1) }
        if call.builtin == "line" { return .line([Series("", points.sorted { $0.x < $1.x })], x: x, y: y) }
        return .scatter([Series("", points)], x: x, y: y)
    }

    /// A column of a data set's rows as an axis and values.
    private func column(_ call: Call, _ name: String) throws -> (Axis, [Double]) {
        let plan = try supplies.plan(of: object(call, "of"))
        let column = try located(call.span(of: name)) { try plan.table.column(call[name].string ?? "") }
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
