import Foundation
import TestSupport
import Testing

/// Compares a text with the file `Fixtures/<name>`. With `ECDX_RECORD=1` in the environment the file is written instead,
/// and the test fails, so that no recording passes for a check.
func expectSnapshot(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(fileURLWithPath: fixture(name))
    if ProcessInfo.processInfo.environment["ECDX_RECORD"] == "1" {
        try text.write(to: file, atomically: true, encoding: .utf8)
        Issue.record("recorded \(name)", sourceLocation: sourceLocation)
        return
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    guard text != expected else { return }
    let ours = text.split(separator: "\n", omittingEmptySubsequences: false)
    let theirs = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(ours, theirs).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(ours.count, theirs.count)
    let found = ours.indices.contains(line) ? String(ours[line]) : "the end"
    let wanted = theirs.indices.contains(line) ? String(theirs[line]) : "the end"
    Issue.record("\(name) line \(line + 1): expected \(wanted), found \(found)", sourceLocation: sourceLocation)
}

/// Runs `body` with a new folder, and removes the folder.
func withFolder<R>(_ body: (URL) throws -> R) throws -> R {
    let scratch = try Scratch()
    return try withExtendedLifetime(scratch) { try body(URL(fileURLWithPath: scratch.path)) }
}

/// A `gnuplot` that is a shell script, in a folder that can be searched.
func withFakeGnuplot<R>(_ script: String, _ body: (String) throws -> R) throws -> R {
    try withFolder { folder in
        let file = folder.appendingPathComponent("gnuplot")
        try ("#!/bin/sh\n" + script + "\n").write(to: file, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        return try body(folder.path)
    }
}
