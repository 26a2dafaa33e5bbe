import CSupport
import Diagnostics
import TestSupport
import Testing

@testable import Datasets

/// A line of pictures/expected.txt: a file, its channels, height and width, and what OpenCV reads in it.
private struct Expected {
    let file: String, order: ChannelOrder, height: Int, width: Int, pixels: [UInt8]

    static func all() throws -> [Expected] {
        try text(of: fixture("pictures/expected.txt")).split(separator: "\n").map { line in
            let parts = line.split(separator: " ").map(String.init)
            let hex = Array(parts[4].utf8)
            let pixels = stride(from: 0, to: hex.count, by: 2).compactMap {
                UInt8(String(decoding: hex[$0..<($0 + 2)], as: UTF8.self), radix: 16)
            }
            return Expected(
                file: parts[0], order: try #require(ChannelOrder(rawValue: parts[1])), height: try #require(Int(parts[2])),
                width: try #require(Int(parts[3])), pixels: pixels)
        }
    }
}

private func picture(_ name: String) -> String { fixture("pictures/" + name) }

@Suite(.timed) struct PictureTests {
    @Test func readsWhatOpenCVReads() throws {
        let all = try Expected.all()
        #expect(all.count == 55)
        for expected in all {
            let read = try readPicture(path: picture(expected.file), channels: expected.order)
            #expect(read.shape == [expected.height, expected.width, expected.order.count], "\(expected.file)")
            #expect(read.pixels == expected.pixels, "\(expected.file)")
            let header = try readPictureHeader(path: picture(expected.file))
            #expect(
                header == PictureHeader(height: expected.height, width: expected.width, isGrey: expected.order == .grey), "\(expected.file)"
            )
        }
    }

    @Test func ordersChannels() throws {
        let bgr = try readPicture(path: picture("filtered.png"), channels: .bgr)
        let rgb = try readPicture(path: picture("filtered.png"), channels: .rgb)
        #expect(rgb.pixels != bgr.pixels)
        for pixel in stride(from: 0, to: rgb.pixels.count, by: 3) {
            #expect(rgb.pixels[pixel..<(pixel + 3)].elementsEqual(bgr.pixels[pixel..<(pixel + 3)].reversed()))
        }
        #expect(rgb.ordered(.bgr) == bgr && bgr.ordered(.rgb) == rgb)
        let grey = try readPicture(path: picture("filtered.png"), channels: .grey)
        #expect(grey.channels == 1 && rgb.ordered(.grey) == grey)
        // cv2.cvtColor of these three.
        let colours = try Picture(height: 1, width: 3, order: .bgr, pixels: [200, 100, 10, 1, 2, 3, 255, 255, 255])
        #expect(colours.ordered(.grey).pixels == [84, 2, 255])
    }

    @Test func turnsAsExifAsks() throws {
        // 1 2 3
        // 4 5 6
        let picture = try Picture(height: 2, width: 3, order: .grey, pixels: [1, 2, 3, 4, 5, 6])
        let turned: [[UInt8]] = [
            [1, 2, 3, 4, 5, 6], [3, 2, 1, 6, 5, 4], [6, 5, 4, 3, 2, 1], [4, 5, 6, 1, 2, 3], [1, 4, 2, 5, 3, 6], [4, 1, 5, 2, 6, 3],
            [6, 3, 5, 2, 4, 1], [3, 6, 2, 5, 1, 4],
        ]
        for (orientation, pixels) in turned.enumerated() {
            for order in [ChannelOrder.grey, .rgb] {
                var found = picture.ordered(order)
                found.orient(orientation + 1)
                #expect(found.shape == (orientation < 4 ? [2, 3, order.count] : [3, 2, order.count]))
                #expect(found.ordered(.grey).pixels == pixels, "\(orientation + 1)")
            }
        }
    }

    @Test func refusesGreyWhereColoursAreAskedFor() throws {
        for file in ["grey8.png", "greyalpha16.png", "grey1-interlaced.png", "grey.jpg"] {
            let fault = diagnostic { _ = try readPicture(path: picture(file), channels: .bgr) }
            #expect(fault.id == "bad-image" && fault.message == "expected a picture of three channels, found a grey one")
            #expect(fault.data == DataPlace(file: picture(file)) && fault.hints.count == 1)
            let one = try readPicture(path: picture(file), channels: .grey)
            let three = try readPicture(path: picture(file), channels: .rgb, grey: .repeat)
            #expect(three.channels == 3 && three.pixels == one.pixels.flatMap { [$0, $0, $0] })
        }
        // A colour file whose channels agree is a colour file.
        #expect(try readPicture(path: picture("palette1.png"), channels: .rgb).channels == 3)
    }

