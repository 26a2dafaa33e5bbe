import Foundation
import Testing

/// A trait of suites: the seconds that each test spends in its body are written to the file that `ECDX_TEST_TIMES` names, a
/// line a test case. What the library prints counts the time too that a test waits for its turn.
public struct Timed: SuiteTrait, TestTrait, TestScoping {
    public var isRecursive: Bool { true }

    public func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        guard testCase != nil, let path = Self.path else { return try await function() }
        let clock = ContinuousClock(), start = clock.now
        defer {
            let spent = (clock.now - start) / .seconds(1)
            Self.append("\(spent) \(test.sourceLocation.fileName) \(test.name)\n", to: path)
        }
        try await function()
    }

    private static let path = ProcessInfo.processInfo.environment["ECDX_TEST_TIMES"]

    /// Appends a line in one write, so that lines of tests that end at once do not mix.
    private static func append(_ line: String, to path: String) {
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        _ = line.withCString { write(file, $0, strlen($0)) }
    }
}

extension Trait where Self == Timed {
    /// Notes how long each test spends in its body.
    public static var timed: Self { Timed() }
}
