import Diagnostics
import Language
import Tensors

/// The functions that make whole numbers of others: `round`, `floor`, `ceil` and `mod`.
let roundings = Vocabulary([
    elementwise(
        "round", "Every element to the nearest whole number, or to so many digits after the point; halves away from zero.",
        [Parameter("digits", .number(.whole(-300, 300)), .fallback(.number(0)), "digits after the point; below 0 tens, hundreds")],
        example: "show round(2.345, digits: 1)\nshow round(plane(al, [1, 1, 1], size: [6, 6]), digits: 2)", unit: { $0 }
    ) { array, _, arguments in
        let digits = try arguments.integer("digits")
        let scale = power(10, Double(abs(digits)))
        return array.map { value in
            // Digits beyond those that a number has leave it as it is.
            let scaled = digits < 0 ? value / scale : value * scale
            guard scaled.isFinite, abs(scaled) < 9e15 else { return value }
            return digits < 0 ? scaled.rounded() * scale : scaled.rounded() / scale
        }
    },
    elementwise("floor", "The largest whole number that is no larger than each element.", example: "show floor(-2.5)", unit: { $0 }) {
        array, _, _ in array.map { $0.rounded(.down) }
    },
    elementwise("ceil", "The smallest whole number that is no smaller than each element.", example: "show ceil(2.1)", unit: { $0 }) {
        array, _, _ in array.map { $0.rounded(.up) }
    },
    elementwise(
        "mod", "The rest of a division: from 0 up to the divisor, also of negative numbers.",
        [Parameter("by", .number(.positive), "the divisor, in the unit of the numbers")],
        example: "show mod(10, 3)\nshow mod(-1, 3)", unit: { $0 }
    ) { array, _, arguments in
        let divisor = try arguments.number("by")
        return array.map { value in
            let rest = value.truncatingRemainder(dividingBy: divisor)
            return rest < 0 ? rest + divisor : rest
        }
    },
])
