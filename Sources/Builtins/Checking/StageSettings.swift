import Datasets
import Diagnostics
import Language
import Training

/// What holds in one stage of an experiment: the stage's own settings, and the experiment's where it has none.
public struct StageSettings: Sendable {
    /// Nil where the experiment has no schedule.
    public var stage: Object?
    public var rate: Value
    public var epochs: Int
    public var batch: Int
    public var stop: Value
    public var keep: Value

    public init(_ experiment: Object, _ stage: Object?) {
        self.stage = stage
        func own(_ name: String) -> Value? { stage.map { $0[name] }.flatMap { $0.isNone ? nil : $0 } }
        rate = own("rate") ?? experiment["optimizer"].call?["rate"] ?? .number(1e-3)
        epochs = (own("epochs") ?? experiment["epochs"]).integer ?? 100
        batch = (own("batch") ?? experiment["batch"]).integer ?? 32
        let stop = own("stop") ?? experiment["stop"]
        self.stop = stop.word == "never" ? .none : stop
        keep = own("keep") ?? experiment["keep"]
    }
}

/// The quantity a monitor's word names.
public func monitor(_ value: Value) -> Training.Monitor? {
    let names = (value.word ?? "").split(separator: ".").map(String.init)
    guard names.count == 2, let part = Training.Monitor.Part(rawValue: names[0]), let quantity = Training.Monitor.Quantity(rawValue: names[1]) else { return nil }
    return Training.Monitor(part, quantity)
}

/// The learning rate a value describes.
public func rateSchedule(_ value: Value) -> RateSchedule {
    guard let call = value.call else { return .constant(value.number ?? 1e-3) }
    func number(_ name: String, _ fallback: Double) -> Double { call[name].number ?? fallback }
    switch call.builtin {
    case "cosine": return .cosine(start: number("start", 1e-3), end: number("end", 0))
    case "exponential": return .exponential(start: number("start", 1e-3), factor: number("factor", 1))
    default:
        return .plateau(
            start: number("start", 1e-3), factor: number("factor", 0.1), patience: call["patience"].integer ?? 10, on: monitor(call["on"]) ?? .validationLoss,
            minDelta: number("minDelta", 1e-4), least: number("least", 0))
    }
}

/// The steps by which an experiment changes its training images.
public func augmentation(of experiment: Object) -> [Augmentation] {
    (experiment["augment"].items ?? []).compactMap(\.call).map { call in
        func number(_ name: String) -> Double { call[name].number ?? 0 }
        let fill: Augmentation.Fill = switch call["fill"].word {
        case "nearest": .nearest
        case "wrap": .wrap
        case "zero": .constant(0)
        default: .reflect
        }
        switch call.builtin {
        case "flip":
            let words = [call["first"].word, call["second"].word]
            return .flip(horizontal: words.contains("horizontal"), vertical: words.contains("vertical"))
        case "rotate": return .rotate(turns: number("turns"), fill: fill)
        case "zoom": return .zoom(low: number("low"), high: number("high"), fill: fill)
        case "translate": return .translate(height: number("height"), width: number("width"), fill: fill)
        case "contrast": return .contrast(factor: number("factor"))
        default: return .noise(deviation: number("deviation"))
        }
    }
}

@Sendable func checkZoom(_ call: Call, _ context: CheckContext) throws -> Value {
    if let low = call["low"].number, let high = call["high"].number, low > high {
        throw Diagnostic("range", "`high` of `zoom` expected a number of at least \(written(low)), found \(written(high))", at: call.span(of: "high"))
    }
    return .call(call)
}
