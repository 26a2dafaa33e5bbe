/// The range of a colour scale over some planes, with remarks on the values it leaves out.
struct ColourRange {
    var range: AxisRange
    var tics: [Tic]
    var remarks: [String]

    init(_ colours: ColourScale, planes: [Plane]) {
        let all = planes.flatMap(\.values)
        let isLogarithmic = colours.scale == .logarithmic
        let finite = all.filter(\.isFinite)
        let sorted = (isLogarithmic ? finite.filter { $0 > 0 } : finite).map(Double.init).sorted()
        var low = percentile(sorted, colours.lowPercentile)
        var high = percentile(sorted, colours.highPercentile)
        if !low.isFinite || !high.isFinite { (low, high) = isLogarithmic ? (1, 10) : (0, 1) }
        if high <= low {
            // A constant field still needs a range.
            (low, high) = isLogarithmic ? (low / 2, high * 2) : (low - max(0.5, low.magnitude * 0.1), high + max(0.5, high.magnitude * 0.1))
        }
        range = AxisRange(lower: low, upper: high, scale: colours.scale)
        tics = Plotting.tics(range, count: 5)

        let unit = colours.unit.map { " " + typeset($0) } ?? ""
        remarks = []
        var ends: [String] = []
        if let first = sorted.first, first < low {
            ends.append("below at \(shortText(low))\(unit) (percentile \(shortPercent(colours.lowPercentile)))")
        }
        if let last = sorted.last, last > high {
            ends.append("above at \(shortText(high))\(unit) (percentile \(shortPercent(colours.highPercentile)))")
        }
        if !ends.isEmpty { remarks.append("Colours end " + ends.joined(separator: ", ") + ".") }
        let lost = all.count - finite.count
        if lost > 0 { remarks.append("\(lost) of \(all.count) values are not finite and left white.") }
        let negative = isLogarithmic ? finite.count - sorted.count : 0
        if negative > 0 { remarks.append("\(negative) of \(all.count) values are not positive and take the darkest colour.") }
    }

    private func shortPercent(_ value: Double) -> String {
        value == value.rounded() ? fixed(value, decimals: 0) : fixed(value, decimals: 1)
    }

    /// The value as it is drawn: moved into the range, where a logarithm could not be taken.
    func drawn(_ value: Float) -> Double {
        guard value.isFinite else { return range.lower }
        return min(range.upper, max(range.lower, Double(value)))
    }
}
