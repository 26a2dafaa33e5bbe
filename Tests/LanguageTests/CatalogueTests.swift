import Builtins
import Diagnostics
import SessionTestSupport
import TestSupport
import Testing

@testable import Language

@Suite(.timed) struct CatalogueTests {
    @Test func everythingIsDescribed() {
        for builtin in catalogue.builtins.values {
            #expect(!builtin.summary.isEmpty && builtin.summary.hasSuffix("."), "\(builtin.name)")
            #expect(!builtin.family.isEmpty, "\(builtin.name)")
            for parameter in builtin.parameters { #expect(!parameter.summary.isEmpty, "\(builtin.name).\(parameter.name)") }
            let names = builtin.parameters.map(\.name)
            #expect(Set(names).count == names.count, "\(builtin.name)")
            let firstOptional = builtin.parameters.firstIndex { !$0.isRequired } ?? builtin.parameters.endIndex
            #expect(
                builtin.parameters[firstOptional...].allSatisfy { !$0.isRequired || $0.name == "seed" }
                    || builtin.parameters[0].name == "of", "\(builtin.name): what may be left out comes last, or is the subject")
        }
        for kind in catalogue.kinds.values {
            #expect(!kind.summary.isEmpty, "\(kind.name)")
            for field in kind.fields { #expect(!field.summary.isEmpty, "\(kind.name).\(field.name)") }
            #expect(catalogue.grammar.kinds.contains(kind.name) != kind.isInner)
        }
    }

    @Test func defaultsFitTheirParameters() {
        let evaluator = Evaluator(context: CheckContext(folder: "", library: catalogue), world: NoFiles())
        func check(_ parameter: Parameter, of name: String) {
            if case .fallback(let value) = parameter.presence {
                #expect(evaluator.accepts(value, parameter.type), "\(name).\(parameter.name)")
            }
        }
        for builtin in catalogue.builtins.values { for parameter in builtin.parameters { check(parameter, of: builtin.name) } }
        for kind in catalogue.kinds.values { for field in kind.fields { check(field, of: kind.name) } }
    }

    @Test func namesOfOtherToolsAreNoNamesOfOurs() {
        for (name, advice) in catalogue.foreignNames {
            #expect(catalogue.builtins[name] == nil && !advice.isEmpty, "\(name)")
        }
    }

    @Test func everythingHasAnExample() {
        for builtin in catalogue.builtins.values { #expect(!builtin.examples.isEmpty, "\(builtin.name)") }
        for kind in catalogue.kinds.values { #expect(!kind.examples.isEmpty, "\(kind.name)") }
    }

    /// What `members` says is there to look at is there, and nothing else is.
    @Test func membersAreThere() throws {
        let found = try values(
            crystalsScript + """
                backbone b { architecture: VGG16, weights: none }
                encoder e { architecture: BERT, weights: "\(Place.experiments)/data/small-encoder" }
                schedule s { stage head { train: head } }
                experiment staged like bulk { schedule: s }
                experiment searched like bulk { batch: choice([2, 4]), search: gridSearch() }

                """)
        for (name, kind) in catalogue.kinds {
            let evaluator = Evaluator(context: CheckContext(folder: Place.corpus + "/language", library: catalogue), world: NoFiles())
            guard !kind.isInner else { continue }
            // Experiments with stages and searches have members of their own.
            let objects = found.values.compactMap(\.object).filter { $0.kind == name }
            let object = try #require(objects.first)
            for member in kind.members {
                let isThere = try objects.contains { try kind.member?($0, member.name, Origin(), evaluator.context) != nil }
                #expect(isThere, "\(name).\(member.name)")
                #expect(!member.type.isEmpty && !member.summary.isEmpty, "\(name).\(member.name)")
            }
            #expect(try kind.member?(object, "nothing", Origin(), evaluator.context) == nil)
        }
    }

    private struct NoFiles: World {
        func module(_ path: String) throws -> (file: String, text: String) { throw Diagnostic("missing-file", "no modules here") }
        func standardLibrary() -> [(file: String, text: String)] { [] }
    }
}
