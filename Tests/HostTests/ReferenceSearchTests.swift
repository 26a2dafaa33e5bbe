import Builtins
import Host
import Language
import TestSupport
import Testing

/// `ecdx help` finds fields, words, members and names of other tools.
@Suite(.timed) struct ReferenceSearchTests {
    private func places(_ text: String) -> [String] { ReferenceSearch(text).found.flatMap { [$0.entry.place] + $0.others } }

    @Test func everyFieldAndChoiceIsFoundAndSaysSomething() {
        func look(_ parameter: Parameter, at place: String) {
            #expect(!parameter.summary.isEmpty, "\(place)")
            let found = places(parameter.name)
            #expect(found.contains(place), "\(place)")
            for choice in parameter.type.choices {
                #expect(!choice.summary.isEmpty, "\(place): \(choice.name)")
                #expect(places(choice.name).contains("\(place): \(choice.name)"), "\(place): \(choice.name)")
            }
        }
        for kind in catalogue.kinds.values {
            for field in kind.fields {
                look(field, at: "\(kind.name).\(field.name)")
                for case .record(let inner) in field.type.alternatives {
                    for entry in inner { look(entry, at: "\(kind.name).\(field.name).\(entry.name)") }
                }
            }
            for member in kind.members { #expect(places(member.name).contains("(\(kind.name)).\(member.name)"), "\(member.name)") }
        }
        for builtin in catalogue.builtins.values {
            for parameter in builtin.parameters {
                #expect(!parameter.summary.isEmpty, "\(builtin.name) \(parameter.name)")
                for choice in parameter.type.choices { #expect(!choice.summary.isEmpty, "\(builtin.name): \(choice.name)") }
            }
        }
    }

    @Test func partsOfWhatNothingHasAreLookedFor() {
        for (text, part) in [("nn.Linear", "Linear"), ("pd.read_csv", "read_csv"), ("early stopping", "EarlyStopping")] {
            let page = Reference.help(text, width: 100)
            #expect(page?.hasPrefix("nothing has all of `\(text)`; `\(part)`:\n") == true, "\(page ?? "nothing")")
        }
        #expect(Reference.help("qqq zzz", width: 100) == nil)
    }

    @Test(arguments: [
        ("loss", "experiment.loss"), ("mse", "experiment.loss: mse"), ("target", "dataset.target"),
        ("keep", "experiment.keep"), ("transform", "dataset.target.transform"), ("scale", "dataset.target.scale"),
        ("best", "best(on:)"), ("history", "(experiment).history"), ("export", "export VALUE"),
        ("holdout-leak", "ecdx explain holdout-leak"), ("EarlyStopping", "early(on:, patience:)"), ("Dense", "dense(units:)"),
        ("read_csv", "csv(path:)"), ("merge", "join(table:)"), ("learning_rate", "experiment.optimizer"),
    ])
    func theBestComesFirst(text: String, place: String) { #expect(places(text).prefix(4).contains(place), "\(places(text).prefix(6))") }

    @Test func membersBehindMembers() {
        #expect(places("rmse").contains("(experiment).holdout.rmse"))
        #expect(places("predicted").contains("(experiment).train.predicted"))
        #expect(places("holdout").contains("(dataset).holdout"))
    }

    @Test func pages() throws {
        let target = try #require(Reference.help("target", width: nil))
        #expect(target.contains("dataset.target ") && target.contains("the whole page: `ecdx help dataset`"))
        let transform = try #require(Reference.help("transform", width: nil))
        #expect(transform.contains("log  the natural logarithm"))
        let dense = try #require(Reference.help("Dense", width: nil))
        #expect(dense.hasPrefix("Dense: write `dense`\n"))
        #expect(Reference.help("GPa", width: nil)?.contains("a unit") == true)
        #expect(Reference.help("mean squared", width: nil)?.contains("mse") == true)
        #expect(Reference.help("xyzzyx", width: nil) == nil)
        #expect(Reference.unknown("epohcs").hints == ["did you mean `epochs`?"])
        // Every line fits, and long lists are cut.
        let narrow = try #require(Reference.help("path", width: 60))
        #expect(narrow.contains(" more: `ecdx help --all path`"))
        let all = try #require(Reference.help("path", width: nil, all: true))
        #expect(!all.contains(" more: `") && all.count > narrow.count)
    }

    @Test func subcommandsAreFound() {
        let search = ReferenceSearch("predict", commands: [("predict", "Predict with a trained experiment.")])
        #expect(search.found.contains { $0.entry.place == "ecdx predict" })
    }
}
