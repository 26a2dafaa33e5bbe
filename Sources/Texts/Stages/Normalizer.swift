import Diagnostics

/// A step that changes the characters of a text before it is split.
enum Normalizer: Sendable {
    /// Every occurrence of some bytes becomes others.
    case replace([UInt8], with: [UInt8])
    /// Every run of at least `least` spaces, or scalars of white space, becomes other bytes.
    case replaceRuns(of: Run, least: Int, with: [UInt8])
    case form(NormalForm)
    case stripMarks
    case lowercase
    case characterMap(CharacterMap)
    case bert(BertNormalizer)
    case strip(left: Bool, right: Bool)
    case prepend([UInt8])

    /// What a run is of.
    enum Run: Sendable { case spaces, whiteSpace }

    /// The version of Unicode whose normal forms `tokenizers` has.
    static let age = 9

    /// Adds the changed text to `out`.
    func apply(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) throws {
        switch self {
        case .replace(let pattern, let content): replaceBytes(pattern, content, text, &out)
        case .replaceRuns(let run, let least, let content): replaceAllRuns(run, least, content, text, &out)
        case .form(let form): try form.normalize(text, age: Self.age, to: &out)
        case .stripMarks: removeScalars(text, to: &out, where: ScalarClass.isMark)
        case .lowercase: Texts.lowercase(text, to: &out)
        case .characterMap(let map): map.apply(text, to: &out)
        case .bert(let bert): try bert.apply(text, to: &out)
        case .strip(let left, let right): out.append(contentsOf: text[stripped(text, left: left, right: right)])
        case .prepend(let content):
            if !text.isEmpty { out.append(contentsOf: content) }
            out.append(contentsOf: text)
        }
    }
}

private func replaceBytes(_ pattern: [UInt8], _ content: [UInt8], _ text: UnsafeBufferPointer<UInt8>, _ out: inout [UInt8]) {
    guard let first = pattern.first else { return out.append(contentsOf: text) }
    var place = 0
    while place < text.count {
        let start = place
        while place < text.count, text[place] != first { place += 1 }
        out.append(contentsOf: text[start..<place])
        guard place < text.count else { return }
        if text.count - place >= pattern.count, text[place..<(place + pattern.count)].elementsEqual(pattern) {
            out.append(contentsOf: content)
            place += pattern.count
        } else {
            out.append(first)
            place += 1
        }
    }
}

private func replaceAllRuns(
    _ run: Normalizer.Run, _ least: Int, _ content: [UInt8], _ text: UnsafeBufferPointer<UInt8>, _ out: inout [UInt8]
) {
    /// The length of the scalar at a place, if it belongs to a run; else 0.
    func member(_ place: Int) -> Int {
        if text[place] == 32 { return 1 }
        guard run == .whiteSpace else { return 0 }
        let (value, length) = scalar(in: text, at: place)
        return ScalarClass.isSpace(value) ? length : 0
    }
    var place = 0
    while place < text.count {
        var end = place
        var count = 0
        while end < text.count {
            let length = member(end)
            if length == 0 { break }
            end += length
            count += 1
        }
        if count >= least {
            out.append(contentsOf: content)
        } else {
            if end == place { end += min(scalarLength(text[place]), text.count - place) }
            out.append(contentsOf: text[place..<end])
        }
        place = end
    }
}

/// Adds a text to `out` without the scalars beyond ASCII for which a condition holds.
func removeScalars(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8], where condition: (UInt32) -> Bool) {
    var place = 0
    while place < text.count {
        let start = place
        while place < text.count, text[place] < 0x80 { place += 1 }
        out.append(contentsOf: text[start..<place])
        guard place < text.count else { return }
        let (value, length) = scalar(in: text, at: place)
        if !condition(value) { out.append(contentsOf: text[place..<(place + length)]) }
        place += length
    }
}

/// The part of a text between the white space at its ends.
func stripped(_ text: UnsafeBufferPointer<UInt8>, left: Bool, right: Bool) -> Range<Int> {
    var start = 0
    var end = text.count
    while left, start < end {
        let (value, length) = scalar(in: text, at: start)
        guard ScalarClass.isSpace(value) else { break }
        start += length
    }
    while right, end > start {
        var first = end - 1
        while first > start, text[first] & 0xC0 == 0x80 { first -= 1 }
        guard ScalarClass.isSpace(scalar(in: text, at: first).value) else { break }
        end = first
    }
    return start..<max(start, end)
}
