/// Runs a body whose diagnostics belong to a place of the script.
public func located<T>(_ span: SourceSpan?, _ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch let diagnostic as Diagnostic {
        throw diagnostic.at(span)
    }
}
