import Diagnostics
import Language
import Plotting
import Tensors

extension Computer {
    /// One picture as it is seen.
    func image(_ call: Call) throws -> Figure {
        let plane = try located(call.span(of: "of")) { try Self.coloured(try array(call["of"]).array, PictureRange(of: call["of"])) }
        return .gallery([Tile(call["title"].string ?? "", plane)], colours: Self.brightness, columns: 1)
    }

    /// The scale of pictures, which only their form in characters shows.
    static let brightness = ColourScale("brightness")

    /// A tensor of three axes, the last of red, green and blue or of one grey, in its colours.
    static func coloured(_ array: NumericArray, _ range: PictureRange) throws -> Plane {
        let shape = array.shape.extents
        guard let channels = range.channels(of: shape) else {
            throw Diagnostic("shape", "expected a picture of rows, columns and three channels, found shape \(array.shape)")
        }
        let colours = range.bytes(array.values, channels: channels)
        return try Plane(rows: shape[0], columns: shape[1], colours: colours)
    }
}

/// How the numbers of a picture mean colours: the steps that made them are undone for a figure.
struct PictureRange {
    private var low = 0.0, high = 255.0
    private var isBGR = false
    private var isRescaled = false

    /// Of a value: looks for the `picture` it comes from and for `rescale` on the way.
    init(of value: Value) { look(at: value) }

    private mutating func look(at value: Value) {
        guard case .call(let call) = value else { return }
        switch call.builtin {
        case "picture": isBGR = call["channels"].word == "bgr"
        case "rescale":
            (low, high, isRescaled) = (call["low"].number ?? 0, call["high"].number ?? 1, true)
            fallthrough
        default: if let inner = call.arguments["x"] { look(at: inner.value) }
        }
    }

    /// 1 or 3; nil where a shape is no picture's.
    func channels(of shape: [Int]) -> Int? {
        if shape.count == 2 { return 1 }
        guard shape.count == 3, [1, 3].contains(shape[2]) else { return nil }
        return shape[2]
    }

    /// Red, green and blue of every pixel. Numbers of unknown origin that do not go beyond 1 are taken as shares.
    func bytes(_ values: [Double], channels: Int) -> [UInt8] {
        let isShare = !isRescaled && !values.contains { $0 > 1 }
        let (low, span) = isShare ? (0, 1) : (low, high - low)
        let bytes = values.map { value -> UInt8 in
            let level = span == 0 ? 0 : (value - low) / span * 255
            return level.isFinite ? UInt8(max(0, min(255, level.rounded()))) : 0
        }
        if channels == 1 { return bytes.flatMap { [$0, $0, $0] } }
        guard isBGR else { return bytes }
        return stride(from: 0, to: bytes.count - 2, by: 3).flatMap { [bytes[$0 + 2], bytes[$0 + 1], bytes[$0]] }
    }
}
