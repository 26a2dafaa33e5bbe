import Densities
import Diagnostics
import Language
import Plotting
import Tensors

extension Computer {
    /// Items of a tensor, or an input of a data set, side by side.
    func gallery(_ call: Call) throws -> Figure {
        let scale: Scale = call["scale"].word == "linear" ? .linear : .logarithmic
        guard let input = call["of"].call, input.builtin == "datasetInput" else {
            let (array, unit) = try array(call["of"])
            let shape = array.shape.extents
            let chosen = spread(call["count"].integer ?? 24, over: shape.first ?? 0)
            if shape.count == 4, shape[3] == 3 {
                let tiles = try chosen.map { Tile(String($0), try Self.coloured(array.sliced([.at($0)]), PictureRange(of: call["of"]))) }
                return .gallery(tiles, colours: Self.brightness, columns: call["columns"].integer)
            }
            let tiles = try chosen.map { Tile(String($0), try Self.pixels(array.sliced([.at($0)]))) }
            return .gallery(tiles, colours: ColourScale("value", unit: unit, scale: scale), columns: call["columns"].integer)
        }
        let name = input["name"].string ?? ""
        let plan = try supplies.plan(of: object(input, "dataset"))
        guard let pipeline = plan.inputs[name]?.value, let files = plan.files[name] else { throw Diagnostic("type", "the data set has no input `\(name)`") }
        var labels: [String]?
        if let label = call["label"].string { labels = try located(call.span(of: "label")) { try plan.table.column(label).cells } }
        let chosen = spread(call["count"].integer ?? 24, over: plan.count)
        let drawn = planeCall(pipeline) ?? pipeline
        if let shape = plan.types[name]?.shape, shape.count == 3, shape[2] == 3 {
            let tiles = try chosen.map { row -> Tile in
                let values = try Computer(supplies: supplies, files: files.choice(row: row)).array(pipeline).array
                return Tile(labels.map { $0[plan.rows[row]] } ?? plan.ids[row], try Self.coloured(values, PictureRange(of: pipeline)))
            }
            return .gallery(tiles, colours: Self.brightness, columns: call["columns"].integer)
        }
        let tiles = try chosen.map { row -> Tile in
            let title = labels.map { $0[plan.rows[row]] } ?? plan.ids[row]
            return Tile(title, try Computer(supplies: supplies, files: files.choice(row: row)).plane(drawn, at: call.span(of: "of")))
        }
        let isDensity = drawn.call?.builtin == "plane"
        let colours = ColourScale(isDensity ? "charge density" : name, unit: isDensity ? densityUnit : plan.types[name]?.unit, scale: scale)
        return .gallery(tiles, colours: colours, columns: call["columns"].integer)
    }

    /// Evenly over the rows, so that the first letters of the alphabet do not stand for all.
    private func spread(_ count: Int, over all: Int) -> [Int] {
        let count = min(count, all)
        return (0..<count).map { $0 * all / max(1, count) }
    }

    /// The `plane` call in a pipeline: what is drawn is the density, whatever a network is given.
    private func planeCall(_ value: Value) -> Value? {
        guard case .call(let call) = value else { return nil }
        if call.builtin == "plane" { return value }
        return call.arguments["x"].flatMap { planeCall($0.value) }
    }

    func heatmap(_ call: Call) throws -> Figure {
        let scale: Scale = call["scale"].word == "log" ? .logarithmic : .linear
        let isPlane = call["of"].call?.builtin == "plane"
        let unit = isPlane ? densityUnit : try array(call["of"]).unit
        return .heatmap(
            try plane(call["of"], at: call.span(of: "of")), colours: ColourScale(isPlane ? "charge density" : "value", unit: unit, scale: scale),
            title: call["title"].string ?? "")
    }

    /// What is drawn of a value: a cut of a density in the shape of its cell, anything else as square pixels.
    private func plane(_ value: Value, at span: SourceSpan?) throws -> Plane {
        if let cut = value.call, cut.builtin == "plane", let miller = cut["miller"].integers, let size = cut["size"].integers {
            let density = try density(cut["density"])
            let geometry = try density.planeGeometry(miller: miller)
            let flat = geometry.flat
            return try Plane(
                rows: size[0], columns: size[1], values: density.plane(geometry, size: size).values,
                cell: PlaneCell(first: Point(flat.u.x, flat.u.y), second: Point(flat.v.x, flat.v.y)))
        }
        return try located(span) { try Self.pixels(try array(value).array) }
    }

    /// A tensor of two axes, or three of which the last has one channel, as rows of pixels.
    static func pixels(_ array: NumericArray) throws -> Plane {
        let shape = array.shape.extents
        guard shape.count == 2 || shape.count == 3 && shape[2] == 1 else {
            throw Diagnostic(
                "shape", "expected a plane of rows and columns, found shape \(array.shape)",
                hint: shape.count >= 3 ? "cut one out, as in `x[0]` or `x[:, :, 0]`" : nil)
        }
        return try Plane(rows: shape[0], columns: shape[1], values: array.values)
    }
}
