import Diagnostics

/// The part taken of one axis: one position, which drops the axis, or a half-open range of positions. Positions count from 0.
public enum AxisSlice: Sendable, Hashable {
    /// One position, which drops the axis.
    case at(Int)
    /// The positions from the first bound up to, not including, the second.
    case range(Int, Int)
    /// Every so many positions from the first bound up to, not including, the second.
    case stepped(Int, Int, by: Int)
}

extension NumericArray {
    /// The shape of the part that `slices` take, one slice an axis from the first axis on; axes behind the last slice stay whole.
    /// Throws `out-of-range`.
    public static func slicedShape(_ shape: Shape, _ slices: [AxisSlice]) throws -> Shape {
        guard slices.count <= shape.rank else {
            throw Diagnostic(
                "out-of-range",
                """
                there \(shape.rank == 1 ? "is 1 axis" : "are \(shape.rank) axes") in a tensor of shape \(shape), \
                found \(slices.count) positions
                """
            )
        }
        var extents: [Int] = []
        for (axis, slice) in slices.enumerated() {
            let extent = shape.extents[axis]
            switch slice {
            case .at(let place):
                guard place >= 0, place < extent else {
                    throw Diagnostic(
                        "out-of-range", "there is no item \(place) on axis \(axis) of a tensor of shape \(shape)",
                        hint: "positions count from 0, and from the end as -1, -2")
                }
            case .range(let low, let high):
                guard low >= 0, low <= high, high <= extent else {
                    throw Diagnostic(
                        "out-of-range", "the slice \(low):\(high) does not lie on axis \(axis) of a tensor of shape \(shape)",
                        hint: "positions count from 0, and a slice ends before its end")
                }
                extents.append(high - low)
            case .stepped(let low, let high, let step):
                guard low >= 0, low <= high, high <= extent, step > 0 else {
                    throw Diagnostic(
                        "out-of-range", "the slice \(low):\(high):\(step) does not lie on axis \(axis) of a tensor of shape \(shape)",
                        hint: "positions count from 0, and a slice ends before its end")
                }
                extents.append(stride(from: low, to: high, by: step).underestimatedCount)
            }
        }
        return Shape(extents + shape.extents[slices.count...])
    }

    /// The part of the array that `slices` take, in the same precision. Throws `out-of-range`.
    public func sliced(_ slices: [AxisSlice]) throws -> NumericArray {
        let shape = try NumericArray.slicedShape(self.shape, slices)
        guard shape.count > 0 else { return NumericArray(shape: shape, exact: [], precision: precision) }
        if slices.contains(where: { if case .stepped = $0 { true } else { false } }) { return stepped(slices, shape) }
        let bounds = slices.enumerated().map { axis, slice in
            switch slice {
            case .at(let place): place..<place + 1
            case .range(let low, let high), .stepped(let low, let high, _): low..<high
            }
        }
        // From the last slice that leaves something out on, the rest lies together.
        let cut = bounds.indices.last { bounds[$0].count < self.shape.extents[$0] } ?? -1
        guard cut >= 0 else { return NumericArray(shape: shape, exact: values, precision: precision) }
        let inner = self.shape.extents[(cut + 1)...].reduce(1, *)
        let run = bounds[cut].count * inner
        var strides = [Int](repeating: inner, count: cut + 1)
        for axis in stride(from: cut, to: 0, by: -1) { strides[axis - 1] = strides[axis] * self.shape.extents[axis] }
        var indices = bounds[..<cut].map(\.lowerBound)
        var new: [Double] = []
        new.reserveCapacity(shape.count)
        while new.count < shape.count {
            var start = bounds[cut].lowerBound * inner
            for axis in 0..<cut { start += indices[axis] * strides[axis] }
            new.append(contentsOf: values[start..<start + run])
            for axis in (0..<cut).reversed() {
                indices[axis] += 1
                if indices[axis] < bounds[axis].upperBound { break }
                indices[axis] = bounds[axis].lowerBound
            }
        }
        return NumericArray(shape: shape, exact: new, precision: precision)
    }

    /// The part of the array that slices with steps take, number by number; they lie in the array, and `shape` is that of the part.
    private func stepped(_ slices: [AxisSlice], _ shape: Shape) -> NumericArray {
        var starts = [0]
        for (axis, extent) in self.shape.extents.enumerated() {
            let taken: [Int] =
                switch slices.indices.contains(axis) ? slices[axis] : .range(0, extent) {
                case .at(let place): [place]
                case .range(let low, let high): Array(low..<high)
                case .stepped(let low, let high, let step): Array(stride(from: low, to: high, by: step))
                }
            starts = starts.flatMap { start in taken.map { start * extent + $0 } }
        }
        return NumericArray(shape: shape, exact: starts.map { values[$0] }, precision: precision)
    }

    /// The transposed array, with the axes in reverse order, as numpy's `T`: rows and columns of a matrix change places, a vector
    /// stays.
    public func transposed() throws -> NumericArray {
        let shape = Shape(self.shape.extents.reversed())
        // Axes of extent 1 move nothing.
        let axes = self.shape.extents.filter { $0 > 1 }
        guard values.count > 0, axes.count > 1 else { return NumericArray(shape: shape, exact: values, precision: precision) }
        var new = values
        if axes.count == 2 {
            turn(rows: axes[0], columns: axes[1], into: &new)
        } else {
            var strides = [Int](repeating: 1, count: axes.count)
            for axis in stride(from: axes.count - 1, to: 0, by: -1) { strides[axis - 1] = strides[axis] * axes[axis] }
            var indices = [Int](repeating: 0, count: axes.count)
            var place = 0
            for i in new.indices {
                new[i] = values[place]
                for axis in axes.indices {
                    indices[axis] += 1
                    place += strides[axis]
                    if indices[axis] < axes[axis] { break }
                    place -= strides[axis] * axes[axis]
                    indices[axis] = 0
                }
            }
        }
        return NumericArray(shape: shape, exact: new, precision: precision)
    }

    /// Transposes a matrix square by square, since a column of a large matrix touches a line of cache a number.
    private func turn(rows: Int, columns: Int, into new: inout [Double]) {
        let side = 32
        for top in stride(from: 0, to: rows, by: side) {
            for left in stride(from: 0, to: columns, by: side) {
                for row in top..<min(top + side, rows) {
                    for column in left..<min(left + side, columns) { new[column * rows + row] = values[row * columns + column] }
                }
            }
        }
    }

    /// The same values, in the same order, under another shape of the same count. Throws `shape`.
    public func reshaped(_ shape: Shape) throws -> NumericArray {
        guard shape.checkedCount == values.count else {
            throw Diagnostic("shape", "expected a shape of \(values.count) elements for a tensor of shape \(self.shape), found \(shape)")
        }
        return NumericArray(shape: shape, exact: values, precision: precision)
    }
}
