/// The range of a colour scale over some planes, with remarks on the values it leaves out.
struct ColourRange {
    var range: AxisRange
    var tics: [Tic]
    var remarks: [String]
    var map: ColourMap
    /// The least and the greatest value there is, whether or not it is in the range; NaN where there is none.
    var extremes: (least: Double, greatest: Double)

    /// Numbers of which nothing else is known have both signs where the smaller of the two ends is this share of the other at least:
    /// interpolation alone makes a density that has one sign a little negative.
    static let leastShare = 0.05

    init(_ colours: ColourScale, planes: [Plane]) {
        self.init(colours) { take in for plane in planes { plane.values.forEach(take) } }
    }

    /// Makes the range of the values that `values` sends to the function it is given; it may be asked twice.
    init(_ colours: ColourScale, values: ((Float) -> Void) -> Void) {
        let isLogarithmic = colours.scale == .logarithmic
        var colours = colours
        if isLogarithmic {
            // A limit without a logarithm is none.
            if let lower = colours.lower, !(lower > 0) { colours.lower = nil }
            if let upper = colours.upper, !(upper > 0) { colours.upper = nil }
        }
        var (count, finite, drawn) = (0, 0, 0)
        var (least, most) = (Float.infinity, -Float.infinity)
        values { value in
            count += 1
            guard value.isFinite else { return }
            finite += 1
            guard !isLogarithmic || value > 0 else { return }
            drawn += 1
            if value < least { least = value }
            if value > most { most = value }
        }
        let (first, last) = drawn > 0 ? (Double(least), Double(most)) : (.nan, .nan)
        var (low, high) = (first, last)
        // Only a percentile within needs the values in order, and they may be a great many.
        if drawn > 0, colours.lowPercentile > 0 || colours.highPercentile < 100 {
            var sorted: [Double] = []
            sorted.reserveCapacity(drawn)
            values { if $0.isFinite, !isLogarithmic || $0 > 0 { sorted.append(Double($0)) } }
            sorted.sort()
            low = percentile(sorted, colours.lowPercentile)
            high = percentile(sorted, colours.highPercentile)
        }
        extremes = (first, last)
        let leastShare = colours.isSigned ? 0 : Self.leastShare
        let hasBothSigns = first < 0 && last > 0 && min(-first, last) >= leastShare * max(-first, last)
        // Who gives both limits says where zero is, whatever the values are.
        let isGiven = colours.lower != nil && colours.upper != nil
        let spansZero = (hasBothSigns || isGiven) && !isLogarithmic && (colours.lower ?? first) < 0 && (colours.upper ?? last) > 0
        map = colours.map ?? (spansZero ? .differences : .viridis)
        if map.isDiverging, spansZero {
            // Equal steps of colour on either side of zero, as far as the larger side goes.
            let reach = colours.upper ?? colours.lower.map { -$0 } ?? max(-low, high)
            (low, high) = (-reach, reach)
        }
        (low, high) = (colours.lower ?? low, colours.upper ?? high)
        if !low.isFinite || !high.isFinite { (low, high) = isLogarithmic ? (1, 10) : (0, 1) }
        if high <= low {
            // A constant field still needs a range, and so does one that lies beyond the one limit that is given.
            let (lowRoom, highRoom) = (max(0.5, low.magnitude * 0.1), max(0.5, high.magnitude * 0.1))
            if colours.lower != nil {
                high = isLogarithmic ? low * 4 : low + 2 * lowRoom
            } else if colours.upper != nil {
                low = isLogarithmic ? high / 4 : high - 2 * highRoom
            } else {
                (low, high) = isLogarithmic ? (low / 2, high * 2) : (low - lowRoom, high + highRoom)
            }
        }
        range = AxisRange(lower: low, upper: high, scale: colours.scale)
        tics = Plotting.tics(range, count: 5)

        let unit = colours.unit.map { " " + typeset($0) } ?? ""
        remarks = []
        func why(_ limit: Double?, _ rank: Double) -> String { limit == nil ? " (percentile \(shortPercent(rank)))" : "" }
        var ends: [String] = []
        if first < low { ends.append("below at \(shortText(low))\(unit)\(why(colours.lower, colours.lowPercentile))") }
        if last > high { ends.append("above at \(shortText(high))\(unit)\(why(colours.upper, colours.highPercentile))") }
        if !ends.isEmpty { remarks.append("Colours end " + ends.joined(separator: ", ") + ".") }
        let lost = count - finite
        if lost > 0 { remarks.append("\(lost) of \(count) values are not finite and left white.") }
        let isDarkBelow = map.lightness(at: 0) <= map.lightness(at: 1)
        let negative = isLogarithmic ? finite - drawn : 0
        if negative > 0 {
            remarks.append("\(negative) of \(count) values are not positive and take the \(isDarkBelow ? "darkest" : "lightest") colour.")
        }
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
