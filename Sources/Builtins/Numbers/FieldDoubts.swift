import Densities
import Diagnostics
import Language
import Storage

extension ComputeContext {
    /// Warns where the numbers of a file, or what it says of them, speak against what a word takes them for: the word is believed, and
    /// nothing is wrong in silence. `title`: what the file says; `isNamed`: whether it or the script says what they are; `hint`: how
    /// the script says something else.
    func warn(
        of density: Density, as kind: FieldKind, path: String, title: FieldTitle? = nil, isNamed: Bool = false, hint: String, _ call: Call
    ) {
        let doubt = title?.phrase.map { "\($0), and its numbers are taken for a density of electrons" }
        guard let doubt = doubt ?? kind.doubt(of: density, path: path, isNamed: isNamed) else { return }
        results.warn(
            Diagnostic(
                "other-field", "`\(library.path(of: call)?.string ?? lastName(of: path))`: \(doubt)", severity: .warning,
                at: library.pathSpan(of: call) ?? call.origin.span, hint: hint))
    }
}
