import Datasets
import Diagnostics
import Models
import TestSupport
import Testing
import Training

@testable import Builtins
@testable import Language

/// Every word has one meaning, of the type that its sort has.
@Suite(.timed) struct VocabularyTests {
    /// Words whose check gives another value than a call of them, or which name a file for those who use them.
    private static let withoutMeaning: Set<String> = ["count", "reversed", "sample", "shape", "symmetry", "reported", "trained"]

    @Test func everyWordHasAMeaning() {
        let words = Array(catalogue.builtins.values) + catalogue.operators.values
        #expect(words.count > 90)
        for word in words { #expect((word.meaning == nil) == Self.withoutMeaning.contains(word.name), "`\(word.name)`") }
    }

    @Test func theWordsOfASortMeanOneType() {
        func check<Meaning: Sendable>(_ sort: Sort, _ vocabulary: Vocabulary<Meaning>, others: Set<String> = []) {
            let expected = Set(catalogue.builtins.values.filter { $0.result == .sort(sort) }.map(\.name)).subtracting(others)
            #expect(Set(vocabulary.builtins.map(\.name).filter { catalogue.builtins[$0]?.result != .signal }) == expected, "\(sort.name)")
        }
        check(.layer, layers)
        check(.split, splits)
        check(.optimizer, optimizers)
        check(.stop, stops)
        check(.keep, keeps)
        check(.rate, rates)
        check(.selector, selectors)
        check(.group, rateGroups)
        check(.augmentation, augmentations)
        check(.search, searches)
        check(.baseline, baselines)
        check(.selection, selections)
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
        let call = Call("dropout", ["rate": Field(.text(Text("much")))], type: .sort(.layer), origin: Origin())
        for read in [{ _ = try catalogue.meaning(of: call) as Layer }, { _ = try Arguments(call, library: catalogue).integer("count") }] {
            do {
                try read()
                Issue.record("an argument was made up")
            } catch let diagnostic as Diagnostic { #expect(diagnostic.id == "internal") }
        }
    }

    /// Whatever a parameter takes, the meaning reads: a fraction where a whole number is read is refused by the parameter.
    @Test func whatAParameterTakesItsMeaningReads() throws {
        var tried = 0
        func check<Meaning: Sendable>(_ vocabulary: Vocabulary<Meaning>) throws {
            for word in vocabulary.builtins {
                let usual = Fields(
                    word.parameters.compactMap { parameter in samples(parameter.type).first.map { (parameter.name, Field($0)) } })
                for parameter in word.parameters {
                    for sample in samples(parameter.type) {
                        var arguments = usual
                        arguments[parameter.name] = Field(sample)
                        let call = Call(word.name, arguments, type: word.result, origin: Origin())
                        let found = diagnostic { _ = try catalogue.meaning(of: call) as Meaning }
                        #expect(found.id != "internal", "`\(word.name)`: \(found.message)")
                        tried += 1
                    }
                }
            }
        }
        try check(layers)
        try check(splits)
        try check(optimizers)
        try check(stops)
        try check(keeps)
        try check(rates)
        try check(selectors)
        try check(rateGroups)
        try check(augmentations)
        try check(spaces)
        try check(searches)
        try check(baselines)
        #expect(tried > 150)
    }

    /// Values that a type takes: one for each of its alternatives, fractions where it takes them. Empty for what is declared.
    private func samples(_ type: ValueType, depth: Int = 0) -> [Value] {
        type.alternatives.flatMap { alternative -> [Value] in
            switch alternative {
            case .none: [.none]
            case .bool: [.bool(true)]
            case .number(let rule):
                [0.5, 1.5, 2.5, -0.5, 2, 5].first { rule.accepts($0) }.map { [.number($0)] } ?? []
            case .word(let choices): choices.names.map { .word($0) }
            case .monitor: [.word("validation.loss")]
            case .text, .path, .template: [.text(Text("name"))]
            case .any: [.number(2)]
            case .list(let item, let count):
                samples(item, depth: depth).map { .list([ListItem](repeating: ListItem($0), count: count ?? 2)) }
            case .sort(let sort) where depth == 0:
                catalogue.builtins.values.filter { $0.result == .sort(sort) }.sorted { $0.name < $1.name }.map { word in
                    let arguments = word.parameters.compactMap { parameter in
                        samples(parameter.type, depth: 1).first.map { (parameter.name, Field($0)) }
                    }
                    return .call(Call(word.name, Fields(arguments), type: word.result, origin: Origin()))
                }
            default: []
            }
        }
    }

    @Test func memberWordsHaveNamesThatNoScriptReaches() {
        for word in experimentNumbers.builtins + brackets.builtins + operators.builtins { #expect(catalogue.builtins[word.name] == nil) }
    }
}
