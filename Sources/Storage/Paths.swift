import Diagnostics
import Glibc

/// The path of `name` inside `folder`; `name` itself where it is absolute.
public func joined(_ folder: String, _ name: String) -> String {
    if name.hasPrefix("/") || folder.isEmpty { return name }
    return folder.hasSuffix("/") ? folder + name : folder + "/" + name
}

/// The folder a path lies in: `.` for a bare name, `/` for the root.
public func parentFolder(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    let above = withoutTrailingSlashes(String(trimmed[..<slash]))
    return above.isEmpty ? "/" : above
}

/// The last component of a path.
public func lastName(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    return trimmed.lastIndex(of: "/").map { String(trimmed[trimmed.index(after: $0)...]) } ?? trimmed
}

/// The absolute form of `path` against `base` (the current folder where `base` is nil); `..` and links stay as written.
/// Throws `cannot-read`.
public func absolutePath(_ path: String, relativeTo base: String? = nil) throws -> String {
    try checkPath(path, id: "cannot-read")
    if path.hasPrefix("/") { return path }
    let folder = try base.map { try absolutePath($0) } ?? currentFolder()
    return joined(folder, path)
}

/// The folder relative paths are resolved against by the system.
public func currentFolder() throws -> String {
    guard let pointer = getcwd(nil, 0) else {
        let failure = errno
        throw Diagnostic(
            "cannot-read", "expected a current folder, found \(failure == ENOENT ? "that it was removed" : plainWords(failure))",
            hint: "change to a folder that is there: `cd`")
    }
    defer { free(pointer) }
    return String(cString: pointer)
}

/// The absolute path with every link followed, `.` and `..` gone. What does not exist yet is kept as written, so a file
/// to be made can be judged before it is made; a link that leads nowhere is still followed. Throws `cannot-read` for
/// links in a circle.
public func resolvedPath(_ path: String, relativeTo base: String? = nil) throws -> String {
    var pending = try absolutePath(path, relativeTo: base).split(separator: "/").reversed().map(String.init)
    var resolved: [String] = []
    var links = 0
    while let name = pending.popLast() {
        if name == "." { continue }
        if name == ".." {
            _ = resolved.popLast()
            continue
        }
        let candidate = "/" + (resolved + [name]).joined(separator: "/")
        guard let target = linkTarget(candidate) else {
            resolved.append(name)
            continue
        }
        links += 1
        guard links <= 40 else { throw cannotRead(path, ELOOP) }
        if target.hasPrefix("/") { resolved = [] }
        pending += target.split(separator: "/").reversed().map(String.init)
    }
    return "/" + resolved.joined(separator: "/")
}

/// The resolved form of `path` where it lies in one of `roots` (or is one); throws `outside` where it does not. Links in
/// both are followed before they are compared.
public func contained(_ path: String, relativeTo base: String? = nil, in roots: [String]) throws -> String {
    let resolved = try resolvedPath(path, relativeTo: base)
    for root in roots {
        let folder = try resolvedPath(root)
        if resolved == folder || folder == "/" || resolved.utf8.starts(with: (folder + "/").utf8) { return resolved }
    }
    let leads = resolved == path ? "" : ", which leads to `\(resolved)`"
    throw Diagnostic(
        "outside", "expected a place under `\(roots.first ?? "the script's folder")`, found `\(path)`\(leads)",
        hint: "write under the script's folder, or allow another folder with --allow-write DIR")
}

private func linkTarget(_ path: String) -> String? {
    guard fileStatus(path, followingLinks: false)?.kind == .link else { return nil }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink(path, &buffer, buffer.count - 1)
    return count > 0 ? String(cBuffer: buffer) : nil
}

private func withoutTrailingSlashes(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
}

/// The path that leads from one folder to another, links followed: empty where they are one, absolute where only the root is above both.
public func relativePath(to target: String, from folder: String) throws -> String {
    let from = try resolvedPath(folder).split(separator: "/")
    let to = try resolvedPath(target).split(separator: "/")
    let shared = zip(from, to).prefix { $0 == $1 }.count
    guard shared > 0 || from.isEmpty else { return "/" + to.joined(separator: "/") }
    return ([Substring](repeating: "..", count: from.count - shared) + to[shared...]).joined(separator: "/")
}
