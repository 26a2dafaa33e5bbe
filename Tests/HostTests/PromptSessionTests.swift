import Glibc
import TestSupport
import Testing

@testable import Host

/// What the session does with inputs and commands.
@Suite(.timed) struct PromptSessionTests {
    private let spoken: SpokenSession

    init() throws { spoken = try SpokenSession() }

    @Test func theLastValueGoesOn() {
        #expect(spoken.type("|> max").err.contains("error[nothing-shown]: a line that begins with `|>`"))
        spoken.type("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")")
        let direct = spoken.type("show al.max").out
        spoken.type("al")
        #expect(spoken.type("|> max").out == direct)
        // What failed is not the last value.
        spoken.type("al")
        #expect(spoken.type("|> nonsense").err.contains("nothing is called `nonsense`"))
        #expect(spoken.type("  |> max").out == direct)
    }

    @Test func whatRestsOnADeclarationIsNamed() {
        spoken.type(smallScript)
        spoken.type("let longer = bulk with { epochs: 2 }\nlet both = [bulk, longer]\nlet far = 3")
        let said = spoken.type("model cnn {\n    input plane: [12, 12, 1]\n    plane >> flatten >> dense(1)\n}").err
        #expect(said == "`both`, `bulk` and `longer` rest on `cnn`: they are computed anew\n")
        #expect(spoken.type("let far = 4").err == "")
        // The same again changes nothing.
        #expect(spoken.type("model cnn {\n    input plane: [12, 12, 1]\n    plane >> flatten   >> dense(1)\n}").err == "")
        #expect(spoken.type(":why bulk").out.hasPrefix("`cnn` was declared anew, and `bulk` rests on it\n"))
    }

