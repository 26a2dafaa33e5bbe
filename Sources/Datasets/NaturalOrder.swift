/// Whether `a` comes before `b` when runs of digits count as numbers, of any length: `image-9` before `image-10`.
///
/// Other characters compare by their bytes in UTF-8. Texts that differ only in leading zeros are ordered by their bytes, so
/// that the order is total.
public func naturalLess(_ a: String, _ b: String) -> Bool {
    withBytes(of: a) { x in withBytes(of: b) { y in naturalLess(x, y) } }
}

private func withBytes<R>(of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    // Sorting a large table asks millions of times; a copy each time would cost more than the comparing.
    text.utf8.withContiguousStorageIfAvailable(body) ?? Array(text.utf8).withUnsafeBufferPointer(body)
}

private func naturalLess(_ x: UnsafeBufferPointer<UInt8>, _ y: UnsafeBufferPointer<UInt8>) -> Bool {
    var i = 0
    var j = 0
    while i < x.count, j < y.count {
        if isDigit(x[i]), isDigit(y[j]) {
            while i < x.count, x[i] == 48 { i += 1 }
            while j < y.count, y[j] == 48 { j += 1 }
            let endI = endOfDigits(x, i)
            let endJ = endOfDigits(y, j)
            if endI - i != endJ - j { return endI - i < endJ - j }
            while i < endI, x[i] == y[j] {
                i += 1
                j += 1
            }
            if i < endI { return x[i] < y[j] }
        } else {
            if x[i] != y[j] { return x[i] < y[j] }
            i += 1
            j += 1
        }
    }
    if x.count - i != y.count - j { return x.count - i < y.count - j }
    return x.lexicographicallyPrecedes(y)
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

private func endOfDigits(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var end = start
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    return end
}
