import Datasets
import Diagnostics
import Language
import Tensors

/// The builtins on pictures. A picture is a tensor of height x width x channels with values from 0 to 255.
let pictures = Vocabulary([
    Word(
        "picture", family: "Sources",
        [
            Parameter("path", .template, "a PNG or JPEG file; `{column}` stands for a column of the row, `*` for its id"),
            Parameter(
                "channels",
                .word([
                    "rgb": "red, green, blue", "bgr": "blue, green, red, the order of OpenCV",
                    "grey": "one channel, made of the colours by OpenCV's `cvtColor`, not by `imread(path, 0)`",
                ]), .fallback(.word("rgb")), "which there are, and their order"),
            Parameter(
                "grey", .word(["refuse": "an error", "repeat": "three equal channels are made of it"]), .fallback(.word("refuse")),
                "what to do with a grey file where colours are asked for"),
            pairParameter,
        ],
        gives: anyTensor,
        """
        The numbers of a picture file, 0 to 255 at 8 bits a channel, read as OpenCV's `imread` reads it (`image` draws them): \
        alpha is dropped, 16 bits keep the high byte, palettes are expanded.
        """,
        examples: [Example("show picture(\"data/pictures/Al-100.png\").shape")],
        role: .source(argument: "path") { call, path, context in try context.pictureType(call, path: path) },
        check: { call, context in
            guard let path = context.library.literalPath(of: call) else {
                return call.typed(TensorType(shape: nil, unit: nil, pixels: PixelScale(isBGR: call["channels"].word == "bgr")))
            }
            return call.typed(try located(call.span(of: "path")) { try context.pictureType(call, path: context.resolve(path)) })
        },
        // Whole numbers from 0 to 255.
        keepsFinite: { _ in true },
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let path = context.path(of: call)
            let grey: GreyPictures = try arguments.word("grey") == "repeat" ? .repeat : .refuse
            return .picture(
                try located(context.library.pathSpan(of: call)) {
                    try readPicture(path: path, channels: arguments.choice("channels"), grey: grey)
                })
        }),
    Word(
        "resize", family: "Pictures",
        [
            Parameter("x", anyTensor, "a picture, or a tensor of rows, columns and perhaps channels"),
            Parameter("size", .list(.number(.count()), count: 2), "rows and columns"),
            Parameter(
                "method",
                .word(["area": "the mean of what a pixel covers, OpenCV's INTER_AREA", "bilinear": "OpenCV's INTER_LINEAR"]),
                .fallback(.word("area")), "how pixels are made of others"),
        ],
        gives: anyTensor, "The picture at another size. Pictures stay whole numbers, rounded as OpenCV rounds them.",
        examples: [Example("show picture(\"data/pictures/Al-100.png\") |> resize([4, 4]) |> mean")],
        role: .transform,
        check: { call, context in
            guard let size = call["size"].integers, let facts = try context.facts(of: call["x"]) else { return .call(call) }
            if let shape = facts.shape, shape.count != 2, shape.count != 3 {
                throw Diagnostic(
                    "shape", "`resize` expected rows, columns and perhaps channels, found shape \(shape.asShape)", at: call.span(of: "x"))
            }
            try located(call.span(of: "size")) { try checkResize(rows: size[0], columns: size[1]) }
            return call.typed(facts.with(shape: facts.shape.map { size + $0.dropFirst(2) }, unit: facts.unit))
        },
        keepsFinite: { _ in true },
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let size = try arguments.integers("size")
            let method: ResizeMethod = try arguments.choice("method")
            // A picture stays one, rounded as OpenCV rounds; other tensors are resized in single precision.
            switch try context.compute(call["x"]) {
            case .picture(let picture): return .picture(try picture.resized(height: size[0], width: size[1], by: method))
            case .array(let array, let unit), .cut(let array, let unit, _):
                return .array(NumericArray(try resized(array.tensor(), height: size[0], width: size[1], by: method)), unit: unit)
            default: throw Diagnostic("type", "`resize` expected a picture or a tensor")
            }
        }),
    Word(
        "rescale", family: "Pictures",
        [
            Parameter("x", anyTensor, "a picture"),
            Parameter("low", .number(.any), .fallback(.number(0)), "what 0 becomes"),
            Parameter("high", .number(.any), .fallback(.number(1)), "what 255 becomes"),
        ],
        gives: anyTensor, "Values from 0 to 255 brought to another range: low + x / 255 (high - low), in single precision.",
        examples: [Example("show picture(\"data/pictures/Al-100.png\") |> rescale(0, 1) |> max")],
        role: .transform,
        check: { call, context in
            guard let facts = try context.facts(of: call["x"]) else { return .call(call) }
            var type = facts.with(shape: facts.shape, unit: nil)
            if let low = call["low"].number, let high = call["high"].number {
                let before = type.pixels.map { $0.hasRange ? $0 : PixelScale(isBGR: $0.isBGR) } ?? PixelScale()
                type.pixels = before.mapped { low + $0 / 255 * (high - low) }
            }
            return call.typed(type)
        },
        keepsFinite: { _ in true },
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let low = try arguments.number("low")
            let high = try arguments.number("high")
            let tensor = try context.array(call["x"]).array.tensor()
            // One rounding to single precision for the usual 0 to 1, as dividing by 255 gives it.
            if low == 0, high == 1 {
                return .array(NumericArray(try Tensor(shape: tensor.shape, values: tensor.values.map { $0 / 255 })), unit: nil)
            }
            let values = tensor.values.map { Float(low + Double($0) / 255 * (high - low)) }
            return .array(NumericArray(try Tensor(shape: tensor.shape, values: values)), unit: nil)
        }),
])

extension CheckContext {
    /// The type of a picture's file, height x width x channels, read once. Throws `bad-image`, for a grey file too where it is
    /// refused.
    func pictureType(_ call: Call, path: String) throws -> TensorType {
        let header = try remembered(PictureOfFile(path: path)) { try readPictureHeader(path: path) }
        if header.isGrey, call["channels"].word != "grey", call["grey"].word != "repeat" {
            throw Diagnostic(
                "bad-image", "expected a picture of three channels, found a grey one", data: DataPlace(file: path),
                hint: "read it with `channels: grey`, or make three of one with `grey: repeat`")
        }
        return TensorType(
            shape: [header.height, header.width, call["channels"].word == "grey" ? 1 : 3], unit: nil,
            pixels: PixelScale(isBGR: call["channels"].word == "bgr"))
    }
}

/// Key of a picture's header that is remembered.
private struct PictureOfFile: Hashable { var path: String }
