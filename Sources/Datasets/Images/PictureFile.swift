import CImages
import Diagnostics
import Storage

/// The size and the kind of a picture from the header of its file, its orientation taken into account.
public struct PictureHeader: Sendable, Equatable {
    /// The sides in pixels.
    public let height: Int, width: Int
    /// Whether the picture is grey.
    public let isGrey: Bool
}

/// The limits on what a picture's file may ask for.
public struct PictureLimits: Sendable {
    /// The largest width times height.
    public var pixels: Int
    /// The most bytes for the values, and for what the decoder needs beside them.
    public var memory: Int
    /// The most bytes of the file itself.
    public var file: Int

    /// Makes limits, by default 2^26 pixels, 512 MiB of memory and a file of 256 MiB.
    public init(pixels: Int = 1 << 26, memory: Int = 1 << 29, file: Int = 1 << 28) {
        self.pixels = pixels
        self.memory = memory
        self.file = file
    }
}

/// The treatment of a grey file where colours were asked for.
public enum GreyPictures: String, Sendable, Codable, CaseIterable {
    /// Refuse the file with a `bad-image` diagnostic.
    case refuse
    /// Repeat the grey channel as three equal ones.
    case `repeat`
}

/// Reads a PNG or JPEG file, told apart by its first bytes, into the channels asked for.
///
/// The values are those of OpenCV's `imread`: alpha and transparent colours are dropped (not composed over a background), of
/// 16 bits the high byte is kept, palettes and depths below 8 bits are expanded, gamma and colour profiles are passed over,
/// and the orientation in Exif is applied. Colours asked for as grey are those of `Picture.ordered`.
///
/// Throws `cannot-read`, and `bad-image` for a file that is no picture, is cut off or damaged, has more pixels than the
/// limits allow or than its bytes can hold, is of a kind that is not read (CMYK, 12 bits or arithmetic codes in a JPEG), or
/// is grey where colours were asked for and `grey` refuses.
public func readPicture(
    path: String, channels: ChannelOrder, grey: GreyPictures = .refuse, limits: PictureLimits = PictureLimits()
) throws -> Picture {
    var (picture, orientation) = try stored(path: path, limits: limits)
    if picture.order == .grey, channels != .grey, grey == .refuse {
        throw PictureFault.make(
            path, "expected a picture of three channels, found a grey one",
            hint: "read it as `grey`, or say that the grey channel is to be repeated")
    }
    picture.order(as: channels)
    picture.orient(orientation)
    return picture
}

/// The picture of a file as it is stored there, and its orientation. The bytes of the file are gone when this returns.
private func stored(path: String, limits: PictureLimits) throws -> (Picture, orientation: Int) {
    let bytes = try pictureBytes(path: path, limits: limits)
    var image = try decode(bytes, path: path, limits: limits, into: nil)
    let pixels = try [UInt8](unsafeUninitializedCapacity: image.count) { pixels, count in
        image = try decode(bytes, path: path, limits: limits, into: pixels)
        count = image.count
    }
    let order: ChannelOrder = image.channels == 1 ? .grey : .rgb
    return (try Picture(height: Int(image.height), width: Int(image.width), order: order, pixels: pixels), Int(image.orientation))
}

/// Reads the header of a PNG or JPEG file; the pixels may still be damaged. Throws as `readPicture`.
public func readPictureHeader(path: String, limits: PictureLimits = PictureLimits()) throws -> PictureHeader {
    let bytes = try pictureBytes(path: path, limits: limits)
    let image = try decode(bytes, path: path, limits: limits, into: nil)
    let swaps = image.orientation >= 5
    return PictureHeader(
        height: Int(swaps ? image.width : image.height), width: Int(swaps ? image.height : image.width), isGrey: image.channels == 1)
}

/// The diagnostics for faults of a picture's file.
enum PictureFault {
    static func make(_ path: String, _ message: String, hint: String? = nil) -> Diagnostic {
        Diagnostic("bad-image", message, data: DataPlace(file: path), hint: hint)
    }
}

private enum Format {
    case png, jpeg

    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else {
            return nil
        }
    }
}

/// The bytes of a file that begins as a picture does; a long one that does not is never read whole.
private func pictureBytes(path: String, limits: PictureLimits) throws -> FileBytes {
    let head = try FileBytes.head(path: path, wanted: 8)
    try head.withBytes { bytes in
        guard Format(bytes) == nil else { return }
        let found =
            bytes.isEmpty
            ? "an empty file"
            : bytes.starts(with: [0x89, 0x50]) || bytes.starts(with: [0xFF, 0xD8])
                ? "one cut off or damaged in its first bytes" : "another file"
        throw PictureFault.make(path, "expected a PNG or JPEG picture, found \(found)")
    }
    guard head.stored <= limits.file else {
        throw PictureFault.make(path, "expected a file of at most \(limits.file) bytes, found \(head.stored)")
    }
    return try FileBytes.read(path: path)
}

/// Decodes a picture into the memory given; the header alone where there is none.
private func decode(
    _ bytes: FileBytes, path: String, limits: PictureLimits, into pixels: UnsafeMutableBufferPointer<UInt8>?
) throws -> ecdx_image {
    let (into, room) = (pixels?.baseAddress, pixels?.count ?? 0)
    var image = ecdx_image()
    var message = [CChar](repeating: 0, count: 256)
    let bounds = ecdx_image_limits(pixels: UInt64(max(0, limits.pixels)), memory: UInt64(max(0, limits.memory)))
    let status = bytes.withBytes { buffer -> CInt in
        withUnsafePointer(to: bounds) { bounds in
            switch Format(buffer) {
            case .png: ecdx_png_decode(buffer.baseAddress, buffer.count, bounds, into, room, &image, &message, message.count)
            case .jpeg: ecdx_jpeg_decode(buffer.baseAddress, buffer.count, bounds, into, room, &image, &message, message.count)
            case nil: 1
            }
        }
    }
    guard status == 0 else {
        let text = String(cBuffer: message)
        throw PictureFault.make(path, text.isEmpty ? "the picture changed while it was read" : text)
    }
    return image
}
