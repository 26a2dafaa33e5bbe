import CUTF8proc
import Diagnostics

/// A normal form of Unicode (UAX 15).
enum NormalForm: String {
    case nfd = "NFD"
    case nfc = "NFC"
    case nfkd = "NFKD"
    case nfkc = "NFKC"

    var isCompatible: Bool { self == .nfkd || self == .nfkc }
    var isComposed: Bool { self == .nfc || self == .nfkc }
}

extension NormalForm {
    /// Adds the normal form of a text to `out`. Scalars that came after version `age` of Unicode stay as they are, and nothing is composed
    /// with them, as in a library that has the data of that version.
    func normalize(_ text: UnsafeBufferPointer<UInt8>, age: Int, to out: inout [UInt8]) throws {
        var place = 0
        while place < text.count {
            // ASCII is in every form; only its last character may be the ground of what follows it.
            let start = place
            while place < text.count, text[place] < 0x80 { place += 1 }
            let isGround = isComposed && place > start && place < text.count
            out.append(contentsOf: text[start..<(isGround ? place - 1 : place)])
            let from = isGround ? place - 1 : place
            var end = place
            var isNew = false
            while end < text.count, text[end] >= 0x80 {
                let (value, length) = scalar(in: text, at: end)
                isNew = value > 0x2FF && !Self.isKnown(value, age)
                if isNew { break }
                end += length
            }
            if end > from { try convert(UnsafeBufferPointer(rebasing: text[from..<end]), to: &out) }
            place = end
            if isNew {
                let length = min(scalarLength(text[place]), text.count - place)
                out.append(contentsOf: text[place..<(place + length)])
                place += length
            }
        }
    }

    private static func isKnown(_ value: UInt32, _ age: Int) -> Bool {
        guard let properties = Unicode.Scalar(value)?.properties else { return false }
        return ScalarClass.isKnown(properties, since: age)
    }

    private func convert(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) throws {
        // The longest decomposition is of 18 scalars, of U+FDFA, and most take one.
        var capacity = text.count + 32
        while true {
            let room = capacity
            var written: Int64 = 0
            var message = [CChar](repeating: 0, count: 128)
            let status = withUnsafeTemporaryAllocation(of: Int32.self, capacity: room) { scratch -> Int32 in
                let status = ecdx_utf8proc_normalize(
                    text.baseAddress, Int64(text.count), isCompatible ? 1 : 0, isComposed ? 1 : 0, scratch.baseAddress, Int64(room),
                    &written, &message, message.count)
                if status == 0, written > 0 { out.append(contentsOf: UnsafeRawBufferPointer(scratch)[..<Int(written)]) }
                return status
            }
            if status == 0 { return }
            guard status == 2, Int(written) >= room - 1 else {
                throw Diagnostic("bad-data", "expected a text in UTF-8, found one without a normal form: \(String(cBuffer: message))")
            }
            capacity = Int(written) + 2
        }
    }
}
