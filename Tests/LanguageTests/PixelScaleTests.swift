import Builtins
import Language
import SessionTestSupport
import TestSupport
import Testing

/// What the type of a picture says of its colours, and what becomes of it on the way.
@Suite(.timed) struct PixelScaleTests {
    @Test(arguments: [
        ("p", 0, 255, true), ("p[0:4, 0:4]", 0, 255, true), ("p |> resize([4, 4])", 0, 255, true), ("p |> rescale(0, 1)", 0, 1, true),
        ("p |> rescale(0, 1) |> rescale(0, 510)", 0, 2, true), ("p * 1", 0, 255, false), ("1 - p", 0, 255, false),
        ("sqrt(p)", 0, 255, false), ("(p * 2) |> rescale(-1, 1)", -1, 1, true),
    ])
    func theOrderOfColoursHoldsAndTheRangeWhereItIsKnown(_ expression: String, _ black: Double, _ white: Double, _ hasRange: Bool) throws {
        let picture = "picture(\"\(Place.experiments)/data/pictures/Al-100.png\", channels: bgr)"
        let value = try values("let p = \(picture)\nlet x = \(expression)")["x"]
        guard case .tensor(let type)? = value?.call?.type, let scale = type.pixels else {
            Issue.record("\(expression) is no picture")
            return
        }
        #expect(scale.isBGR && scale.black == black && scale.white == white && scale.hasRange == hasRange)
    }
}
