import Diagnostics
import TestSupport
import Testing

@testable import Host

@Suite(.timed) struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("GPa", 3), ("e/Å³", 4), ("日本", 4), ("ﾊﾝ", 2), ("e\u{301}", 1), ("👍", 2), ("❤\u{FE0F}", 2),
        ("👨‍👩‍👧", 2), ("\u{1B}[K", 2), ("█▏░", 3), ("한", 2),
    ])
    func width(_ text: String, _ expected: Int) {
        #expect(displayWidth(text) == expected)
    }

    @Test func truncationNeverExceedsTheWidth() {
        for text in ["bulk modulus", "日本語の結晶", "e\u{301}e\u{301}e\u{301}", "a日b本c"] {
            for width in 0...14 {
                let cut = truncated(text, to: width)
                #expect(displayWidth(cut) <= width)
                #expect(displayWidth(text) > width || cut == text)
            }
        }
        #expect(truncated("bulk modulus", to: 6) == "bulk …")
        #expect(truncated("日本語", to: 4) == "日…")
        #expect(truncated("日本語", to: 5) == "日本…")
    }
}

@Suite(.timed) struct TextTableTests {
    private var metrics: TextTable {
        TextTable(
            title: "bulk",
            columns: [
                .init("split", alignment: .left), .init("n"), .init("RMSE", unit: "GPa"), .init("MAE", unit: "GPa"), .init("R2"),
                .init("95 % interval", alignment: .left),
            ],
            rows: [
                ["train", "100", "12.1", "9.3", "0.96", "0.94 to 0.97"],
                ["holdout", "22", "31.0", "24.5", "0.71", "0.48 to 0.85"],
                ["baseline: mean", "22", "58.2"],
            ],
            footnotes: ["Intervals by 1000 bootstrap draws of the holdout."])
    }

    @Test func layout() {
        #expect(
            metrics.text() == """
                bulk
                split             n  RMSE   MAE    R2  95 % interval
                                      GPa   GPa
                ──────────────────────────\
                ──────────────────────────
                train           100  12.1   9.3  0.96  0.94 to 0.97
                holdout          22  31.0  24.5  0.71  0.48 to 0.85
                baseline: mean   22  58.2
                Intervals by 1000 bootstrap draws of the holdout.

                """)
    }

    @Test func wordsAreNarrowedBeforeNumbers() {
        #expect(
            metrics.text(width: 46, ascii: true) == """
                bulk
                split         n  RMSE   MAE    R2  95 % inter~
                                  GPa   GPa
                ----------------------------------------------
                train       100  12.1   9.3  0.96  0.94 to 0.~
                holdout      22  31.0  24.5  0.71  0.48 to 0.~
                baseline:~   22  58.2
                Intervals by 1000 bootstrap draws of the
                holdout.

                """)
    }

    @Test func aTableTooWideIsBrokenIntoBlocksThatRepeatTheFirstColumn() {
        var table = metrics
        table.footnotes = []
        #expect(
            table.text(width: 22, ascii: true) == """
                bulk
                split       n  RMSE
                                GPa
                -------------------
                train     100  12.1
                holdout    22  31.0
                baselin~   22  58.2

                split      MAE    R2
                           GPa
                --------------------
                train      9.3  0.96
                holdout   24.5  0.71
                baselin~

                split     95 % in~
                ------------------
                train     0.94 to~
                holdout   0.48 to~
                baselin~

                """)
    }

    @Test func noLineIsWiderThanTheScreen() {
        var table = metrics
        table.columns[0].header = "分割"
        table.rows.append(["岩塩構造の結晶", "1", "2", "3", "4", "5", "6", "7"])
        for width in 1...80 {
            for line in table.lines(width: width) where !line.hasPrefix("I") && !line.contains("bootstrap") {
                #expect(displayWidth(line) <= max(width, 9), "width \(width): \(line)")
            }
            let shown = table.lines(width: width).joined()
            #expect(shown.contains("…") || shown.contains("58.2") || width < 4)
        }
    }

    @Test func wideCharactersAlign() {
        let table = TextTable(columns: [.init("name", alignment: .left), .init("x")], rows: [["日本", "1"], ["NaCl", "22"]])
        #expect(table.lines() == ["name   x", "────────", "日本   1", "NaCl  22"])
    }

    @Test func controlCharactersOfDataAreSpeltOut() {
        // What shows nothing is spelled out; what joins the parts of a word or of an emoji is a part of it.
        #expect(escapeControls("a\u{200B}b\u{2028}\u{FEFF}\u{AD}") == "a\\u{200b}b\\u{2028}\\u{feff}\\u{ad}")
        for text in ["👨‍👩‍👧", "می\u{200C}خواهم", "❤\u{FE0F}", "Å³ 钾"] { #expect(escapeControls(text) == text) }
        let table = TextTable(columns: [.init("name", alignment: .left)], rows: [["a\u{1B}[2Jb\nc"]])
        #expect(table.lines()[2] == "a\\u{1b}[2Jb\\u{a}c")
    }

    @Test func emptyTables() {
        #expect(TextTable(columns: [], rows: [["1"]]).lines(width: 10) == [])
        #expect(TextTable(columns: [.init("n")]).lines(width: 10) == ["n", "─"])
    }
}