    @Test func aFunctionDeclaredAnewIsNamedToo() {
        spoken.type(smallScript)
        spoken.type("let wide = net(32)")
        #expect(
            spoken.type(
                "def net(filters, units = 8) = model {\n  input plane: [12, 12, 1]\n  plane >> flatten >> dense(units) >> dense(1)\n}"
            ).err == "`wide` rests on `net`: it is computed anew\n")
    }

    @Test func undoTakesBackTheLastDeclarations() {
        spoken.type("let a = 1")
        spoken.type("let b = a + 1")
        spoken.type("let a = 10\nlet c = 3")
        #expect(spoken.type("show b").out == "11\n")
        #expect(spoken.type(":undo").err == "took back `c`; `a` is what it was before\n")
        #expect(spoken.type("show b").out == "2\n")
        #expect(spoken.type("c").err.contains("nothing is called `c`"))
        #expect(spoken.type(":undo").err == "took back `b`\n")
        #expect(spoken.type(":undo").err == "took back `a`\n")
        #expect(spoken.type(":undo").err == "nothing was declared that could be taken back\n")
        #expect(spoken.type("1 + 1").out == "2\n")
    }

    @Test func typesAreToldWithoutComputing() {
        spoken.type(smallScript)
        spoken.type("let runs = for seed in 1..3 { bulk with { seed: seed } }")
        #expect(spoken.type(":type al").out == "density 20x20x20, Al, 16.4 A^3, e/A^3\n")
        #expect(spoken.type(":type plane(al, [1, 1, 1], size: [4, 5])").out == "tensor 4x5x1, e/A^3\n")
        #expect(
            spoken.type(":type crystals").out.hasPrefix(
                "dataset of 144 rows, 101 train, 22 validation, 21 holdout\ntarget k_vrh [GPa]\ninput plane: tensor 12x12x1"))
        #expect(spoken.type(":type cnn").out == "model from plane 12x12x1 to 1, 45 parameters\n")
        #expect(spoken.type(":type runs").out == "list of 3 experiments, by seed\n")
        #expect(spoken.type(":type bulk").out == "experiment: `cnn` trained on `crystals`; not computed yet\n")
        #expect(spoken.type(":type 2 * 3").out == "number, 6\n")
        #expect(spoken.type(":type let x = 3").err.contains("expected an expression"))
        #expect(spoken.type(":type nonsense").err.contains("nothing is called"))
        // Nothing was kept of these.
        #expect(
            spoken.type(":list").out.split(separator: "\n").dropFirst(2).map { $0.split(separator: " ").first ?? "" } == [
                "crystals", "cnn", "bulk", "al", "net", "runs",
            ])
    }

    /// What `:type` says of a value is what `show` says of it, as far as it is known without computing.
    @Test func typesAgreeWithWhatIsShown() throws {
        spoken.type(smallScript)
        #expect(spoken.type(":type al[:, 0, 0]").out == "20 numbers, e/A^3\n")
        #expect(spoken.type("show al[:, 0, 0]").out.hasPrefix("20 numbers: min "))
        #expect(spoken.type("show al").out.hasPrefix("density 20x20x20, Al, 16.4 A^3\n"))
        spoken.type(
            """
            dataset fresh {
                rows: csv("data/fcc-dft/properties.csv"), id: "material_id"
                inputs.plane: chgcar("data/fcc-dft/densities/{material_id}.CHGCAR.gz") |> plane([1, 1, 1], size: [12, 12], cell: file)
            }
            """)
        spoken.type("model wide like cnn { plane >> conv(100, kernel: 3) >> globalAveragePool >> dense(1) }")
        spoken.type("schedule gradual { stage head { train: head, epochs: 1 }, stage whole { train: all, rate: 1e-4 } }")
        spoken.type("backbone vgg { architecture: VGG16, weights: none }")
        #expect(spoken.type(":type wide").out == "model from plane 12x12x1 to 1, 1,101 parameters\n")
        let types = ["gradual", "vgg"].map { spoken.type(":type \($0)").out }
        #expect(types[0].hasPrefix("schedule of 2 stages\n  head: trains head, epochs: 1\n"))
        #expect(types[1].hasPrefix("backbone: VGG16, 19 layers, 14,714,688 parameters and 0 moving statistics, 512 channels of features\n"))
        for (name, type) in zip(["gradual", "vgg"], types) {
            // All but the first line, which names it.
            let shown = spoken.type("show \(name)").out.split(separator: "\n").dropFirst()
            #expect(!shown.isEmpty && Array(type.split(separator: "\n").dropFirst()) == Array(shown))
        }
        let fresh = spoken.type(":type fresh").out
        #expect(fresh.hasPrefix("dataset of 144 rows\nno target: rows to predict for\ninput plane: tensor 12x12x1"))
    }

    /// What is trained for one experiment already is not counted for the next, and the time is said, as `ecdx plan` does.
    @Test func plansSayWhatIsReusedAndHowLongItTakes() throws {
        spoken.type(smallScript)
        spoken.type("experiment folded like bulk { folds: 2, report: best }")
        spoken.type("experiment refit like folded { report: refit }")
        let lines = spoken.type(":plan").out.split(separator: "\n").map(String.init)
        try #require(lines.count == 6)
        #expect(lines[0].contains("reused") && lines[0].hasSuffix("time at most"))
        #expect(lines[3].hasPrefix("folded      to compute  train on 123 rows of `crystals`, 2 folds, 1 epochs at most"))
        #expect(lines[4].contains("2 of 2 trainings") && lines[4].hasSuffix("under 1 s"))
        #expect(lines[5].hasPrefix("3 of 3 to compute: ") && lines[5].hasSuffix(" at most, as estimated from the size of the networks"))
        #expect(spoken.type(":plan 1 + 1").out == "nothing to compute: no experiment stands behind it\n")
    }

    @Test func plansAndReasons() {
        spoken.type(smallScript)
        spoken.type("experiment quick like bulk { seed: 2 }")
        #expect(spoken.type(":plan").out.contains("2 of 2 to compute: "))
        #expect(spoken.type(":plan al").out.hasPrefix("nothing to compute"))
        #expect(spoken.type(":why bulk").out == "`bulk` was not computed yet, and no run is recorded that is like it\n")
        spoken.type("show bulk.holdout.r2")
        #expect(spoken.type(":why bulk").out.hasPrefix("`bulk` is computed already: run "))
        #expect(spoken.type(":plan bulk").out.contains("nothing to compute"))
        let why = spoken.type(":why quick").out
        #expect(why.hasPrefix("`quick` differs from `bulk` in seed: 2 (was 1); its data are reused\n"))
        #expect(why.contains("the recorded run most like it, "))
        #expect(why.hasSuffix(", differs in seed: 2 (was 1)\n"))
        #expect(spoken.type(":why al").out == "`al` is worked out each time it is asked for: nothing of it is recorded\n")
        #expect(spoken.type(":why bulkk").err.contains("did you mean `bulk`?"))
    }

    @Test func aSessionIsSavedAsAScript() throws {
        spoken.type("# %% Numbers\n# the first\nlet a = 1   # one")
        spoken.type("let b = a + 1")
        spoken.type("show b")
        spoken.type("nonsense")
        spoken.type("let a = 5")
        spoken.type("b * 2")
        #expect(spoken.type(":save session.ecdx").err == "wrote: session.ecdx\n")
        #expect(spoken.folder.read("session.ecdx") == "let b = a + 1\nshow b\nlet a = 5\nb * 2\n")
        // Another is not overwritten.
        #expect(spoken.type(":save session.ecdx").err.contains("hint: overwrite it with `:save! session.ecdx`"))
        spoken.type("\n# more\n# of it\nlet c = 2\n")
        #expect(spoken.type(":save! session.ecdx").err == "wrote: session.ecdx\n")
        #expect(spoken.folder.read("session.ecdx") == "let b = a + 1\nshow b\nlet a = 5\nb * 2\n\n# more\n# of it\nlet c = 2\n")
    }

    /// A saved script stops nowhere: what failed when it was asked for is not in it.
    @Test func actionsThatFailedAreNotSaved() throws {
        spoken.type("let a = tensor([1, 0])")
        #expect(spoken.type("log(a)").err.contains("error[log-domain]"))
        #expect(spoken.type("show a\nshow log(a)\nshow a[0]").err.contains("error[log-domain]"))
        spoken.type("a")
        #expect(spoken.type(":save session.ecdx").err == "wrote: session.ecdx\n")
        #expect(spoken.folder.read("session.ecdx") == "let a = tensor([1, 0])\nshow a\na\n")
    }

    @Test func whatNoLongerFitsIsLeftOutOfAScript() {
        spoken.type("let a = [1, 2]")
        spoken.type("show a[1]")
        spoken.type("let a = 5")
        #expect(
            spoken.type(":save s.ecdx").err
                == "wrote: s.ecdx\n1 of its actions no longer fits what was declared later and stands in it as a comment\n")
        #expect(spoken.folder.read("s.ecdx") == "# no longer fits what comes after it:\n# show a[1]\nlet a = 5\n")
    }

    @Test func modulesAreSavedAsModules() throws {
        try spoken.folder.write("common.ecdx", "let shared = 7\n")
        spoken.type("use \"common.ecdx\"")
        spoken.type("use \"common.ecdx\"")
        #expect(spoken.type("show shared").out == "7\n")
        spoken.type(":save s.ecdx")
        #expect(spoken.folder.read("s.ecdx") == "use \"common.ecdx\"\nshow shared\n")
    }

    /// A file that has gone spoils what rests on it, not the session.
    @Test func aSessionOutlivesItsFiles() throws {
        try spoken.folder.write("t.csv", "a,b\n1,2\n")
        spoken.type("let t = csv(\"t.csv\")")
        unlink(spoken.folder.path + "/t.csv")
        let said = spoken.type("show 1 + 1")
        #expect(said.out == "2\n")
        #expect(said.err.contains("t.csv"))
        #expect(spoken.type("show 2 + 2") == ("4\n", ""))
        #expect(spoken.type("t").out == "")
        #expect(spoken.type("let t = 3").err == "")
        #expect(spoken.type("t").out == "3\n")
    }

    @Test func aRedeclarationThatBreaksWhatRestsOnItIsRefused() {
        spoken.type("let a = 1")
        spoken.type("let b = a + 1")
        #expect(spoken.type("let a = \"text\"").err.contains("error["))
        #expect(spoken.type("b").out == "2\n")
    }

    @Test func inputsAreTimed() {
        #expect(spoken.type(":time 1 + 1").out == "2\n")
        #expect(spoken.type(":time").err.hasPrefix("every input is timed"))
        #expect(spoken.type("2 + 2").err.hasSuffix(" s\n"))
        #expect(spoken.type(":time").err.hasPrefix("inputs are no longer timed"))
        #expect(spoken.type("2 + 2").err == "")
    }

    @Test func helpKnowsWhatWasDeclared() {
        spoken.type("# twice\nlet a = 2")
        spoken.session.help("a")
        #expect(spoken.type("").out == "a: number, 2\n# twice\nlet a = 2\n")
        spoken.session.help("conv")
        #expect(spoken.type("").out.hasPrefix("conv("))
        // The id of a message too.
        spoken.session.help("unknown-field")
        #expect(spoken.type("").out.contains("unknown-field"))
    }
}
