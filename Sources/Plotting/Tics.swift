import Glibc

/// The part of an axis that is shown.
struct AxisRange: Equatable {
    var lower: Double
    var upper: Double
    var scale: Scale

    /// Finds the range of `values`, all of which the axis can show, widened by `margin` of its length at either end; what
    /// the axis fixes itself stays. Always of some length, also without values.
    init(_ values: [Double], axis: Axis, margin: Double) {
        scale = axis.scale
        let isLogarithmic = axis.scale == .logarithmic
        let lowest = values.min() ?? (isLogarithmic ? 1 : 0)
        let highest = values.max() ?? (isLogarithmic ? 10 : 1)
        if isLogarithmic {
            // At least a factor of two.
            let middle = (log10(lowest) + log10(highest)) / 2
            let half = max((log10(highest) - log10(lowest)) * (0.5 + margin), 0.15)
            lower = max(pow(10, middle - half), 1e-300)
            upper = min(pow(10, middle + half), 1e300)
        } else {
            let span = highest - lowest
            let least = max(highest.magnitude, lowest.magnitude) * 1e-6
            let room = span > least ? span * margin : max(lowest.magnitude * 0.1, 0.5)
            lower = max(lowest - room, -1e300)
            upper = min(highest + room, 1e300)
        }
        let fixedLower = axis.lower.flatMap { axis.canShow($0) ? $0 : nil }
        let fixedUpper = axis.upper.flatMap { axis.canShow($0) ? $0 : nil }
        if let fixedLower, fixedLower < fixedUpper ?? upper { lower = fixedLower }
        if let fixedUpper, fixedUpper > lower { upper = fixedUpper }
    }

    init(lower: Double, upper: Double, scale: Scale) {
        self.lower = lower
        self.upper = upper
        self.scale = scale
    }

    func contains(_ value: Double) -> Bool {
        let slack = scale == .linear ? (upper - lower) * 1e-9 : value.magnitude * 1e-9
        return value >= lower - slack && value <= upper + slack
    }

    /// The position of `value` along the axis, 0 at the lower end and 1 at the upper.
    func fraction(_ value: Double) -> Double {
        switch scale {
        case .linear: (value - lower) / (upper - lower)
        case .logarithmic: (log10(value) - log10(lower)) / (log10(upper) - log10(lower))
        }
    }
}

/// A tic of an axis; a minor one has no label.
struct Tic: Equatable {
    var value: Double
    var label: String?
}

/// Places tics at round values, about `count` of them with labels.
func tics(_ range: AxisRange, count: Int, integers: Bool = false) -> [Tic] {
    switch range.scale {
    case .linear: linearTics(range, count: count, integers: integers)
    case .logarithmic: logarithmicTics(range, count: count)
    }
}

/// Places about `count` tics, or fewer where their labels would run into one another along an axis of `length` pixels; `room` is what a
/// label takes of it.
func tics(_ range: AxisRange, count: Int, integers: Bool = false, length: Double, room: (String) -> Double) -> [Tic] {
    for count in stride(from: count, through: 1, by: -1) {
        let found = tics(range, count: count, integers: integers)
        if areReadable(found, range, length: length, room: room) { return found }
    }
    return thinned(tics(range, count: 1, integers: integers), range, length: length, room: room)
}

/// The tics with fewer labels, at equal distances and with that of zero among them, where their labels would run into one another.
func thinned(_ tics: [Tic], _ range: AxisRange, length: Double, room: (String) -> Double) -> [Tic] {
    let labelled = tics.indices.filter { tics[$0].label != nil }
    let zero = labelled.firstIndex { tics[$0].value == 0 } ?? 0
    for every in 1...max(1, labelled.count) {
        let kept = Set(labelled.enumerated().filter { ($0.offset - zero) % every == 0 }.map(\.element))
        let found = tics.indices.map { kept.contains($0) ? tics[$0] : Tic(value: tics[$0].value) }
        if every == labelled.count || areReadable(found, range, length: length, room: room) { return found }
    }
    return tics
}

/// Whether no label of a tic runs into the next one.
private func areReadable(_ tics: [Tic], _ range: AxisRange, length: Double, room: (String) -> Double) -> Bool {
    let labels = tics.compactMap { tic in tic.label.map { (place: range.fraction(tic.value) * length, half: room($0) / 2) } }
    return zip(labels, labels.dropFirst()).allSatisfy { abs($1.place - $0.place) >= $0.half + $1.half }
}

