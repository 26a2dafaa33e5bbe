import Diagnostics

extension Value {
    /// The value named by the variables of the loop that made it, where it was declared: `bulk (rate 0.01)`, or `seed 2` where
    /// it had no name. Progress, plans and tables tell the turns apart so; names are no part of what a thing is.
    func named(by labels: [String: Value]) -> Value {
        guard case .object(var object) = self else { return self }
        let name = loopName(of: labels)
        guard !name.isEmpty, !labels.values.contains(self) else { return self }
        object.label = object.label.map { "\($0) (\(name))" } ?? name
        return .object(object)
    }
}

/// The variables of a loop as a name: `batch 8, rate 0.00124`. Numbers have three digits, and what was declared says
/// nothing here, since it has a name of its own.
public func loopName(of labels: [String: Value]) -> String {
    labels.sorted { $0.key < $1.key }.compactMap { name, value in
        switch value {
        case .object, .function: nil
        case .record(let fields): fields.sorted { $0.key < $1.key }.map { "\($0.key) \(brief($0.value.value))" }.joined(separator: ", ")
        default: "\(name) \(brief(value))"
        }
    }.joined(separator: ", ")
}

/// The value as a short text: a number with three digits, a text cut to what a message can hold.
public func brief(_ value: Value) -> String {
    guard let number = value.number else { return (value.string ?? source(of: value)).shortened }
    if number == number.rounded() || number == 0 { return written(number) }
    var (scale, size) = (1.0, abs(number))
    while size < 100, scale < 1e15 {
        size *= 10
        scale *= 10
    }
    return written((number * scale).rounded() / scale)
}
