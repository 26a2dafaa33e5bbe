import Builtins
import Diagnostics
import Language

/// Something that the reference says something of, with the place where it is written.
public struct ReferenceEntry: Sendable, Hashable {
    /// What an entry is of: in the order in which entries found equally well are listed.
    public enum Sort: String, Sendable, CaseIterable {
        case kind, builtin
        case library = "function"
        case action, field, word, member, argument, command, message, unit
    }

    /// The name that is looked for.
    public var name: String
    /// The place where it is written, such as `experiment.optimizer: adam(rate:)`.
    public var place: String
    /// What it is of.
    public var sort: Sort
    /// Its description in a line.
    public var summary: String
    /// The parameter that it is of; nil for other things.
    var parameter: Parameter?
    /// What is said of something that is no parameter.
    var remark: String?

    /// What may stand there, a line each: the choices of a field. Worked out when it is asked for, since few entries are shown.
    public var details: [String] {
        guard let parameter else { return remark.map { [$0] } ?? [] }
        let fallback = parameter.fallback.map { "; `\(source(of: $0))` where not given" } ?? ""
        return ["takes \(parameter.kindOfValue)\(fallback)"] + Reference.choiceLines(of: parameter)
    }
}

extension Reference {
    /// Everything that `help` finds, built from the descriptions the checker works by. `commands`: names of subcommands with a line each.
    static func entries(commands: [(name: String, summary: String)]) -> [ReferenceEntry] {
        var found: [ReferenceEntry] = []
        for kind in catalogue.kinds.values.sorted(by: { $0.name < $1.name }) {
            found.append(ReferenceEntry(name: kind.name, place: "\(kind.name) NAME { ... }", sort: .kind, summary: kind.summary))
            for field in kind.fields { found += entries(of: field, at: "\(kind.name).\(field.name)") }
            found += entries(of: kind.members, behind: "(\(kind.name))")
        }
        for builtin in catalogue.builtins.values.sorted(by: { $0.name < $1.name }) {
            found.append(ReferenceEntry(name: builtin.name, place: builtin.outline, sort: .builtin, summary: builtin.summary))
            for parameter in builtin.parameters {
                found.append(entry(of: parameter, at: "\(builtin.name)(\(parameter.name):)", sort: .argument))
                // The quantities of a run are the same wherever one is asked for.
                found += words(of: parameter) { "\(builtin.name)(\(parameter.name): \($0))" }
                for field in parameter.type.recordFields {
                    found += entries(of: field, at: "\(builtin.name)(\(parameter.name): { \(field.name): })")
                }
            }
        }
        for known in catalogue.valueMembers { found += entries(of: known.members, behind: "(\(known.type.phrase.withoutArticle))") }
        found += library.map { ReferenceEntry(name: $0.name, place: $0.signature, sort: .library, summary: $0.summary) }
        found += Verb.allCases.map { ReferenceEntry(name: $0.rawValue, place: "\($0.rawValue) VALUE", sort: .action, summary: $0.summary) }
        found += commands.map { ReferenceEntry(name: $0.name, place: "ecdx \($0.name)", sort: .command, summary: $0.summary) }
        for area in Explanations.areas {
            found += area.explanations.map {
                ReferenceEntry(name: $0.id, place: "ecdx explain \($0.id)", sort: .message, summary: $0.title)
            }
        }
        return found
    }

    private static func entry(of parameter: Parameter, at place: String, sort: ReferenceEntry.Sort) -> ReferenceEntry {
        ReferenceEntry(name: parameter.name, place: place, sort: sort, summary: parameter.summary, parameter: parameter)
    }

    /// A field, its words, and the fields of its record.
    private static func entries(of field: Parameter, at place: String) -> [ReferenceEntry] {
        let inner = field.type.recordFields.flatMap { entries(of: $0, at: "\(place).\($0.name)") }
        return [entry(of: field, at: place, sort: .field)] + words(of: field) { "\(place): \($0)" } + inner
    }

    private static func words(of parameter: Parameter, at place: (String) -> String) -> [ReferenceEntry] {
        parameter.type.choices.map { choice in
            ReferenceEntry(name: choice.name, place: place(choice.name), sort: .word, summary: choice.summary)
        }
    }

    private static func entries(of members: [Member], behind subject: String) -> [ReferenceEntry] {
        members.flatMap { member in
            [
                ReferenceEntry(
                    name: member.name, place: "\(subject).\(member.name)", sort: .member, summary: member.summary,
                    remark: "is \(member.type)")
            ] + entries(of: member.members, behind: "\(subject).\(member.name)")
        }
    }

    /// The most choices of a parameter that are listed with a line each.
    private static let mostChoices = 12

    /// The choices of a parameter, a line each; those of a parameter of a great many by their names alone.
    static func choiceLines(of parameter: Parameter) -> [String] {
        let choices = parameter.type.choices
        let settings = parameter.type.alternatives.filter {
            if case .sort(let sort) = $0 { sort.isSetting && !sort.isApplied } else { false }
        }
        guard !settings.isEmpty || !choices.isEmpty else { return [] }
        let givers = settings.isEmpty ? [] : catalogue.builtins.values.filter { settings.contains($0.result) }
        let calls = givers.sorted { $0.name < $1.name }.map { Choice($0.outline, $0.summary) }
        guard choices.count + calls.count <= mostChoices else { return [] }
        let width = (choices + calls).map(\.name.count).max() ?? 0
        return (choices + calls).map { padded($0.name, to: width + 2, right: false) + $0.summary }
    }
}

extension String {
    fileprivate var withoutArticle: String {
        for article in ["a ", "an "] where hasPrefix(article) { return String(dropFirst(article.count)) }
        return self
    }
}
