import Diagnostics
import Language
import Plotting

extension Computer {
    /// Bands side by side, a look for each set, with lines at reference values.
    func intervals(_ call: Call) throws -> Figure {
        var series: [Series] = []
        var place = 0.0
        var unit: String?
        for (index, (name, field)) in (call["of"].record ?? [:]).enumerated() {
            let ends = try (field.value.items ?? []).map { try array($0) }
            guard ends.count == 2 else { throw Diagnostic("type", "`\(name)` expected two tensors") }
            unit = unit ?? ends[0].unit
            place += index == 0 ? 0 : 1
            for (row, (low, high)) in zip(ends[0].array.values, ends[1].array.values).enumerated() {
                place += 1
                series.append(Series(row == 0 ? shown(name) : "", [Point(place, low), Point(place, high)], form: .markedLine, look: .palette(index)))
            }
        }
        for (index, (name, field)) in (call["against"].record ?? [:]).enumerated() {
            guard let level = try array(field.value).array.values.first else { continue }
            var look = Look.palette(6 + index)
            look.dash = 2 + index % 3
            series.append(Series(shown(name), [Point(0.3, level), Point(place + 0.7, level)], form: .line, look: look))
        }
        return .line(series, x: Axis("row"), y: Axis(call["quantity"].string ?? "value", unit: unit), title: call["title"].string ?? "")
    }

    private func shown(_ name: String) -> String { name.replacing("_", with: " ") }
}
