import Diagnostics
import Language
import Training

/// The type of a learning rate: a number, or a schedule of rates.
let rateType: ValueType = .varying(.either([.number(.positive), .sort(.rate)]))

/// The schedules of learning rates, which change while a model trains.
let rates = Vocabulary<RateSchedule>([
    Word(
        "cosine", family: "Schedules",
        [
            Parameter("start", .varying(.number(.positive)), "at the first step"),
            Parameter("end", .varying(.number(.nonNegative)), .fallback(.number(0)), "after the last epoch"),
        ],
        gives: .sort(.rate), "A learning rate that falls along half a cosine over all declared epochs.",
        examples: [Example("experiment slow like bulk { optimizer: adam(rate: cosine(0.01)) }\nshow slow", with: .crystals)]
    ) { .cosine(start: try $0.number("start"), end: try $0.number("end")) },
    Word(
        "exponential", family: "Schedules",
        [
            Parameter("start", .varying(.number(.positive)), "at the first step"),
            Parameter("factor", .varying(.number(decay)), "by which it is multiplied each epoch"),
        ],
        gives: .sort(.rate), "A learning rate that shrinks by one factor each epoch, step by step.",
        examples: [
            Example("experiment slow like bulk { optimizer: adam(rate: exponential(0.01, factor: 0.95)) }\nshow slow", with: .crystals)
        ]
    ) { .exponential(start: try $0.number("start"), factor: try $0.number("factor")) },
    Word(
        "plateau", family: "Schedules",
        [
            Parameter("start", .varying(.number(.positive)), "at the first step"),
            Parameter("factor", .varying(.number(decay)), .fallback(.number(0.1)), "by which it is multiplied"),
            Parameter(
                "patience", .varying(.number(.count())), .fallback(.number(10)), unit: "epochs", "epochs without improvement before that"),
            Parameter("on", .monitor, .fallback(.word("validation.loss")), "the quantity to watch"),
            Parameter("minDelta", .varying(.number(.nonNegative)), .fallback(.number(1e-4)), "an improvement is more than this"),
            Parameter("least", .varying(.number(.nonNegative)), .fallback(.number(0)), "the rate does not fall below"),
        ],
        gives: .sort(.rate), "A learning rate that is reduced once a quantity no longer improves, as Keras's `ReduceLROnPlateau` does.",
        examples: [Example("experiment slow like bulk { optimizer: adam(rate: plateau(0.01, patience: 5)) }\nshow slow", with: .crystals)],
        check: refuseHoldout("plateau")
    ) {
        .plateau(
            start: try $0.number("start"), factor: try $0.number("factor"), patience: try $0.integer("patience"), on: try $0.monitor("on"),
            minDelta: try $0.number("minDelta"), least: try $0.number("least"))
    },
])

/// The rule for factors above 0 and up to 1.
private let decay: NumberRule = {
    var rule = NumberRule.positive
    rule.most = 1
    return rule
}()

extension Library {
    /// The learning rate that a value describes.
    func rate(_ value: Value) throws -> RateSchedule {
        if let number = value.number { return .constant(number) }
        guard let call = value.call else { throw Diagnostic("internal", "expected a learning rate, found \(value.phrase)") }
        return try meaning(of: call)
    }
}

extension Arguments {
    func rate(_ name: String) throws -> RateSchedule { try library.rate(call[name]) }
}
