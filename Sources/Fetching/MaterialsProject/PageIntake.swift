import Diagnostics

/// A receiver that keeps an answer in memory, up to a limit.
final class PageIntake: Receiver {
    private(set) var bytes: [UInt8] = []
    private let limit: Int
    private let host: String
    private let stops: @Sendable () -> Bool
    private let progress: (Int) -> Void

    init(limit: Int, host: String, isStopped: @escaping @Sendable () -> Bool, progress: @escaping (Int) -> Void) {
        (self.limit, self.host, stops, self.progress) = (limit, host, isStopped, progress)
    }

    var isStopped: Bool { stops() }

    func begin(_ answer: Answer) throws {
        bytes = []
        if let length = answer.length { try check(length) }
    }

    func take(_ piece: UnsafeRawBufferPointer) throws {
        try check(bytes.count + piece.count)
        bytes.append(contentsOf: piece)
        progress(bytes.count)
    }

    private func check(_ count: Int) throws {
        guard count <= limit else {
            throw Diagnostic(
                "fetch-failed", "expected an answer of at most \(limit) bytes from `\(host)`, found \(count) or more",
                hint: "ask for fewer materials a page, or for fewer fields")
        }
    }
}
