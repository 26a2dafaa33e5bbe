import Glibc
import Storage
import TestSupport

/// What an uninterrupted run of the small script comes to, and how long it takes with a checkpoint after each step.
struct Reference: Sendable {
    var results: Results
    /// Seconds from the start of the program to its training, and from there to its end.
    var start: Double
    var rest: Double
    var duration: Double { start + rest }
    /// What standard error says when the training begins.
    static let trainingBegins = "parameters train"

    /// A checkpoint after each step, so that a run of a second has many places to go on from.
    static let environment = ["ECDX_CHECKPOINT_SECONDS": "0"]

    /// Computed once for all tests.
    static let small = Result { try Reference() }

    private init() throws {
        let project = try Project()
        let began = seconds()
        let command = try project.start(["run", "SCRIPT", "--threads", "1"], environment: Reference.environment)
        _ = try command.waitFor(Reference.trainingBegins)
        start = seconds() - began
        let outcome = try command.wait()
        rest = seconds() - began - start
        guard outcome.status == 0 else { throw TestFailure(description: outcome.err) }
        results = try Results(of: project)
    }
}

/// Whether the long form of the tests was asked for.
let isSoak = getenv("ECDX_SOAK").map { String(cString: $0) } == "1"

/// Numbers that look random and are the same each time (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
