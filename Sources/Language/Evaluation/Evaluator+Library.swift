import Diagnostics

extension Evaluator {
    /// Tells what went wrong inside a function of the library at the line that called it, from the diagnostic at position `first` on: at
    /// the argument that stands in the place at fault, else at the call. One wrong argument breaks several lines of a function, and is
    /// told once.
    func tellCaller(of function: Function, _ call: SourceSpan, _ places: [String: SourceSpan], from first: Int) {
        guard first < diagnostics.count else { return }
        let inner = Array(diagnostics[first...])
        diagnostics.removeSubrange(first...)
        known.subtract(inner)
        var isTold = false
        for var diagnostic in inner {
            if let inside = diagnostic.span, let place = librarySources.place(of: inside) {
                if diagnostic.severity == .error, isTold { continue }
                isTold = isTold || diagnostic.severity == .error
                diagnostic.span = names(in: place.text).lazy.compactMap { places[$0] }.first ?? call
                let line = String(place.line.drop(while: \.isWhitespace))
                diagnostic.notes.append("inside `\(function.name)`, \(inside.file) line \(place.number): \(line)")
                // A label is advice on the text of the library, which is not the caller's.
                diagnostic.label = nil
            }
            report(diagnostic)
        }
    }

    /// The names in a piece of source text, in order.
    private func names(in text: String) -> [String] {
        Lexer.lex(text, file: "").tokens.compactMap { if case .name(let name) = $0.kind { name } else { nil } }
    }
}
