import TestSupport
import Testing

/// Command lines that cannot be read: one diagnostic of the usual form, on standard error, exit status 2.
@Suite(.timed) struct UsageTests {
    @Test func wrongOptions() throws {
        let project = try Project()
        let lines: [([String], String)] = [
            (["run"], "error[usage]: `ecdx run` expected SCRIPT, found nothing\n"),
            (["run", "--nosuch"], "error[usage]: `ecdx run` has no option `--nosuch`\n  hint: `ecdx help run` shows what it takes\n"),
            (
                ["run", "SCRIPT", "--theads", "2"],
                "error[usage]: `ecdx run` has no option `--theads`\n  hint: did you mean `--threads`?\n"
            ),
            (["check", "SCRIPT", "--frobnicate"], "error[usage]: `ecdx check` has no option `--frobnicate`\n  hint: `ecdx help check`"),
            (["run", "SCRIPT", "--threads", "many"], "error[usage]: `--threads` expected another value, found `many`\n"),
            (["run", "SCRIPT", "--threads"], "error[usage]: `--threads` expected a value behind it, found none\n"),
            (["run", "SCRIPT", "--memory", "much"], "error[usage]: `--memory` expected a size such as 8G or 500M, found `much`\n"),
            (["run", "SCRIPT", "more.ecdx"], "error[usage]: `ecdx run` expected nothing more, found `more.ecdx`\n"),
            (["runs", "list", "--nope"], "error[usage]: `ecdx runs list` has no option `--nope`\n"),
            (["--nosuch"], "error[usage]: "),
        ]
        for (arguments, said) in lines {
            let outcome = try project.start(arguments).wait()
            #expect(outcome.status == 2 && outcome.out == "", "\(arguments): \(outcome.err)")
            #expect(outcome.err.hasPrefix(said), "\(arguments): \(outcome.err)")
            #expect(!outcome.err.contains("Usage:") && !outcome.err.contains("Error:"), "\(arguments): \(outcome.err)")
        }
    }
}
