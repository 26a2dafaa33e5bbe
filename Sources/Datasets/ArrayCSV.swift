import Diagnostics
import Storage
import Tensors

/// An array as comma-separated values without a header: a matrix line by line, a vector one number a line, a scalar alone.
/// Each number has the fewest digits that read back as the same one, those of a `Float` where the precision is single.
/// Throws `shape` for more than two axes and for rows without columns.
public func arrayCSV(_ array: NumericArray) throws -> String {
    guard array.shape.rank <= 2 else {
        throw Diagnostic(
            "shape", "expected at most two axes for comma-separated values, found a tensor of shape \(array.shape)",
            hint: "take a slice of it, or write it to a .npy file")
    }
    let columns = array.shape.rank == 2 ? array.shape.extents[1] : 1
    guard columns > 0 else {
        throw Diagnostic("shape", "expected at least one column for comma-separated values, found a tensor of shape \(array.shape)")
    }
    var text = ""
    for (index, value) in array.values.enumerated() {
        text += value.isNaN ? "nan" : array.precision == .single ? "\(Float(value))" : "\(value)"
        text += (index + 1) % columns == 0 ? "\n" : ","
    }
    return text
}

/// Reads a matrix of comma-separated numbers without a header, plain or gzip: rank 2, double precision. Lines end with LF,
/// CRLF or CR; a byte order mark and empty lines at the end are passed over. Numbers are those of `readCSV`, `nan` and `inf`
/// among them.
///
/// Throws `cannot-read`, and `bad-data` with the line for text, an empty cell, a row of another length, or no numbers at all.
public func readArrayCSV(_ path: String) throws -> NumericArray {
    let bytes = try FileBytes.read(path: path)
    return try bytes.withBytes { buffer in
        var values: [Double] = []
        var columns = 0
        var line = 0
        var rest = buffer[...]
        var empty: Int?
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        func bad(_ message: String, line: Int?, hint: String? = nil) -> Diagnostic {
            Diagnostic("bad-data", message, data: DataPlace(file: path, line: line), hint: hint)
        }
        while !rest.isEmpty {
            let end = rest.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? rest.endIndex
            let row = rest[rest.startIndex..<end]
            let isPair = end + 1 < rest.endIndex && rest[end] == UInt8(ascii: "\r") && rest[end + 1] == UInt8(ascii: "\n")
            rest = rest[min(end + (isPair ? 2 : 1), rest.endIndex)...]
            line += 1
            guard !row.isEmpty else {
                empty = empty ?? line
                continue
            }
            if let empty { throw bad("expected numbers, found an empty line", line: empty) }
            let before = values.count
            for cell in row.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
                if let value = number(cell) {
                    values.append(value)
                    continue
                }
                let text = String(decoding: cell, as: UTF8.self)
                let shown = text.count > 24 ? text.prefix(24) + "..." : text[...]
                throw bad(
                    shown.allSatisfy(\.isWhitespace) ? "expected a number, found an empty cell" : "expected a number, found `\(shown)`",
                    line: line,
                    hint: line == 1 ? "`csv(...)` reads tables whose first line is a header" : nil)
            }
            if line == 1 { columns = values.count }
            guard values.count - before == columns else {
                throw bad("expected \(columns) cells, found \(values.count - before)", line: line)
            }
        }
        guard columns > 0 else { throw bad("expected numbers, found an empty file", line: nil) }
        return try NumericArray(shape: [values.count / columns, columns], values: values, precision: .double)
    }
}

/// The number in a cell; the bytes behind it in the file stop the scan.
private func number(_ cell: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    let bytes = UnsafeBufferPointer(rebasing: cell)
    if isPlain(bytes), let value = decimal(bytes) { return value }
    return cellNumber(String(decoding: bytes, as: UTF8.self))
}
