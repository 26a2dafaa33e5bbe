import Datasets
import Diagnostics
import Language
import Models
import TestSupport
import Testing
import Training

@testable import Builtins

/// Every word has one meaning, of the type that its sort has.
@Suite(.timed) struct VocabularyTests {
    /// Words whose check gives another value than a call of them, or which name a file for those who use them.
    private static let withoutMeaning: Set<String> = ["sample", "shape", "reported", "trained"]

    @Test func everyWordHasAMeaning() {
        let words = Array(catalogue.builtins.values) + catalogue.operators.values
        #expect(words.count > 90)
        for word in words { #expect((word.meaning == nil) == Self.withoutMeaning.contains(word.name), "`\(word.name)`") }
    }

    @Test func theWordsOfASortMeanOneType() {
        func check<Meaning: Sendable>(_ sort: String, _ vocabulary: Vocabulary<Meaning>, others: Set<String> = []) {
            let expected = Set(catalogue.builtins.values.filter { $0.result == .sort(sort) }.map(\.name)).subtracting(others)
            #expect(Set(vocabulary.builtins.map(\.name).filter { catalogue.builtins[$0]?.result != .signal }) == expected, "\(sort)")
        }
        check("layer", layers)
        check("split", splits)
        check("optimizer", optimizers)
        check("stop", stops)
        check("keep", keeps)
        check("rate", rates)
        check("selector", selectors)
        check("group", rateGroups)
        check("augmentation", augmentations)
        check("search", searches)
        check("baseline", baselines)
        check("selection", selections)
    }

    /// A call of another sort is an error of ours with a name, not another word.
    @Test func aWordOfAnotherSortIsRefused() throws {
        let call = try #require(rates.call("cosine", ["start": Field(.number(0.1))]).call)
        #expect(try catalogue.meaning(of: call) as RateSchedule == .cosine(start: 0.1, end: 0))
        for read in [{ _ = try catalogue.meaning(of: call) as Layer }, { _ = try catalogue.meaning(of: call) as any Splitting }] {
            do {
                try read()
                Issue.record("a learning rate was taken for something else")
            } catch let diagnostic as Diagnostic { #expect(diagnostic.id == "internal") }
        }
    }

    /// An argument that is missing or of another type is no default.
    @Test func argumentsHaveNoFallback() throws {
        let call = Call("dropout", ["rate": Field(.text(Text("much")))], type: .sort("layer"), origin: Origin())
        for read in [{ _ = try catalogue.meaning(of: call) as Layer }, { _ = try Arguments(call, library: catalogue).integer("count") }] {
            do {
                try read()
                Issue.record("an argument was made up")
            } catch let diagnostic as Diagnostic { #expect(diagnostic.id == "internal") }
        }
    }

    @Test func memberWordsHaveNamesThatNoScriptReaches() {
        for word in experimentNumbers.builtins + brackets.builtins + operators.builtins { #expect(catalogue.builtins[word.name] == nil) }
    }
}
