import Diagnostics
import TestSupport
import Testing

@testable import Language

/// What `--set` takes, and what it says of another form.
@Suite(.timed) struct OverrideTests {
    @Test(arguments: [
        ("epochs=3", ["epochs"], "3"), ("bulk.epochs=", ["bulk", "epochs"], ""), ("a.b.c_1= x=y ", ["a", "b", "c_1"], " x=y "),
        ("größe=\"2\"", ["größe"], "\"2\""),
    ])
    func isReadAsItIsWritten(given: String, path: [String], text: String) throws {
        let read = try Override(reading: given)
        #expect(read.path == path && read.text == text)
    }

    @Test(
        arguments: [
            ("\"bulk.epochs = 3\"", "write `--set bulk.epochs=3`"), ("bulk.epochs = 3", "write `--set bulk.epochs=3`"),
            (" bulk.epochs=", "write it as in `--set bulk.epochs=20`"), ("\"bulk\".epochs='3'", "write `--set bulk.epochs=3`"),
            ("bulk epochs=3", nil), ("bulk.epochs", nil), ("=3", nil), ("bulk..epochs=3", nil), ("bulk\u{200B}.epochs=3", nil), ("", nil),
            ("1.epochs=3", nil),
        ] as [(String, String?)])
    func anotherFormIsSaidInOneDiagnostic(given: String, hint: String?) {
        let found = diagnostic { _ = try Override(reading: given) }
        #expect(found.id == "bad-override" && found.message == "`--set` expected `name=value` or `name.field=value`, found `\(given)`")
        #expect(found.hints == [hint ?? "write names with a dot between two, then `=` and a value, as in `--set bulk.epochs=20`"])
    }
}
