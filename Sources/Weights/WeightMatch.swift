import Diagnostics
import Models
import Storage
import Tensors

/// The place of an array in a weight file of Keras: its layer in the order of the file, and its number in that.
public struct ArrayPlace: Sendable, Hashable {
    /// Number of the layer in the file, from 0.
    public var layer: Int
    /// Number of the array in the layer, from 0.
    public var array: Int
}

/// Finds the array of a Keras file for each parameter of a backbone, by full name. Names in the file decide; where they say
/// nothing, the order of a file that is in the order of the model, or the class and number of a file of Keras 3.
///
/// Throws `weights-mismatch` where layers or arrays are missing, surplus or misshapen, where two networks fit, and where the
/// file does not say which array belongs to which layer.
public func matched(_ file: WeightOutline, to backbone: Backbone, path: String) throws -> [String: ArrayPlace] {
    let groups = networks(in: file)
    let matches = groups.map { KerasMatch(file, $0, backbone) }
    let held = notes(groups.map { group in (group.name, group.layers.map { file.layers[$0].name }) })
    let fitting = matches.indices.filter { matches[$0].problems.isEmpty }
    if fitting.count > 1 {
        throw severalNetworks(backbone, path, fitting.map { groups[$0].name }, held, hint: "by itself, as `model.save_weights` does it")
    }
    // An architecture that takes more of the file is what it holds.
    func other() -> String? {
        otherArchitecture(than: backbone, more: fitting.first.map { matches[$0].found } ?? 0) { other in
            groups.map { KerasMatch(file, $0, other) }.filter(\.problems.isEmpty).map(\.found).max()
        }
    }
    guard let only = fitting.first else {
        // What comes nearest says best what is wrong.
        let nearest = matches.min { $0.problems.count - $0.found < $1.problems.count - $1.found }
        let unsure = nearest?.isUnsure == true ? "save it again as `NAME.weights.h5`, or the network by itself" : nil
        throw mismatch(backbone, path, nearest?.problems ?? ["no layers"], held, hint: unsure ?? other())
    }
    let surplus = groups.indices.filter { $0 != only }.flatMap { groups[$0].layers } + matches[only].surplus
    guard surplus.isEmpty else {
        let names = surplus.sorted().map { "surplus layer `\(file.layers[$0].name)`" }
        throw mismatch(backbone, path, names, held, hint: other() ?? "without its top, as `include_top=False` makes it")
    }
    return matches[only].places
}

/// Finds the tensor of a safetensors file for each parameter of a backbone, by full name: `conv2d_83.kernel`, with or without
/// the name of a network before it. Throws `weights-mismatch` as the matching of Keras files does.
public func matched(_ tensors: [(name: String, shape: [Int])], to backbone: Backbone, path: String) throws -> [String: String] {
    let match = TensorMatch(tensors, backbone)
    func bare(_ prefix: String) -> String { String(prefix.dropLast()) }
    let held = notes(
        match.prefixes.map { prefix in (bare(prefix), tensors.map(\.name).filter { $0.hasPrefix(prefix) }) }, what: ("tensor", "tensors"))
    let fitting = match.fitting
    if fitting.count > 1 {
        throw severalNetworks(backbone, path, fitting.map(bare), held, hint: "in a file of its own")
    }
    func other() -> String? {
        otherArchitecture(than: backbone, more: fitting.isEmpty ? 0 : match.wanted.count) { other in
            let match = TensorMatch(tensors, other)
            return match.fitting.isEmpty ? nil : match.wanted.count
        }
    }
    guard let prefix = fitting.first else {
        let nearest = match.prefixes.map(match.problems).min { $0.count < $1.count } ?? []
        throw mismatch(backbone, path, nearest, held, hint: other())
    }
    let taken = Set(match.wanted.map { prefix + $0.local })
    // Where the network has a name, what stands beside it is another's.
    let surplus = tensors.map(\.name).filter { $0.hasPrefix(prefix) && !taken.contains($0) }.sorted()
    guard surplus.isEmpty else {
        let names = surplus.map { "surplus `\($0.dropFirst(prefix.count))`" }
        throw mismatch(backbone, path, names, held, hint: other() ?? "without its top, as `include_top=False` makes it")
    }
    return Dictionary(match.wanted.map { ($0.full, prefix + $0.local) }) { first, _ in first }
}

/// The networks in a safetensors file that might be a backbone.
private struct TensorMatch {
    /// The parameters of the backbone by their full names, and those without the name of the backbone.
    let wanted: [(full: String, local: String)]
    /// What stands before the names of layers, up to the dot, in the order of the file.
    let prefixes: [String]
    private let backbone: Backbone
    private let shapes: [String: [Int]]

