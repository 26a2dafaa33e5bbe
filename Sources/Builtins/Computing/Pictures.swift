import Datasets
import Diagnostics
import Language
import Tensors

extension Computer {
    func picture(_ call: Call) throws -> Computed {
        let order = ChannelOrder(rawValue: call["channels"].word ?? "") ?? .rgb
        let grey: GreyPictures = call["grey"].word == "repeat" ? .repeat : .refuse
        let path = path(of: call)
        return .picture(try located(call.pathSpan) { try readPicture(path: path, channels: order, grey: grey) })
    }

    /// A picture stays one, rounded as OpenCV rounds; other tensors are resized in single precision.
    func resize(_ call: Call) throws -> Computed {
        guard let size = call["size"].integers, size.count == 2, let method = ResizeMethod(rawValue: call["method"].word ?? "") else {
            throw Diagnostic("type", "`resize` expected rows and columns")
        }
        switch try compute(call["x"]) {
        case .picture(let picture): return .picture(try picture.resized(height: size[0], width: size[1], by: method))
        case .array(let array, let unit):
            return .array(NumericArray(try resized(array.tensor(), height: size[0], width: size[1], by: method)), unit: unit)
        default: throw Diagnostic("type", "`resize` expected a picture or a tensor")
        }
    }

    func rescale(_ call: Call) throws -> Computed {
        let low = call["low"].number ?? 0, high = call["high"].number ?? 1
        let tensor = try array(call["x"]).array.tensor()
        // One rounding to single precision for the usual 0 to 1, as dividing by 255 gives it.
        if low == 0, high == 1 { return .array(NumericArray(try Tensor(shape: tensor.shape, values: tensor.values.map { $0 / 255 })), unit: nil) }
        let values = tensor.values.map { Float(low + Double($0) / 255 * (high - low)) }
        return .array(NumericArray(try Tensor(shape: tensor.shape, values: values)), unit: nil)
    }
}
