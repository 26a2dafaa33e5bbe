/// The place of the first byte from `start` on, before `end`, that is no UTF-8 (Unicode 15, table 3-7); nil where all are.
func firstNotUTF8(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int? {
    var place = start
    while place < end {
        // Nearly all of a table is ASCII, eight bytes of which are told at once.
        if end - place >= 8 {
            let word = UnsafeRawPointer(base + place).loadUnaligned(as: UInt64.self)
            if word & 0x8080_8080_8080_8080 == 0 {
                place += 8
                continue
            }
        }
        guard let length = lengthOfCharacter(base + place, room: end - place) else { return place }
        place += length
    }
    return nil
}

private func lengthOfCharacter(_ p: UnsafePointer<UInt8>, room: Int) -> Int? {
    func follows(_ place: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xBF) -> Bool { place < room && p[place] >= low && p[place] <= high }
    switch p[0] {
    case 0...0x7F: return 1
    case 0xC2...0xDF: return follows(1) ? 2 : nil
    case 0xE0: return follows(1, 0xA0) && follows(2) ? 3 : nil
    case 0xED: return follows(1, 0x80, 0x9F) && follows(2) ? 3 : nil
    case 0xE1...0xEF: return follows(1) && follows(2) ? 3 : nil
    case 0xF0: return follows(1, 0x90) && follows(2) && follows(3) ? 4 : nil
    case 0xF1...0xF3: return follows(1) && follows(2) && follows(3) ? 4 : nil
    case 0xF4: return follows(1, 0x80, 0x8F) && follows(2) && follows(3) ? 4 : nil
    default: return nil
    }
}
