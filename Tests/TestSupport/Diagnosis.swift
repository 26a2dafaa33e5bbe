import Diagnostics

/// A failure of a test's own means, or of a check that ends the test.
public struct TestFailure: Error, CustomStringConvertible {
    /// Text that says what was expected, and what was found.
    public var description: String

    /// Creates a failure with its description.
    public init(description: String) { self.description = description }
}

/// The diagnostic that `body` throws. Where it throws none, one with the id `none`, which no test expects.
public func diagnostic<R>(_ body: () throws -> R) -> Diagnostic {
    do { _ = try body() } catch let error as Diagnostic { return error } catch {
        return Diagnostic("none", "expected a diagnostic, \(error) was thrown")
    }
    return Diagnostic("none", "expected a diagnostic, nothing was thrown")
}

/// Checks the id of the diagnostic that `body` throws, and its message where one is given. Throws `TestFailure`.
public func expectFault(
    _ id: String, _ message: String? = nil, _ comment: String? = nil, file: String = #fileID, line: Int = #line, _ body: () throws -> Void
) throws {
    let found = diagnostic(body)
    guard found.id != id || message != nil && found.message != message else { return }
    let wanted = message.map { "`\(id)`: \($0)" } ?? "`\(id)`"
    throw TestFailure(
        description: "\(file):\(line): expected \(wanted), found `\(found.id)`: \(found.message)" + (comment.map { " (\($0))" } ?? ""))
}
