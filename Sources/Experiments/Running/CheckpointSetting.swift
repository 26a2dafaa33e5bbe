import Diagnostics
import Training

extension CheckpointPolicy {
    /// Creates the policy that the environment variable `ECDX_CHECKPOINT_SECONDS` gives for saving the state of a training: at
    /// least every so many seconds, between two steps; 0 is after each step. Without it, or where it is empty: at the end of an
    /// epoch where a second has passed, and every minute. Throws `range` for what is no such number.
    init(environment text: String?) throws {
        self.init()
        guard let text, !text.isEmpty else { return }
        guard let seconds = Double(text), seconds >= 0, seconds.isFinite else {
            throw Diagnostic("range", "`ECDX_CHECKPOINT_SECONDS` expected a number of seconds from 0 on, found `\(text)`")
        }
        step = seconds
        epochEnd = min(epochEnd, seconds)
    }
}
