import Builtins
import Foundation
import Language
import TestSupport
import Testing

/// The language says no word of its library: kinds, sorts and metrics reach it through what they are described by.
@Suite(.timed) struct DomainWordTests {
    private static var sorts: [String] {
        catalogue.builtins.values.compactMap { if case .sort(let sort) = $0.result { sort.name } else { nil } }
    }

    @Test(arguments: ["Semantics", "Evaluation"]) func noNameOfTheLibraryIsWrittenThere(_ folder: String) throws {
        let names = Set(catalogue.kinds.keys).union(Self.sorts).union(monitors).union(partNames)
        #expect(names.count > 30)
        let path = Place.project + "/Sources/Language/" + folder
        for file in try FileManager.default.contentsOfDirectory(atPath: path) where file.hasSuffix(".swift") {
            for (number, line) in try String(contentsOfFile: path + "/" + file, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false
            ).enumerated() where !line.contains("///") {
                for name in names where line.contains("\"\(name)\"") { Issue.record("\(file) line \(number + 1) names `\(name)`") }
            }
        }
    }

    /// What is known of a sort is a property of it.
    @Test func sortsSayWhatTheyAre() {
        #expect(Sort.layer.isSetting && Sort.layer.isApplied && !Sort.layer.isDeferred)
        #expect(Sort.table.isDeferred && Sort.table.hasColumns && !Sort.table.isSetting)
        #expect(Sort.figure.isDeferred && !Sort.figure.hasColumns)
        #expect(!Sort.trained.isSetting && !Sort.trained.isDeferred)
        #expect(Sort.augmentation.phrase == "an augmentation" && Sort.layer.phrase == "a layer")
        #expect(catalogue.appliedSort == .layer && catalogue.networkKind?.name == "model" && catalogue.searchedKind?.name == "experiment")
    }
}
