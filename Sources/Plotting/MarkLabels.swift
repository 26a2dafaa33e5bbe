/// The label of a mark above a panel: where it stands, and in which row, so that labels do not run into one another.
struct MarkLabel {
    var mark: Mark
    /// The place along the frame, from 0 to 1.
    var fraction: Double
    /// `left`, `center` or `right`: near an end the text grows inwards.
    var align: String
    /// The row above the frame, from 0.
    var row: Int
}

extension Panel {
    /// The labels of the marks that can be shown, each in the lowest row in which it has room. `width`: that of the frame.
    func markLabels(_ range: AxisRange, width: Double) -> [MarkLabel] {
        var ends: [Double] = []
        return marks.filter { x.canShow($0.x) }.sorted { $0.x < $1.x }.map { mark in
            let fraction = range.fraction(mark.x)
            let size = textWidth(mark.label, size: Measure.text)
            let align = fraction < 0.2 ? "left" : fraction > 0.8 ? "right" : "center"
            let start = fraction * width - (align == "left" ? 0 : align == "right" ? size : size / 2)
            let row = ends.firstIndex { $0 + 8 <= start } ?? ends.count
            if row == ends.count { ends.append(0) }
            ends[row] = start + size
            return MarkLabel(mark: mark, fraction: fraction, align: align, row: row)
        }
    }

    /// The number of rows that the labels of the marks take.
    func markRows(_ range: AxisRange, width: Double) -> Int { markLabels(range, width: width).map { $0.row + 1 }.max() ?? 0 }
}
