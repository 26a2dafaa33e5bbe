import Diagnostics
import Language
import Plotting
import Tensors

/// The figure `image`: a picture in its own colours.
let imageFigures = Vocabulary([
    figureWord(
        "image",
        [
            Parameter("of", anyTensor, "a picture: rows, columns and three channels; one channel is drawn in greys"),
            Parameter("title", .text, .fallback(.text(Text(""))), "over the picture"),
        ],
        options: .frame,
        """
        The numbers of one picture, such as `picture` reads, in their own colours. \
        `rescale` and the order of channels are undone.
        """,
        examples: [Example("plot image(picture(\"data/pictures/Al-100.png\"), title: \"Al (100)\") to \"out/al.png\"")],
        check: { call, context in
            guard let shape = try context.facts(of: call["of"])?.shape else { return .call(call) }
            guard channels(ofPicture: shape) != nil else {
                throw Diagnostic(
                    "shape", "`image` expected a picture of rows, columns and three channels, found shape \(shape.asShape)",
                    at: call.span(of: "of"))
            }
            return .call(call)
        },
        draws: { call, context in
            let scale = pixelScale(of: call["of"])
            let plane = try located(call.span(of: "of")) { try coloured(try context.array(call["of"]).array, scale) }
            let title = try context.arguments(of: call).text("title")
            return .gallery([Tile(title, plane)], colours: brightness, columns: 1)
        })
])

/// The colour scale of pictures, which only their form in characters shows.
let brightness = ColourScale("brightness")

/// The scale from the numbers of a value to brightness; nil where it is not known.
func pixelScale(of value: Value) -> PixelScale? {
    guard case .tensor(let type)? = value.call?.type else { return nil }
    return type.pixels
}

/// The number of channels of a picture, 1 or 3; nil where a shape is no picture's.
func channels(ofPicture shape: [Int]) -> Int? {
    if shape.count == 2 { return 1 }
    guard shape.count == 3, [1, 3].contains(shape[2]) else { return nil }
    return shape[2]
}

/// The plane in colours of a tensor of rows and columns, and perhaps channels: one of grey, or three of red, green and blue.
/// Throws `shape` for another.
func coloured(_ array: NumericArray, _ scale: PixelScale?) throws -> Plane {
    let shape = array.shape.extents
    guard let channels = channels(ofPicture: shape) else {
        throw Diagnostic("shape", "expected a picture of rows, columns and three channels, found shape \(array.shape)")
    }
    return try Plane(rows: shape[0], columns: shape[1], colours: bytes(of: array.values, scale, channels: channels))
}

/// The bytes of red, green and blue of every pixel. Numbers of unknown origin that do not go beyond 1 are taken as shares.
private func bytes(of values: [Double], _ known: PixelScale?, channels: Int) -> [UInt8] {
    var scale = PixelScale(white: values.contains { $0 > 1 } ? 255 : 1)
    if let known { scale = known.hasRange ? known : PixelScale(white: scale.white, isBGR: known.isBGR) }
    let span = scale.white - scale.black
    let bytes = values.map { value -> UInt8 in
        let level = span == 0 ? 0 : (value - scale.black) / span * 255
        return level.isFinite ? UInt8(max(0, min(255, level.rounded()))) : 0
    }
    if channels == 1 { return bytes.flatMap { [$0, $0, $0] } }
    guard scale.isBGR else { return bytes }
    return stride(from: 0, to: bytes.count - 2, by: 3).flatMap { [bytes[$0 + 2], bytes[$0 + 1], bytes[$0]] }
}