    init(_ tensors: [(name: String, shape: [Int])], _ backbone: Backbone) {
        self.backbone = backbone
        wanted = backbone.layers.flatMap(\.parameters).map { ($0, String($0.dropFirst(backbone.name.count + 1))) }
        shapes = Dictionary(tensors.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
        let locals = Set(wanted.map(\.local))
        var prefixes: [String] = []
        for tensor in tensors {
            let pieces = tensor.name.split(separator: ".", omittingEmptySubsequences: false)
            guard pieces.count >= 2, locals.contains(pieces.suffix(2).joined(separator: ".")) else { continue }
            let prefix = pieces.dropLast(2).map { $0 + "." }.joined()
            if !prefixes.contains(prefix), prefixes.count < 64 { prefixes.append(prefix) }
        }
        self.prefixes = prefixes.isEmpty ? [""] : prefixes
    }

    /// The prefixes of the networks that have all that the backbone wants.
    var fitting: [String] { prefixes.filter { problems($0).isEmpty } }

    /// What the network of a prefix lacks, or has in another shape.
    func problems(_ prefix: String) -> [String] {
        wanted.compactMap { name in
            guard let shape = shapes[prefix + name.local] else { return "no `\(name.local)`" }
            if backbone.takes(shape, for: name.full) { return nil }
            return "`\(name.local)`: \(Shape(shape)), expected \(backbone.shapes[name.full]?.description ?? "none")"
        }
    }
}

/// The hint for a file that holds another architecture than was declared: one that finds more in it; nil where there is none.
/// `found`: how much an architecture finds, nil where it does not fit.
private func otherArchitecture(than backbone: Backbone, more least: Int, _ found: (Backbone) -> Int?) -> String? {
    var best: (architecture: Architecture, count: Int)?
    for architecture in Architecture.all where architecture != backbone.architecture {
        guard let published = architecture.published, let count = found(published), count > max(least, best?.count ?? 0) else { continue }
        best = (architecture, count)
    }
    return best.map { "these are weights of \($0.architecture.name): say `architecture: \($0.architecture.name)`" }
}

extension Backbone {
    /// Whether an array of a shape is one for a parameter: it has its shape, or three channels that are to be summed.
    func takes(_ shape: [Int], for name: String) -> Bool {
        guard let wanted = shapes[name]?.extents else { return false }
        if shape == wanted { return true }
        guard name == summedKernel, shape.count == 4, wanted.count == 4, shape[2] == 3 else { return false }
        return shape[0] == wanted[0] && shape[1] == wanted[1] && shape[3] == wanted[3]
    }
}

/// What the networks of a file hold, as notes of a diagnostic: the first of the names and how many there are.
private func notes(
    _ networks: [(name: String, layers: [String])], what: (String, String) = ("layer with weights", "layers with weights")
) -> [String] {
    let shown = networks.prefix(4).map { network in
        let names = network.layers.prefix(3).map { "`\($0)`" }.joined(separator: ", ")
        let more = network.layers.count > 3 ? " and \(network.layers.count - 3) more" : ""
        return (network.name.isEmpty ? "the file holds " : "the file holds `\(network.name)` with ")
            + "\(network.layers.count) \(network.layers.count == 1 ? what.0 : what.1): \(names)\(more)"
    }
    return shown + (networks.count > 4 ? ["and \(networks.count - 4) more groups"] : [])
}

/// The diagnostic `weights-mismatch` with the first of the problems.
private func mismatch(_ backbone: Backbone, _ path: String, _ problems: [String], _ notes: [String], hint: String?) -> Diagnostic {
    let shown = problems.prefix(5).joined(separator: "; ") + (problems.count > 5 ? "; and \(problems.count - 5) more" : "")
    return Diagnostic(
        "weights-mismatch", "these are not weights of `\(backbone.architecture.name)`: \(shown)", data: DataPlace(file: path),
        notes: notes, hint: hint)
}

/// The diagnostic `weights-mismatch` for a file with more than one network of the architecture.
private func severalNetworks(_ backbone: Backbone, _ path: String, _ names: [String], _ notes: [String], hint: String) -> Diagnostic {
    let listed = names.map { $0.isEmpty ? "one without a name" : "`\($0)`" }
    return Diagnostic(
        "weights-mismatch",
        """
        expected the weights of one `\(backbone.architecture.name)`, found \(names.count): \
        \(listed.dropLast().joined(separator: ", ")) and \(listed.last ?? "")
        """,
        data: DataPlace(file: path), notes: notes, hint: "save the one that is meant \(hint)")
}
