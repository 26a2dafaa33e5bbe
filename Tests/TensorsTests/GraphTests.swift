import Diagnostics
import Tensors
import TestSupport
import Testing

@Suite(.timed) struct GraphTests {
    /// Against the definition: count the places where a window fits, for every small size.
    @Test func windowsCountTheirPlaces() throws {
        for extent in 1...9 {
            for window in 1...4 {
                for stride in 1...3 {
                    let places = stride_(extent, window, stride)
                    let operation = Operation.pool(.max, size: [window, window], strides: [stride, stride], padding: .valid)
                    if places == 0 {
                        #expect(throws: Diagnostic.self) { try operation.outputShape(of: [[extent, extent, 2]], layer: "p") }
                    } else {
                        #expect(try operation.outputShape(of: [[extent, extent, 2]], layer: "p") == [places, places, 2])
                    }
                    let same = Operation.pool(.max, size: [window, window], strides: [stride, stride], padding: .same)
                    #expect(
                        try same.outputShape(of: [[extent, extent, 2]], layer: "p").extents[0]
                            == Int((Double(extent) / Double(stride)).rounded(.up)))
                }
            }
        }
    }

    private func stride_(_ extent: Int, _ window: Int, _ step: Int) -> Int {
        stride(from: 0, through: extent - window, by: step).reduce(0) { count, _ in count + 1 }
    }

    @Test func denseWantsAVector() {
        #expect(throws: Diagnostic.self) {
            try Operation.dense(units: 1, kernel: "k", bias: nil).outputShape(of: [[2, 2, 1]], layer: "dense_1")
        }
    }

    @Test func shapesThatOverflowAreRefused() {
        #expect(Shape([1 << 40, 1 << 40]).checkedCount == nil)
        #expect(Shape([-1, 2]).checkedCount == nil)
        #expect(throws: Diagnostic.self) { try Tensor(shape: [2, 2], values: [1]) }
    }
}