private func linearTics(_ range: AxisRange, count: Int, integers: Bool) -> [Tic] {
    let span = range.upper - range.lower
    guard span > 0, span.isFinite else { return [] }
    let raw = span / Double(max(1, count))
    guard raw > 1e-290 else { return [] }
    let exponent = decade(raw)
    let unit = pow(10, Double(exponent))
    // The nearest of the round steps in ratio, so that there are about as many tics as asked for.
    let ratio = raw / unit
    let factor = ratio < 1.5 ? 1.0 : ratio < 3.3 ? 2 : ratio < 7.2 ? 5 : 10
    var step = factor * unit
    if integers { step = max(1, step.rounded()) }
    let first = (range.lower / step - 1e-9).rounded(.up)
    let last = (range.upper / step + 1e-9).rounded(.down)
    guard first <= last, last - first < 1000, first.magnitude < 1e15 else { return [] }
    // 10 units are one of the next decade.
    let decimals = step >= 1 ? 0 : -(factor == 10 ? exponent + 1 : exponent)
    let values = stride(from: first, through: last, by: 1).map { $0 * step }
    let greatest = values.map(\.magnitude).max() ?? 0
    let plain = greatest < 99_999.5 && decimals <= 4
    return values.map { Tic(value: $0, label: plain ? fixed($0, decimals: decimals) : powerLabel($0)) }
}

private func logarithmicTics(_ range: AxisRange, count: Int) -> [Tic] {
    let low = decade(range.lower)
    let high = decade(range.upper)
    let decades = log10(range.upper) - log10(range.lower)
    // Within less than a decade, round steps read better than powers.
    if decades < 0.8 {
        return linearTics(AxisRange(lower: range.lower, upper: range.upper, scale: .linear), count: count, integers: false)
            .filter { $0.value > 0 }
    }
    let labelledFactors: [Int] = decades < 2.6 ? [1, 2, 5] : [1]
    let every = max(1, Int((decades / Double(max(2, count + 1))).rounded(.up)))
    var result: [Tic] = []
    for exponent in low...max(low, high) {
        for factor in 1...9 {
            let value = Double(factor) * pow(10, Double(exponent))
            guard range.contains(value) else { continue }
            if labelledFactors.contains(factor), exponent % every == 0 || every == 1 {
                result.append(Tic(value: value, label: logarithmicLabel(factor, exponent)))
            } else if every == 1 || factor == 1 {
                result.append(Tic(value: value))
            }
        }
    }
    return result
}

private func logarithmicLabel(_ factor: Int, _ exponent: Int) -> String {
    if (-2...3).contains(exponent) {
        return fixed(Double(factor) * pow(10, Double(exponent)), decimals: max(0, -exponent))
    }
    let power = "10" + raised(exponent)
    return factor == 1 ? power : "\(factor)×\(power)"
}

/// Formats a value as `2×10⁻⁵`, with as many digits as it has, up to four.
func powerLabel(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    let exponent = decade(value.magnitude)
    let mantissa = roundedTo(value / pow(10, Double(exponent)), significant: 4)
    var text = "\(mantissa)"
    if text.hasSuffix(".0") { text.removeLast(2) }
    return text.replacing("-", with: "−") + "×10" + raised(exponent)
}

private func raised(_ exponent: Int) -> String { String(String(exponent).map { superscripts[$0] ?? $0 }) }

/// Formats a value with a fixed number of decimals and a proper minus sign.
func fixed(_ value: Double, decimals: Int) -> String {
    let factor = powerOfTen(max(0, decimals))
    let scaled = (value.magnitude * factor).rounded()
    guard scaled < 1e15 else { return powerLabel(value) }
    var digits = String(Int(scaled))
    if decimals > 0 {
        digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
    }
    return (value < 0 && scaled > 0 ? "−" : "") + digits
}

/// Formats a value for a sentence, with three significant digits.
func shortText(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    let exponent = decade(value.magnitude)
    guard (-4...4).contains(exponent) else { return powerLabel(roundedTo(value, significant: 3)) }
    return fixed(value, decimals: max(0, 2 - exponent))
}
