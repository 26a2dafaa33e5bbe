import Builtins
import Diagnostics
import Experiments
import Foundation
@testable import Language
import Testing

@Suite struct CatalogueTests {
    @Test func everythingIsDescribed() {
        for builtin in catalogue.builtins.values {
            #expect(!builtin.summary.isEmpty && builtin.summary.hasSuffix("."), "\(builtin.name)")
            #expect(!builtin.family.isEmpty, "\(builtin.name)")
            for parameter in builtin.parameters { #expect(!parameter.summary.isEmpty, "\(builtin.name).\(parameter.name)") }
            let names = builtin.parameters.map(\.name)
            #expect(Set(names).count == names.count, "\(builtin.name)")
            let firstOptional = builtin.parameters.firstIndex { !$0.isRequired } ?? builtin.parameters.endIndex
            #expect(builtin.parameters[firstOptional...].allSatisfy { !$0.isRequired || $0.name == "seed" }, "\(builtin.name): what may be left out comes last")
        }
        for kind in catalogue.kinds.values {
            #expect(!kind.summary.isEmpty, "\(kind.name)")
            for field in kind.fields { #expect(!field.summary.isEmpty, "\(kind.name).\(field.name)") }
            #expect(declarationKinds.contains(kind.name))
        }
    }

    @Test func defaultsFitTheirParameters() {
        let evaluator = Evaluator(library: catalogue, context: CheckContext(folder: ""), world: NoFiles())
        func check(_ parameter: Parameter, of name: String) {
            if case .fallback(let value) = parameter.presence { #expect(evaluator.accepts(value, parameter.type), "\(name).\(parameter.name)") }
        }
        for builtin in catalogue.builtins.values { for parameter in builtin.parameters { check(parameter, of: builtin.name) } }
        for kind in catalogue.kinds.values { for field in kind.fields { check(field, of: kind.name) } }
    }

    @Test func namesOfOtherToolsAreNoNamesOfOurs() {
        for (name, advice) in catalogue.foreignNames {
            #expect(catalogue.builtins[name] == nil && !advice.isEmpty, "\(name)")
        }
    }

    /// Every example, in the folder of the experiments, checks without a diagnostic and can be carried out.
    @Test func examplesRun() throws {
        let examples = catalogue.builtins.values.flatMap { builtin in builtin.examples.map { (builtin.name, $0.code) } }
            + catalogue.kinds.values.flatMap { kind in kind.examples.map { (kind.name, $0.code) } }
        #expect(examples.count > 15)
        // What they write lands in a folder of its own, which has the data of the experiments.
        let copy = try CorpusCopy()
        let folder = copy.path + "/examples"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder + "/data", withDestinationPath: Place.experiments + "/data")
        for (name, code) in examples.sorted(by: { $0.0 < $1.0 }) {
            let (found, shown) = try onLargeStack {
                let reporter = CollectingReporter()
                let session = try Session(base: folder + "/", options: SessionOptions(), reporter: reporter)
                let checked = session.check(code, file: name)
                if !checked.script.hasErrors { try session.perform(checked) }
                return (checked.script.diagnostics + reporter.warnings, reporter.lines)
            }
            #expect(found == [], "\(name)")
            #expect(!shown.isEmpty, "\(name)")
        }
    }

    private struct NoFiles: World {
        func module(_ path: String) throws -> (file: String, text: String) { throw Diagnostic("missing-file", "no modules here") }
        func standardLibrary() -> [(file: String, text: String)] { [] }
    }
}
