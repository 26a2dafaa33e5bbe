import Builtins
import Diagnostics
import Experiments
import Language
import Storage

extension PromptSession {
    func why(_ name: String) {
        guard let value = values[name], let checked else {
            let hint = nearMiss(name, among: declaredNames).map { "did you mean `\($0)`?" }
            return terminal.report(
                Diagnostic("unknown-name", "nothing here was declared as `\(name)`", hint: hint ?? ":list shows what was declared"))
        }
        reporting {
            let runner = try session.runner(for: checked, create: false)
            var lines: [String] = []
            if case .object(let object) = value, object.kind == "experiment" {
                lines = try experiment(object, name, runner)
            } else {
                let experiments = value.experiments
                if experiments.isEmpty { lines = ["`\(name)` is worked out each time it is asked for: nothing of it is recorded"] }
                for experiment in experiments.prefix(20) {
                    lines += try self.experiment(experiment, experiment.label ?? "an unnamed experiment", runner)
                }
                if experiments.count > 20 { lines.append("and \(experiments.count - 20) more experiments") }
            }
            if let names = renewed[name], !names.isEmpty {
                let shown = names.sorted().map { "`\($0)`" }
                lines.insert(
                    """
                    \(joinedByAnd(shown)) \(shown.count == 1 ? "was" : "were") declared anew, \
                    and `\(name)` rests on \(shown.count == 1 ? "it" : "them")
                    """,
                    at: 0)
            }
            write(lines)
        }
    }

    private func experiment(_ object: Object, _ name: String, _ runner: Runner) throws -> [String] {
        var lines: [String] = []
        if let base = base(of: name), base.object != object {
            let (found, sharesData) = try runner.comparison(of: runner.experiment(object), with: runner.experiment(base.object))
            lines.append(
                "`\(name)` differs from `\(base.name)` in \(Reasons.list(found, Self.mostDifferences))"
                    + (sharesData ? "; its data are reused" : ""))
        }
        var reasons = try runner.reasons(for: runner.experiment(object))
        reasons.name = name
        if case .computed = reasons.reason { renewed[name] = nil }
        return lines + reasons.lines(most: Self.mostDifferences)
    }

    /// The largest number of differences that are named at the prompt.
    private static let mostDifferences = 6

    /// The experiment that a declaration was made from with `like` or `with`.
    private func base(of name: String) -> (name: String, object: Object)? {
        guard let statement = record.declaration(of: name)?.statement else { return nil }
        var expression: Expression?
        switch statement.kind {
        case .declaration(let declaration): expression = declaration.base
        case .binding(let binding): if case .with(let base, _) = binding.value.kind { expression = base }
        default: break
        }
        guard case .name(let base)? = expression?.kind, case .object(let object)? = values[base], object.kind == "experiment" else {
            return nil
        }
        return (base, object)
    }
}
