import Glibc
import TestSupport
import Testing

@testable import Host

/// What Tab offers, place by place.
@Suite(.timed) struct CompleterTests {
    private let spoken: SpokenSession

    init() throws {
        spoken = try SpokenSession()
        #expect(spoken.type(smallScript).err == "")
    }

    @Test func membersFollowADot() {
        #expect(spoken.offers("bulk.hold") == ["holdout"])
        #expect(Set(spoken.offers("bulk.")).isSuperset(of: ["history", "holdout", "data", "epochs"]))
        #expect(Set(spoken.offers("show bulk.holdout.")).isSuperset(of: ["rmse", "mae", "r2"]))
        #expect(spoken.offers("bulk.holdout.r") == ["r2", "rmse"])
        #expect(spoken.offers("crystals.inp") == ["inputs"])
        #expect(spoken.offers("crystals.inputs.") == ["plane"])
        #expect(Set(spoken.offers("al.")).isSuperset(of: ["max", "mean", "min", "std", "shape", "electrons"]))
        // `plane` needs more than what stands before the dot.
        #expect(!spoken.offers("al.").contains("plane"))
        #expect(Set(spoken.offers("plane(al, [1, 1, 1]).m")).isSuperset(of: ["max", "mean", "min"]))
        #expect(spoken.offers("bulk.data.targ") == ["target"])
        #expect(spoken.offers("nothing.") == [])
        #expect(spoken.offers("(al).ma") == ["magnetization", "max"])
    }

    @Test func membersOfListsAndFunctions() {
        spoken.type("let runs = for seed in 1..3 { bulk with { seed: seed } }")
        #expect(spoken.offers("runs[0].hold") == ["holdout"])
        #expect(spoken.offers("runs[seed: 2].holdout.r") == ["r2", "rmse"])
        spoken.type("def again(s) = experiment { data: crystals, model: cnn, loss: mse, seed: s }")
        #expect(spoken.offers("again(3).hold") == ["holdout"])
        #expect(spoken.offers("experiment { data: crystals }.hold") == ["holdout"])
    }

    @Test func columnsStandInQuotes() {
        #expect(spoken.offers("show crystals[\"k_v") == ["k_vrh\"]"])
        #expect(spoken.offers("dataset d like crystals { id: \"materi") == ["material_id\""])
        #expect(spoken.offers("dataset d { target: { column: \"k_v") == ["k_vrh\""])
        #expect(spoken.offers("dataset d like crystals { inputs: { p: chgcar(\"x/{materi") == ["material_id}"])
        #expect(spoken.offers("show crystals[\"nothing") == [])
        #expect(spoken.offers("show al[\"k_v") == [])
    }

    @Test func fieldsStandInBraces() {
        #expect(spoken.offers("experiment e { da") == ["data: "])
        #expect(spoken.offers("experiment e {\n    data: crystals, model: cnn\n    e") == ["epochs: "])
        // Those given are offered where nothing else begins as what was typed.
        #expect(!spoken.offers("experiment e { data: crystals, ").contains("data: "))
        #expect(spoken.offers("experiment e { data: crystals, da") == ["data: "])
        #expect(spoken.offers("experiment e like bulk { ep") == ["epochs: "])
        #expect(spoken.offers("let e = bulk with { ep") == ["epochs: "])
        #expect(spoken.offers("def f(x) = experiment { ep") == ["epochs: "])
        #expect(spoken.offers("dataset d { target: { col") == ["column: "])
        #expect(spoken.offers("dataset d { target: { column: \"k_vrh\", ") == ["unit: ", "transform: ", "scale: "])
        #expect(spoken.offers("dataset d like crystals { target.tr") == ["transform: "])
        #expect(spoken.offers("model m { inp") == ["input "])
        // Braces of a loop are not those of the kind around it, and those in strings and comments are none.
        #expect(spoken.offers("experiment e { data: \"}\" # }\n ep") == ["epochs: "])
        #expect(spoken.offers("let l = for s in 1..3 { ep") == [])
    }

    @Test func namesInQuotesAreFieldsToo() {
        for rest in ["al.ma", "pla", "crystals.inp"] {
            let plain = spoken.offers("dataset d { inputs: { ab: \(rest)")
            #expect(!plain.isEmpty && spoken.offers("dataset d { inputs: { \"a b\": \(rest)") == plain, "\(rest)")
        }
        spoken.type("let named = { \"a b\": 1, ab: 2 }")
        #expect(spoken.offers("named.") == ["ab"])
    }

    @Test func argumentsStandInParentheses() {
        let conv = spoken.offers("model m { input plane: [12, 12, 1]\n plane >> conv(")
        #expect(conv == ["filters: ", "kernel: ", "strides: ", "padding: ", "activation: ", "bias: ", "count("])
        #expect(Set(spoken.offers("metrics(")).isSuperset(of: ["of: ", "baselines: ", "bulk"]))
        #expect(spoken.offers("conv(16, k") == ["kernel: "])
        #expect(!spoken.offers("conv(16, kernel: 3, ").contains("kernel: "))
        #expect(!spoken.offers("conv(16, ").contains("filters: "))
        #expect(spoken.offers("al |> plane([1, 1, 1], s").contains("size: "))
        #expect(!spoken.offers("al |> plane(d").contains("density: "))
        #expect(spoken.offers("net(un").first == "units: ")
        #expect(!spoken.offers("net(4, un").contains("filters: "))
    }