    @Test func rescales() throws {
        let picture = try Picture(height: 2, width: 128, order: .grey, pixels: (0...255).map { UInt8($0) })
        let plain = try picture.tensor(rescaled: false)
        let rescaled = try picture.tensor(rescaled: true)
        #expect(plain.shape == [2, 128, 1] && plain.values == (0...255).map { Float($0) })
        // As a division in double precision that is rounded afterwards: the notebook of the paper divides before it converts.
        #expect(rescaled.values == (0...255).map { Float(Double($0) / 255) })
    }

    @Test func refusesSizesThatAreNone() throws {
        try expectFault("shape") { _ = try Picture(height: 2, width: 2, order: .rgb, pixels: [1, 2, 3]) }
        try expectFault("shape") { _ = try Picture(height: 0, width: 2, order: .rgb, pixels: []) }
        try expectFault("shape") { _ = try Picture(height: .max, width: 2, order: .rgb, pixels: []) }
    }
}

@Suite(.timed) struct BadPictureTests {
    private func fault(_ bytes: [UInt8], limits: PictureLimits = PictureLimits()) throws -> Diagnostic {
        try withFile("a.png", bytes) { path in
            let fault = diagnostic { _ = try readPicture(path: path, channels: .rgb, grey: .repeat, limits: limits) }
            #expect(fault.data == DataPlace(file: path))
            return fault
        }
    }

    @Test func refusesOtherFiles() throws {
        try expectFault("cannot-read", "no such file") { _ = try readPicture(path: "/nowhere/a.png", channels: .rgb) }
        try expectFault("cannot-read", "expected a file, found a folder") { _ = try readPicture(path: "/tmp", channels: .rgb) }
        #expect(try fault([]).message == "expected a PNG or JPEG picture, found an empty file")
        #expect(try fault(Array("GIF89a, no PNG".utf8)).message == "expected a PNG or JPEG picture, found another file")
        #expect(try fault([0x89, 0x50, 0x4E]).message == "expected a PNG or JPEG picture, found one cut off or damaged in its first bytes")
        let cmyk = diagnostic { _ = try readPicture(path: picture("cmyk.jpg"), channels: .rgb) }
        #expect(cmyk.id == "bad-image" && cmyk.message == "expected a grey or RGB picture, found a JPEG of four inks (CMYK)")
    }

    /// A PNG of this header and so many bytes behind it, with sound checksums.
    private func png(
        width: UInt32, height: UInt32, depth: UInt8 = 8, color: UInt8 = 2, interlaced: UInt8 = 0, rest: [UInt8] = []
    ) -> [UInt8] {
        func big(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
        func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
            let body = Array(type.utf8) + data
            return big(UInt32(data.count)) + body + big(ecdx_crc32(body, body.count))
        }
        return [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10] + chunk("IHDR", big(width) + big(height) + [depth, color, 0, 0, interlaced])
            + chunk("IDAT", rest)
    }

