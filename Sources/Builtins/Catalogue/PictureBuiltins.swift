import Datasets
import Diagnostics
import Language
import Tensors

private let tensor: ValueType = .tensor(TensorType(shape: nil, unit: nil))

/// Builtins on pictures. A picture is a tensor of height x width x channels with values from 0 to 255.
let pictureBuiltins: [Builtin] = [
    Builtin(
        "picture", family: "Sources",
        [
            Parameter("path", .template, "a PNG or JPEG file; `{column}` stands for a column of the row, `*` for its id"),
            Parameter("channels", .word(["rgb", "bgr", "grey"]), .fallback(.word("rgb")), "their order; OpenCV's is `bgr`"),
            Parameter("grey", .word(["refuse", "repeat"]), .fallback(.word("refuse")), "what to do with a grey file where colours are asked for: `repeat` makes three equal channels"),
            Parameter("pair", .word(["key", "position"]), .fallback(.word("key")), "how the files of a pattern with `*` meet the rows, as in `chgcar`"),
        ],
        gives: tensor,
        "A picture of 8 bits a channel, values 0 to 255, read as OpenCV's `imread` reads it: alpha is dropped, 16 bits keep the high byte, palettes are expanded.",
        examples: [Example("show picture(\"data/pictures/Al-100.png\").shape")],
        check: { call, context in
            guard let path = call.literalPath else { return .call(call) }
            var result = call
            result.type = .tensor(try located(call.span(of: "path")) { try context.pictureType(call, path: context.resolve(path)) })
            return .call(result)
        }),
    Builtin(
        "resize", family: "Pictures",
        [
            Parameter("x", tensor, "a picture, or a tensor of rows, columns and perhaps channels"),
            Parameter("size", .list(.number(.count()), count: 2), "rows and columns"),
            Parameter("method", .word(["area", "bilinear"]), .fallback(.word("area")), "`area`: the mean of what a pixel covers, OpenCV's INTER_AREA; `bilinear`: OpenCV's INTER_LINEAR"),
        ],
        gives: tensor, "The picture at another size. Pictures stay whole numbers, rounded as OpenCV rounds them.",
        examples: [Example("show picture(\"data/pictures/Al-100.png\") |> resize([4, 4]) |> mean")],
        check: { call, context in
            guard let size = call["size"].integers, let facts = try context.facts(of: call["x"]) else { return .call(call) }
            if let shape = facts.shape, shape.count != 2, shape.count != 3 {
                throw Diagnostic("shape", "`resize` expected rows, columns and perhaps channels, found shape \(shape.asShape)", at: call.span(of: "x"))
            }
            do { try checkResize(rows: size[0], columns: size[1]) } catch let diagnostic as Diagnostic { throw diagnostic.at(call.span(of: "size")) }
            var result = call
            result.type = .tensor(TensorType(shape: facts.shape.map { size + $0.dropFirst(2) }, unit: facts.unit, isLogarithm: facts.isLogarithm))
            return .call(result)
        }),
    Builtin(
        "rescale", family: "Pictures",
        [
            Parameter("x", tensor, "a picture"),
            Parameter("low", .number(.any), .fallback(.number(0)), "what 0 becomes"),
            Parameter("high", .number(.any), .fallback(.number(1)), "what 255 becomes"),
        ],
        gives: tensor, "Values from 0 to 255 brought to another range: low + x / 255 (high - low), in single precision.",
        examples: [Example("show picture(\"data/pictures/Al-100.png\") |> rescale(0, 1) |> max")],
        check: { call, context in
            guard let facts = try context.facts(of: call["x"]) else { return .call(call) }
            var result = call
            result.type = .tensor(TensorType(shape: facts.shape, unit: nil, isLogarithm: facts.isLogarithm))
            return .call(result)
        }),
]

extension CheckContext {
    /// Height x width x channels of a picture's file, read once. Throws `bad-image`, for a grey file too where it is refused.
    func pictureType(_ call: Call, path: String) throws -> TensorType {
        let header = try remembered(PictureOfFile(path: path)) { try readPictureHeader(path: path) }
        if header.isGrey, call["channels"].word != "grey", call["grey"].word != "repeat" {
            throw Diagnostic(
                "bad-image", "expected a picture of three channels, found a grey one", data: DataPlace(file: path),
                hint: "read it with `channels: grey`, or make three of one with `grey: repeat`")
        }
        return TensorType(shape: [header.height, header.width, call["channels"].word == "grey" ? 1 : 3], unit: nil)
    }
}

private struct PictureOfFile: Hashable { var path: String }
