import Datasets
import Diagnostics
import Language

private let fills: [(name: String, fill: Augmentation.Fill, summary: String)] = [
    ("reflect", .reflect, "the image mirrored at its edge"), ("nearest", .nearest, "the pixel at the edge"),
    ("wrap", .wrap, "the image again, from its other side"), ("zero", .constant(0), "zeros"),
]
private let sides: Choices = ["horizontal": "left and right change places", "vertical": "top and bottom change places"]
private let fill = Parameter(
    "fill", .word(Choices(fills.map { Choice($0.name, $0.summary) })), .fallback(.word("reflect")), "what stands outside the image")
private let share = NumberRule.within(0, 1)
private func example(_ code: String) -> [Example] {
    [Example("experiment varied like bulk { augment: [\(code)] }\nshow varied", with: .crystals)]
}

/// Random changes of the training images, drawn anew for each item and epoch.
let augmentations = Vocabulary<Augmentation>([
    Word(
        "flip", family: "Augmentation",
        [
            Parameter("first", .word(sides), "which sides change places"),
            Parameter("second", .either([.none, .word(sides)]), .fallback(.none), "the other of the two"),
        ],
        gives: .sort(.augmentation),
        "Mirrors half of the images; with both directions by two draws, as Keras 2 does (Keras 3 draws once for both).",
        examples: example("flip(horizontal, vertical)")
    ) {
        let words = try [$0.word("first"), $0.optional("second", $0.word)]
        return .flip(horizontal: words.contains("horizontal"), vertical: words.contains("vertical"))
    },
    Word(
        "rotate", family: "Augmentation", [Parameter("turns", .varying(.number(.within(0, 1))), "0.2 is from -72 to 72 degrees"), fill],
        gives: .sort(.augmentation), "Turns images by a random angle about their centre, bilinearly.",
        examples: example("rotate(turns: 0.2)")
    ) { .rotate(turns: try $0.number("turns"), fill: try $0.fill()) },
    Word(
        "zoom", family: "Augmentation",
        [
            Parameter("low", .varying(.number(.within(-0.99, 1))), "-0.2 is 20 % larger"),
            Parameter("high", .varying(.number(.within(-0.99, 1))), "0.2 is 20 % smaller; not below `low`"),
            fill,
        ],
        gives: .sort(.augmentation), "Scales images by a random factor between 1 + low and 1 + high, as Keras's `RandomZoom` counts them.",
        examples: example("zoom(-0.1, 0.1)"), check: checkZoom
    ) { .zoom(low: try $0.number("low"), high: try $0.number("high"), fill: try $0.fill()) },
    Word(
        "translate", family: "Augmentation",
        [
            Parameter("height", .varying(.number(share)), "at most, as a share of the height, up or down"),
            Parameter("width", .varying(.number(share)), "at most, as a share of the width, left or right"), fill,
        ],
        gives: .sort(.augmentation), "Shifts images by a random amount.", examples: example("translate(0.1, 0.1)")
    ) { .translate(height: try $0.number("height"), width: try $0.number("width"), fill: try $0.fill()) },
    Word(
        "contrast", family: "Augmentation",
        [Parameter("factor", .varying(.number(.share)), "0.2 is between 80 and 120 % of the distance from each channel's mean")],
        gives: .sort(.augmentation), "Stretches the values of each channel about their mean by a random factor.",
        examples: example("contrast(0.2)")
    ) { .contrast(factor: try $0.number("factor")) },
    Word(
        "noise", family: "Augmentation",
        [Parameter("deviation", .varying(.number(.nonNegative)), "of the normal distribution, in the units of the image")],
        gives: .sort(.augmentation), "Adds normal noise to every value.", examples: example("noise(0.01)")
    ) { .noise(deviation: try $0.number("deviation")) },
])

/// Checks that `high` is at least `low`, whatever a search draws for the two. Throws `range`.
@Sendable private func checkZoom(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let low = call["low"].bounds?.upperBound, let high = call["high"].bounds?.lowerBound, low > high else { return .call(call) }
    guard call["low"].number == nil || call["high"].number == nil else {
        throw Diagnostic(
            "range", "`high` of `zoom` expected a number of at least \(written(low)), found \(written(high))", at: call.span(of: "high"))
    }
    throw Diagnostic(
        "range",
        "`high` of `zoom` expected a number of at least `low` in every trial; a search may draw \(written(low)) and \(written(high))",
        at: call.span(of: "high"))
}

extension Arguments {
    fileprivate func fill() throws -> Augmentation.Fill {
        let name = try word("fill")
        guard let known = fills.first(where: { $0.name == name }) else { throw Diagnostic("internal", "`\(name)` fills nothing") }
        return known.fill
    }
}
