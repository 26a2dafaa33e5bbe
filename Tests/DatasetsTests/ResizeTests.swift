import CSupport
import Diagnostics
import Glibc
import Tensors
import TestSupport
import Testing

@testable import Datasets

/// The pattern of make_pictures.py.
private func pattern(_ height: Int, _ width: Int, _ channels: Int) -> [UInt8] {
    var values: [UInt8] = []
    for y in 0..<height {
        for x in 0..<width {
            for k in 0..<channels {
                values.append(UInt8((x * x * 7 + y * y * 3 + x * y * 5 + k * 83 + ((x * 31 + y * 17 + k * 13) ^ (x * y))) & 255))
            }
        }
    }
    return values
}

private func checksum(_ picture: Picture) -> UInt32 { ecdx_crc32(picture.pixels, picture.pixels.count) }

@Suite(.timed) struct ResizeTests {
    @Test func bytesAreThoseOfOpenCV() throws {
        var cases = 0
        for line in try text(of: fixture("resize.txt")).split(separator: "\n") where line.hasPrefix("bytes") {
            let parts = line.split(separator: " ")
            let n = parts.dropFirst(2).compactMap { Int($0) }
            let source = try Picture(height: n[0], width: n[1], order: n[2] == 1 ? .grey : .rgb, pixels: pattern(n[0], n[1], n[2]))
            let result = try source.resized(height: n[3], width: n[4], by: #require(ResizeMethod(rawValue: String(parts[1]))))
            #expect(result.shape == [n[3], n[4], n[2]] && result.order == source.order)
            #expect(Int(checksum(result)) == n[5] && result.pixels.reduce(0) { $0 + Int($1) } == n[6], "\(line)")
            cases += 1
        }
        #expect(cases == 428)
    }

    /// Floats agree to 2e-6 of the largest value, 5: OpenCV adds in another order on some processors.
    @Test func floatsAreNearlyThoseOfOpenCV() throws {
        var cases = 0
        for line in try text(of: fixture("resize.txt")).split(separator: "\n") where line.hasPrefix("floats") {
            let parts = line.split(separator: " ")
            let n = parts[2...6].compactMap { Int($0) }
            let expected = parts.dropFirst(7).compactMap { Double($0) }
            let source = try Tensor(shape: [n[0], n[1], n[2]], values: pattern(n[0], n[1], n[2]).map { Float($0) / 51 })
            let result = try resized(source, height: n[3], width: n[4], by: #require(ResizeMethod(rawValue: String(parts[1]))))
            #expect(result.shape == [n[3], n[4], n[2]])
            let count = result.values.count
            let found =
                [result.values.reduce(0) { $0 + Double($1) } / Double(count)]
                + [0, count / 3, count / 2, count - 1].map { Double(result.values[$0]) }
            #expect(expected.count == 5)
            for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 1e-5, "\(line)") }
            cases += 1
        }
        #expect(cases == 34)
        let plane = try resized(Tensor(shape: [2, 2], values: [1, 2, 3, 4]), height: 1, width: 1, by: .area)
        #expect(plane.shape == [1, 1] && plane.values == [2.5])
    }

    @Test func aConstantStaysOne() throws {
        let source = try Picture(height: 31, width: 17, order: .rgb, pixels: [UInt8](repeating: 200, count: 31 * 17 * 3))
        for method in ResizeMethod.allCases {
            for size in [5, 17, 31, 40] {
                #expect(try source.resized(height: size, width: size, by: method).pixels.allSatisfy { $0 == 200 })
            }
        }
    }

    @Test func refusesSizes() throws {
        let source = try Picture(height: 1, width: 1, order: .grey, pixels: [7])
        for (height, width) in [(0, 1), (1, 0), (-1, 1), (16385, 1), (1, .max), (16384, 16384)] {
            try expectFault("shape") { _ = try source.resized(height: height, width: width, by: .area) }
        }
        try expectFault("shape") { _ = try resized(Tensor(zeros: [4]), height: 1, width: 1, by: .area) }
        try expectFault("shape") { _ = try resized(Tensor(zeros: [4, 0]), height: 1, width: 1, by: .bilinear) }
        #expect(try source.resized(height: 16384, width: 1, by: .bilinear).pixels.count == 16384)
    }
}

private let sfeFolder = PublishedData.stackingFaults.folder(for: "the tests over the 137 images")

@Suite(.timed) struct PublishedPictureTests {
    @Test(.enabled(if: sfeFolder != nil, "set ECDX_SFE to the folder of the published images"))
    func readsAndResizesThemAll() throws {
        let folder = try #require(sfeFolder)
        var count = 0
        for line in try text(of: fixture("sfe-sums.txt")).split(separator: "\n") {
            let parts = line.split(separator: " ").compactMap { UInt32($0) }
            let image = try readPicture(path: folder + "/images/CHGCAR-\(parts[0]).png", channels: .bgr)
            #expect(image.shape == [146, 392, 3])
            let half = try image.resized(height: 73, width: 196, by: .area)
            let area = try image.resized(height: 75, width: 196, by: .area)
            let linear = try image.resized(height: 75, width: 196, by: .bilinear)
            #expect([image, half, area, linear].map(checksum) == Array(parts[1...]), "image \(parts[0])")
            count += 1
            guard parts[0] == 1 else { continue }
            func pixel(_ picture: Picture, _ row: Int, _ column: Int) -> [UInt8] {
                Array(picture.pixels[((row * picture.width + column) * 3)...].prefix(3))
            }
            func sum(_ picture: Picture) -> Int { picture.pixels.reduce(0) { $0 + Int($1) } }
            #expect(pixel(image, 0, 0) == [6, 30, 23] && pixel(image, 50, 100) == [254, 247, 254])
            #expect(pixel(half, 0, 0) == [26, 148, 117] && pixel(half, 36, 98) == [232, 240, 0])
            #expect(sum(half) == 8_574_557 && sum(area) == 8_806_947)
        }
        #expect(count == 137)
    }
}