    @Test func wordsStandWhereWordsAreTaken() {
        #expect(Set(spoken.offers("conv(16, kernel: 3, activation: ")) == ["none", "relu", "tanh", "sigmoid"])
        #expect(spoken.offers("conv(16, kernel: 3, activation: re") == ["relu"])
        #expect(spoken.offers("experiment e { loss: ") == ["mse"])
        #expect(spoken.offers("dataset d { target: { transform: l") == ["log"])
        #expect(spoken.offers("early(on: validation.l") == ["loss"])
        #expect(spoken.offers("early(on: val").first == "validation.loss")
        // The holdout may not be watched.
        #expect(spoken.offers("early(on: hold") == [])
    }

    @Test func whatFitsIsOffered() {
        #expect(spoken.offers("experiment e { data: ") == ["crystals"])
        #expect(spoken.offers("experiment e { model: ").first == "cnn")
        #expect(spoken.offers("experiment e { model: ").contains("net("))
        #expect(spoken.offers("experiment e { optimizer: ").contains("adam"))
        #expect(spoken.offers("table ").contains("metrics("))
        #expect(!spoken.offers("table ").contains("parity("))
        #expect(spoken.offers("plot par") == ["parity("])
        #expect(spoken.offers("metrics(bu") == ["bulk"])
        #expect(spoken.offers("al |> pl") == ["planarAverage(", "plane(", "planeThrough"])
        #expect(!spoken.offers("al |> ").contains("parity("))
        #expect(spoken.offers("model m { input plane: [12, 12, 1]\n plane >> fl") == ["flatten"])
        #expect(spoken.offers("experiment e like ") == ["bulk { "])
    }

    @Test func namesAreOffered() {
        #expect(spoken.offers("cry") == ["crystals"])
        #expect(spoken.offers("show aro") == ["arora("])
        #expect(spoken.offers("exper") == ["experiment "])
        #expect(spoken.offers("let") == ["let "])
        // Lines of the same input count, and so do the names inside a statement.
        #expect(spoken.offers("let fourth = 1\nlet second = fou") == ["fourth"])
        #expect(spoken.offers("experiment mine { data: crystals, model: cnn, loss: mse, seed: 1 }\nshow mine.hold") == ["holdout"])
        #expect(spoken.offers("def f(width) = 2 * wid") == ["width"])
        #expect(spoken.offers("let l = for step in 1..3 { ste") == ["step"])
        #expect(spoken.offers("model m { input picture: [3, 3, 1]\n pict") == ["picture"])
    }

    @Test func nothingIsOfferedWhereSomethingNewIsNamed() {
        for text in [
            "let ", "let cry", "dataset ", "model c", "def ", "param ", "# cry", "12", "1.", "\"abc\"", "show \"\\(cry",
            "experiment e {} # da",
        ] {
            #expect(spoken.offers(text) == [], "\(text)")
        }
        #expect(spoken.offers("experiment e ") == ["like "])
        #expect(spoken.offers("param p: N") == ["Number = "])
    }

    @Test func pathsStandInStrings() throws {
        try spoken.folder.write("one.csv", "a\n")
        try spoken.folder.write("common.ecdx", "")
        #expect(spoken.offers("let t = csv(\"on") == ["one.csv\""])
        #expect(spoken.offers("use \"") == ["common.ecdx\"", "data/"])
        #expect(spoken.offers("show al to \"da") == ["data/"])
        #expect(spoken.offers("chgcar(\"data/fcc-dft/densities/Al-fcc.C") == ["data/fcc-dft/densities/Al-fcc.CHGCAR.gz\""])
        // A text that is no path has nothing to do with files.
        #expect(spoken.offers("dataset d { id: \"on") == [])
        #expect(spoken.offers("chgcar(\"none/") == [])
    }

    @Test func theLastValueShownStandsBeforeAPipe() {
        spoken.type("al")
        #expect(spoken.offers("|> pl") == ["planarAverage(", "plane(", "planeThrough"])
        #expect(spoken.offers("  |> plane([1, 1, 1]).ma") == ["max"])
    }

    @Test func commandsTakeWhatTheyTake() {
        func offers(_ line: String) -> [String] {
            commandCompletions(of: line, at: line.utf8.count, among: spoken.session.commands, in: spoken.session).candidates.map {
                $0.text + $0.suffix
            }
        }
        #expect(offers(":typ") == ["type "])
        #expect(offers(":type crystals.inp") == ["inputs"])
        #expect(offers(":plan bulk.hold") == ["holdout"])
        #expect(offers(":why bu") == ["bulk"])
        #expect(offers(":why con") == [])
        #expect(offers("?globalA") == ["globalAveragePool"])
        #expect(offers("? bul") == ["bulk"])
        #expect(offers("?unknown-fi") == ["unknown-field"])
    }

    /// Whatever was typed, however wrong: an answer, and one that can be inserted.
    @Test func everyPlaceHasAnAnswer() {
        let texts = [
            smallScript, "}}} ) ] { ( [ \" # \\( , : . |> >> like with", "let é日 = \"é", "model { { [ ( conv(conv(conv(", "a.b.c.(.",
            "\u{0}\u{7F}",
        ]
        for text in texts {
            let bytes = Array(text.utf8)
            for offset in 0...bytes.count {
                let head = String(decoding: bytes[..<offset], as: UTF8.self)
                guard head.utf8.count == offset else { continue }
                let found = spoken.session.completions(of: text, at: offset)
                #expect(found.candidates.isEmpty || (0...offset).contains(found.replaceFrom))
                let typed = slice(of: text, from: found.replaceFrom, to: offset)
                #expect(found.candidates.allSatisfy { $0.text.utf8.starts(with: typed.utf8) }, "\(head.suffix(30))")
            }
        }
    }
}
