import Diagnostics
import Tensors

/// A method of resizing; each does what OpenCV's `cv2.resize` does under the name given.
public enum ResizeMethod: String, Sendable, Codable, CaseIterable {
    /// The mean of the area of the source that a pixel covers (INTER_AREA). Where either side grows, both are interpolated
    /// between the two nearest pixels at positions of their own, as OpenCV has it.
    case area
    /// Linear interpolation between the two nearest pixels of each axis, centres at halves, no smoothing before shrinking
    /// (INTER_LINEAR). A shrink to exactly half in both axes is the mean of four, as OpenCV has it.
    case bilinear
}

extension Picture {
    /// The picture at another size: 8-bit values in and out, equal to OpenCV's for pictures of 8 bits, rounding included.
    /// Throws `shape` for a side below 1 or above 16384, or more than 67108864 pixels.
    public func resized(height: Int, width: Int, by method: ResizeMethod) throws -> Picture {
        let plan = try ResizePlan(from: (self.height, self.width), to: (height, width), channels: channels, method)
        switch plan.kernel {
        case .copy: return self
        case .block(let rows, let columns): return try with(plan, pixels: plan.blockMeans(of: pixels, rows, columns))
        case .area(let rows, let columns):
            // Halves go to the even neighbour here, and up in the mean of 2 x 2: both are OpenCV's.
            let values = plan.areaMeans(of: pixels, rows, columns) { Float($0) }
            return try with(plan, pixels: values.map { UInt8(max(0, min(255, $0.rounded(.toNearestOrEven)))) })
        case .linear(let rows, let columns): return try with(plan, pixels: plan.interpolated(pixels, rows, columns))
        }
    }

    private func with(_ plan: ResizePlan, pixels: [UInt8]) throws -> Picture {
        try Picture(height: plan.target.height, width: plan.target.width, order: order, pixels: pixels)
    }
}

/// A tensor of height x width, or height x width x channels, at another size, in single precision and without rounding to
/// whole numbers: what OpenCV does with arrays of floats, up to the last bits. Throws `shape` for another rank, an empty
/// tensor, a side below 1 or above 16384, or more than 67108864 pixels.
public func resized(_ tensor: Tensor, height: Int, width: Int, by method: ResizeMethod) throws -> Tensor {
    let extents = tensor.shape.extents
    guard extents.count == 2 || extents.count == 3, tensor.shape.count > 0 else {
        throw Diagnostic("shape", "expected height x width or height x width x channels to resize, found a tensor of shape \(tensor.shape)")
    }
    let channels = extents.count == 3 ? extents[2] : 1
    let plan = try ResizePlan(from: (extents[0], extents[1]), to: (height, width), channels: channels, method)
    let shape = Shape([height, width] + extents.dropFirst(2))
    switch plan.kernel {
    case .copy: return tensor
    case .block(let rows, let columns): return try Tensor(shape: shape, values: plan.blockMeans(of: tensor.values, rows, columns))
    case .area(let rows, let columns): return try Tensor(shape: shape, values: plan.areaMeans(of: tensor.values, rows, columns) { $0 })
    case .linear(let rows, let columns): return try Tensor(shape: shape, values: plan.interpolated(tensor.values, rows, columns))
    }
}

/// Checks a size before a run. Throws `shape` for a side below 1 or above 16384, or more than 67108864 pixels.
public func checkResize(rows: Int, columns: Int) throws {
    let most = ResizePlan.longestSide
    guard (1...most).contains(rows), (1...most).contains(columns), rows * columns <= 1 << 26 else {
        throw Diagnostic(
            "shape", "expected a size of 1 to \(most) rows and columns and at most \(1 << 26) pixels, found \(rows) x \(columns)")
    }
}

/// The computation that leads from one size to another.
struct ResizePlan {
    static let longestSide = 16384

    typealias Size = (height: Int, width: Int)

    enum Kernel {
        case copy
        /// Means of blocks of this many rows and columns.
        case block(Int, Int)
        case area([AreaTerm], [AreaTerm])
        case linear([LinearTerm], [LinearTerm])
    }

    let source: Size, target: Size
    let channels: Int
    let kernel: Kernel

    init(from source: Size, to target: Size, channels: Int, _ method: ResizeMethod) throws {
        try checkResize(rows: target.height, columns: target.width)
        self.source = source
        self.target = target
        self.channels = channels
        // One divided by the ratio, as OpenCV computes it: where that is not exact, no whole factor is seen.
        let rowScale = 1 / (Double(target.height) / Double(source.height))
        let columnScale = 1 / (Double(target.width) / Double(source.width))
        let rows = Int(rowScale.rounded(.toNearestOrEven))
        let columns = Int(columnScale.rounded(.toNearestOrEven))
        let isWhole = abs(rowScale - Double(rows)) < Double.ulpOfOne && abs(columnScale - Double(columns)) < Double.ulpOfOne
        let halves = isWhole && rows == 2 && columns == 2
        let shrinks = rowScale >= 1 && columnScale >= 1
        if source == target {
            kernel = .copy
        } else if shrinks, isWhole, method == .area || halves, rows * target.height == source.height, columns * target.width == source.width
        {
            kernel = .block(rows, columns)
        } else if shrinks, method == .area {
            kernel = .area(
                areaTerms(from: source.height, to: target.height, scale: rowScale),
                areaTerms(from: source.width, to: target.width, scale: columnScale))
        } else {
            kernel = .linear(
                linearTerms(from: source.height, to: target.height, scale: rowScale, method, isColumns: false),
                linearTerms(from: source.width, to: target.width, scale: columnScale, method, isColumns: true))
        }
    }
}
