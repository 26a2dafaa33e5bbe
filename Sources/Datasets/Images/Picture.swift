import Diagnostics
import Tensors

/// The channels of a picture, in the order in which they follow each other in memory.
public enum ChannelOrder: String, Sendable, Codable, CaseIterable {
    /// Red, green, blue; blue, green, red; or grey alone.
    case rgb, bgr, grey

    /// The number of channels, 1 or 3.
    public var count: Int { self == .grey ? 1 : 3 }
}

/// A picture of 8 bits a value: height x width x channels, row by row from the top, channels fastest.
public struct Picture: Sendable, Equatable {
    /// The sides in pixels.
    public private(set) var height: Int, width: Int
    /// The channels and their order.
    public private(set) var order: ChannelOrder
    /// The values, row by row from the top, channels fastest.
    public private(set) var pixels: [UInt8]

    /// The number of channels, 1 or 3.
    public var channels: Int { order.count }
    /// The shape as a tensor: height x width x channels.
    public var shape: Shape { [height, width, channels] }

    /// Makes a picture of its values. Throws `shape` where the count of values is not height x width x channels, or where
    /// there is no pixel.
    public init(height: Int, width: Int, order: ChannelOrder, pixels: [UInt8]) throws {
        let shape: Shape = [height, width, order.count]
        guard height > 0, width > 0, shape.checkedCount == pixels.count else {
            throw Diagnostic(
                "shape",
                """
                expected \(shape.checkedCount.map(String.init) ?? "too many") values for a picture of shape \(shape), found \(pixels.count)
                """
            )
        }
        self.height = height
        self.width = width
        self.order = order
        self.pixels = pixels
    }

    /// The picture as a tensor of height x width x channels: its values as they are, 0 to 255, or divided by 255 in single
    /// precision.
    public func tensor(rescaled: Bool) throws -> Tensor {
        let most: Float = rescaled ? 255 : 1
        let values = (0...255).map { Float($0) / most }
        return try Tensor(shape: shape, values: pixels.map { values[Int($0)] })
    }

    /// The same picture with its channels in another order. Colours become grey as OpenCV's `cvtColor` has it, 0.299 R +
    /// 0.587 G + 0.114 B in 15 bits, rounded; grey becomes three equal channels.
    public func ordered(_ order: ChannelOrder) -> Picture {
        var picture = self
        picture.order(as: order)
        return picture
    }

    /// Puts the channels in another order, as `ordered` does: colours where they lie.
    mutating func order(as order: ChannelOrder) {
        guard order != self.order else { return }
        let isRGB = self.order == .rgb
        if self.order == .grey {
            pixels = [UInt8](unsafeUninitializedCapacity: pixels.count * 3) { colours, count in
                for (index, value) in pixels.enumerated() { for channel in 0..<3 { colours[index * 3 + channel] = value } }
                count = pixels.count * 3
            }
        } else if order == .grey {
            pixels = [UInt8](unsafeUninitializedCapacity: pixels.count / 3) { greys, count in
                for pixel in 0..<(pixels.count / 3) {
                    let (first, green, last) = (pixels[pixel * 3], pixels[pixel * 3 + 1], pixels[pixel * 3 + 2])
                    let (red, blue) = isRGB ? (first, last) : (last, first)
                    greys[pixel] = UInt8(truncatingIfNeeded: (Int(red) * 9798 + Int(green) * 19235 + Int(blue) * 3735 + 16384) >> 15)
                }
                count = pixels.count / 3
            }
        } else {
            pixels.withUnsafeMutableBufferPointer { pixels in
                for pixel in stride(from: 0, to: pixels.count - 2, by: 3) { pixels.swapAt(pixel, pixel + 2) }
            }
        }
        self.order = order
    }

    /// Turns and mirrors the picture as an orientation of Exif, 1 to 8, asks: 2 mirrors left and right, 3 turns by 180
    /// degrees, 6 by 90 degrees clockwise, 8 counter-clockwise; 5 to 8 swap width and height. Others leave it as it is.
    mutating func orient(_ orientation: Int) {
        guard (2...8).contains(orientation) else { return }
        let (height, width, channels) = (height, width, channels)
        let swaps = orientation >= 5
        let rows = swaps ? width : height
        let columns = swaps ? height : width
        pixels = [UInt8](unsafeUninitializedCapacity: pixels.count) { values, count in
            for row in 0..<rows {
                for column in 0..<columns {
                    let (y, x) =
                        switch orientation {
                        case 2: (row, width - 1 - column)
                        case 3: (height - 1 - row, width - 1 - column)
                        case 4: (height - 1 - row, column)
                        case 5: (column, row)
                        case 6: (height - 1 - column, row)
                        case 7: (height - 1 - column, width - 1 - row)
                        default: (column, width - 1 - row)
                        }
                    for channel in 0..<channels {
                        values[(row * columns + column) * channels + channel] = pixels[(y * width + x) * channels + channel]
                    }
                }
            }
            count = pixels.count
        }
        (self.height, self.width) = (rows, columns)
    }
}