    @Test func believesNoHeader() throws {
        let large = png(width: 20000, height: 20000, rest: [UInt8](repeating: 0, count: 55))
        #expect(large.count == 100)
        #expect(try fault(large).message == "expected at most 67108864 pixels, found a header of 20000 x 20000")
        let generous = PictureLimits(pixels: 1 << 40, memory: 1 << 50)
        #expect(try fault(large, limits: generous).message == "expected a picture of 20000 x 20000, found 100 bytes, which cannot hold it")
        for (depth, color) in [(1, 0), (16, 6), (8, 3), (2, 3)] as [(UInt8, UInt8)] {
            for interlaced in [0, 1] as [UInt8] {
                for (width, height) in [(0x7FFF_FFFF, 0x7FFF_FFFF), (0x7FFF_FFFF, 1), (0xFFFF_FFFF, 1), (0, 5), (8192, 8192)]
                    as [(UInt32, UInt32)]
                {
                    let bytes = png(width: width, height: height, depth: depth, color: color, interlaced: interlaced)
                    #expect(try fault(bytes).id == "bad-image")
                    #expect(try fault(bytes, limits: PictureLimits(pixels: .max, memory: .max)).id == "bad-image")
                }
            }
        }
        var jpeg = try bytes(of: picture("colour420.jpg"))
        let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && $0 + 9 < jpeg.count && jpeg[$0 + 1] == 0xC0 })
        for offset in 5...8 { jpeg[frame + offset] = offset % 2 == 1 ? 0x4E : 0x20 }
        #expect(
            try fault(jpeg, limits: generous).message
                == "expected a picture of 20000 x 20000, found \(jpeg.count) bytes, which cannot hold it")
        #expect(try fault(jpeg).message == "expected at most 67108864 pixels, found a header of 20000 x 20000")
        let small = diagnostic { _ = try readPicture(path: picture("filtered.png"), channels: .rgb, limits: PictureLimits(memory: 100)) }
        #expect(small.message == "expected a picture of at most 100 bytes, found a header of 29 x 23")
        let short = diagnostic { _ = try readPicture(path: picture("filtered.png"), channels: .rgb, limits: PictureLimits(file: 100)) }
        #expect(short.message.hasPrefix("expected a file of at most 100 bytes, found "))
    }

    /// The whole of a progressive picture is kept while it is decoded, which counts too.
    @Test func boundsWhatTheDecoderNeeds() throws {
        let limits = PictureLimits(memory: 29 * 23 * 3)
        #expect(try readPicture(path: picture("colour444.jpg"), channels: .rgb, limits: limits).width == 29)
        let fault = diagnostic { _ = try readPicture(path: picture("progressive444.jpg"), channels: .rgb, limits: limits) }
        #expect(fault.message == "decoding it takes more memory than is allowed")
    }

    @Test(arguments: [
        "palette4-interlaced.png", "filtered.png", "grey16.png", "turned-behind.png", "colour420.jpg", "progressive444.jpg", "restarts.jpg",
        "exif6.jpg",
    ])
    func refusesEveryCut(_ name: String) throws {
        let whole = try bytes(of: picture(name))
        for length in whole.indices {
            let found = try fault(Array(whole.prefix(length)))
            #expect(found.id == "bad-image", "\(length) bytes")
        }
        let half = try fault(Array(whole.prefix(whole.count / 2))).message
        #expect(half.hasSuffix("data end too early, after \(whole.count / 2) bytes; the file is cut off"), "\(half)")
    }

    /// Any byte may be wrong: the outcome is a picture of a sane size or one diagnostic, never a fall.
    @Test(arguments: [
        "palette4-interlaced.png", "rgba16.png", "turned.png", "colour420.jpg", "progressive422.jpg", "restarts.jpg", "exif8.jpg",
    ])
    func survivesEveryByte(_ name: String) throws {
        let whole = try bytes(of: picture(name))
        let limits = PictureLimits(pixels: 1 << 20, memory: 1 << 24)
        var refused = 0
        for place in whole.indices {
            for change in [0x01, 0x80, 0xFF] as [UInt8] {
                var bytes = whole
                bytes[place] ^= change
                try withFile("a", bytes) { path in
                    do {
                        let read = try readPicture(path: path, channels: .rgb, grey: .repeat, limits: limits)
                        #expect(read.height * read.width <= 1 << 20)
                    } catch let found as Diagnostic {
                        #expect(found.id == "bad-image")
                        refused += 1
                    }
                }
            }
        }
        // The checksums of a PNG find every change; a JPEG has none.
        #expect(name.hasSuffix("png") ? refused >= whole.count * 3 - 250 : refused > 100)
    }

    @Test func refusesColoursThatThePaletteLacks() throws {
        var bytes = try bytes(of: picture("palette8.png"))
        let start = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("PLTE".utf8)) })
        // Three colours instead of 37, and the checksum that goes with them.
        bytes.removeSubrange((start + 4 + 9)..<(start + 4 + 37 * 3 + 4))
        bytes[start - 1] = 9
        let sum = ecdx_crc32(Array(bytes[start..<(start + 13)]), 13)
        bytes.insert(contentsOf: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }, at: start + 13)
        let message = try fault(bytes).message
        #expect(message.hasPrefix("a pixel has colour ") && message.hasSuffix(" of a palette of 3"), "\(message)")
    }
}
