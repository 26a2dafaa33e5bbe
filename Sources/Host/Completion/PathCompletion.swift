import Diagnostics
import Glibc
import Language
import Synchronization

/// Completes paths inside a string, where a path may stand.
struct PathCompleter {
    /// The paths that may stand in a string whose text begins at `start`.
    func completions(_ question: CompletionQuestion, from start: Int) -> Completions {
        let typed = slice(of: question.text, from: start, to: question.offset)
        // An escape stands for another character than it shows.
        guard !typed.utf8.contains(0x5C) else { return .none }
        let isUse = question.place.tokens.last?.isName("use") == true
        if !isUse, let expected = question.expected, !expected.takesPath, expected != .any { return .none }
        return pathCompletions(of: typed, replaceFrom: start, in: question.names.folder, inString: true) { !isUse || $0.hasSuffix(".ecdx") }
    }
}

/// The largest number of files listed; what all of them share is found among however many there are.
private let longestListing = 1000

/// The files and folders whose path begins with `typed`, which stands at `replaceFrom`. Relative paths start from `folder`,
/// the current one where it is empty. Folders end in `/`; hidden files are offered only when the dot was typed. In a string of
/// the language a file's name is followed by the closing quote, and names that a string cannot hold as they are are left out.
public func pathCompletions(
    of typed: String, replaceFrom: Int, in folder: String = "", inString: Bool = false, where isWanted: (String) -> Bool = { _ in true }
) -> Completions {
    let slash = typed.utf8.lastIndex(of: UInt8(ascii: "/"))
    let before = slash.map { String(typed[...$0]) } ?? ""
    let beginning = slash.map { String(typed[typed.utf8.index(after: $0)...]) } ?? typed
    var place = inString ? before : expandingHome(before)
    if !place.hasPrefix("/"), !folder.isEmpty { place = folder + "/" + place }
    let listing = FolderListing.of(place.isEmpty ? "." : place)
    let matching = listing.names(beginning: beginning, avoiding: inString ? [0x22, 0x5C, 0x7B, 0x7D] : [])
    let found = listing.first(longestListing, of: matching).filter { $0.isFolder || isWanted($0.name) }
    var completions = Completions(
        replaceFrom: replaceFrom,
        found.map { entry in
            .init(before + entry.name + (entry.isFolder ? "/" : ""), suffix: entry.isFolder || !inString ? "" : "\"")
        })
    if matching.count > longestListing {
        completions.unlisted = matching.count - longestListing
        completions.shared = before + listing.shared(by: matching)
    }
    return completions
}

/// The entries of a folder. Names stay bytes in one row, so that tens of thousands take no time; the last folder is kept until
/// it changes, since the system takes longest to list it.
private struct FolderListing: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var types: [UInt8] = []
    private var folder = ""
    private var stamp: [Int] = []

    private static let last = Mutex(FolderListing())

    static func of(_ folder: String) -> FolderListing {
        var status = stat()
        guard stat(folder, &status) == 0 else { return FolderListing() }
        let stamp = [Int(status.st_dev), Int(bitPattern: UInt(status.st_ino)), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        return last.withLock { last in
            if last.folder != folder || last.stamp != stamp { last = FolderListing(folder, stamp) }
            return last
        }
    }

    private init() {}

    /// Reads a folder. Names with control characters, which cannot be typed, are left out.
    private init(_ folder: String, _ stamp: [Int]) {
        self.folder = folder
        self.stamp = stamp
        guard let listing = opendir(folder) else { return }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { text in
                    let name = UnsafeRawBufferPointer(start: text, count: strlen(text))
                    guard strcmp(text, ".") != 0, strcmp(text, "..") != 0 else { return }
                    for byte in name where byte < 0x20 || byte == 0x7F { return }
                    bytes.append(contentsOf: name)
                    ends.append(bytes.count)
                    types.append(entry.pointee.d_type)
                }
            }
        }
    }

    /// The entries whose names begin with `beginning` and hold none of `avoided`; hidden ones only where the dot was typed.
    func names(beginning: String, avoiding avoided: [UInt8]) -> [Int] {
        let typed = Array(beginning.utf8)
        return bytes.withUnsafeBufferPointer { buffer in
            ends.indices.filter { index in
                let range = range(index)
                guard range.count >= typed.count, typed.first == 0x2E || buffer[range.lowerBound] != 0x2E else { return false }
                for place in typed.indices where buffer[range.lowerBound + place] != typed[place] { return false }
                return avoided.isEmpty || !range.contains { avoided.contains(buffer[$0]) }
            }
        }
    }

    private func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    /// The longest common beginning of these names.
    func shared(by indices: [Int]) -> String {
        guard let one = indices.first else { return "" }
        let first = range(one)
        var length = first.count
        for index in indices {
            let other = range(index)
            length = min(length, other.count)
            var same = 0
            while same < length, bytes[first.lowerBound + same] == bytes[other.lowerBound + same] { same += 1 }
            length = same
        }
        // A letter of several bytes is shared whole or not at all.
        while length > 0, length < first.count, bytes[first.lowerBound + length] & 0xC0 == 0x80 { length -= 1 }
        return String(decoding: bytes[first.prefix(length)], as: UTF8.self)
    }

    /// The first `limit` of these entries, in order of their names.
    func first(_ limit: Int, of indices: [Int]) -> [(name: String, isFolder: Bool)] {
        var order = indices
        return bytes.withUnsafeBytes { buffer in
            func precedes(_ a: Int, _ b: Int) -> Bool {
                let (x, y) = (range(a), range(b))
                guard let base = buffer.baseAddress else { return false }
                let sign = memcmp(base + x.lowerBound, base + y.lowerBound, min(x.count, y.count))
                return sign == 0 ? x.count < y.count : sign < 0
            }
            select(limit, of: &order, by: precedes)
            return order.prefix(limit).sorted(by: precedes).compactMap { index in
                guard let name = String(validating: bytes[range(index)], as: UTF8.self), escapeControls(name) == name else { return nil }
                return (name, isFolder(types[index], folder, name))
            }
        }
    }
}

/// Moves the `count` first of `items` before the others, without putting either in order (Hoare's selection).
private func select(_ count: Int, of items: inout [Int], by precedes: (Int, Int) -> Bool) {
    var low = 0
    var high = items.count - 1
    guard count < items.count else { return }
    while low < high {
        let pivot = items[low + (high - low) / 2]
        var left = low
        var right = high
        while left <= right {
            while precedes(items[left], pivot) { left += 1 }
            while precedes(pivot, items[right]) { right -= 1 }
            guard left <= right else { break }
            items.swapAt(left, right)
            left += 1
            right -= 1
        }
        if count <= right { high = right } else if count >= left { low = left } else { return }
    }
}

/// The kind of an entry, from the folder where it says so: asking for each of many files takes long.
private func isFolder(_ type: UInt8, _ folder: String, _ name: String) -> Bool {
    // DT_DIR, DT_LNK, DT_UNKNOWN of dirent.h.
    if type == 4 { return true }
    guard type == 10 || type == 0 else { return false }
    var status = stat()
    return stat(folder + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Replaces a leading `~/` of a path by the home folder.
func expandingHome(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = environment("HOME"), !home.isEmpty else { return path }
    return home + path.dropFirst()
}
