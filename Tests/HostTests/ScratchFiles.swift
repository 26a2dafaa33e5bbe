import Glibc
import Storage
import TestSupport

extension Scratch {
    func write(_ name: String, _ text: String) throws { try file(name, Array(text.utf8)) }

    func read(_ name: String) -> String? { try? text(of: file(name)) }

    /// The permissions of a file, for example 0o600.
    func mode(_ name: String) -> mode_t? { fileStatus(file(name))?.permissions }
}
