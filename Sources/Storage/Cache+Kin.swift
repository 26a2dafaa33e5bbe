import Diagnostics
import Glibc

/// Entries that have something in common: an empty file for each, `kin/KIN/KEY` beside the cache. They are a hint of where to look and
/// no more: each entry says itself what it holds.
extension Cache {
    /// The keys of the entries that were said to have something in common, those that are there.
    public func keys(of kin: Digest) -> [Digest] {
        ((try? listFolder(folder(of: kin))) ?? []).compactMap(Digest.init(hex:)).filter(has)
    }

    /// Says that an entry has something in common with others. Throws `cannot-write`.
    public func add(_ key: Digest, to kin: Digest) throws {
        let folder = folder(of: kin)
        // Those that are gone are forgotten.
        for name in (try? listFolder(folder)) ?? [] {
            if let other = Digest(hex: name), !has(other) { try? removeTree(joined(folder, name)) }
        }
        try createFolder(folder)
        // It holds nothing, so it is there whole or not at all.
        _ = try OpenFile(writing: joined(folder, key.hex), flags: O_WRONLY | O_CREAT)
    }

    private func folder(of kin: Digest) -> String {
        joined(joined(joined(parentFolder(of: root), "kin"), String(kin.hex.prefix(2))), kin.hex)
    }
}
