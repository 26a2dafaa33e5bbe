import Builtins
import TestSupport
import Testing

@testable import Language

/// What the canonical layout is, case by case.
@Suite(.timed) struct FormatLayoutTests {
    private func layout(_ text: String) -> String {
        #expect(layoutFaults(text) == [])
        return ScriptFormatter.format(text, file: "t", grammar: catalogue.grammar).text ?? "(none)"
    }

    @Test(arguments: [
        ("let a=1+2 *-3^ - 2", "let a = 1 + 2 * -3 ^ -2"), ("show  f ( x ,y : 2 ) [ 1 : 3 , k:2 ] . b", "show f(x, y: 2)[1:3, k: 2].b"),
        ("show x [ -1 ][:2][1:][a+1:b]", "show x[-1][:2][1:][a + 1:b]"), ("show x[:,:,0][1:,:2]", "show x[:, :, 0][1:, :2]"),
        ("show 1 .. 9   by 2", "show 1..9 by 2"), ("show not(a<b and c)or d", "show not (a < b and c) or d"),
        ("let r={a:1,b:{ },c:[ ]}", "let r = { a: 1, b: {}, c: [] }"),
        ("let r={\"PBE + U\":1,\"PBE\":2,\"for\" : 3,\"Å\":\"PBE\"}", "let r = { \"PBE + U\": 1, PBE: 2, for: 3, Å: \"PBE\" }"),
        ("show r [ \"PBE\" ]", "show r[\"PBE\"]"), ("let o=b with{\"a b\":1}", "let o = b with { \"a b\": 1 }"),
        ("model m{input \"a b\":[1]\n\"a b\">>f(1)}", "model m {\n    input \"a b\": [1]\n    \"a b\" >> f(1)\n}"),
        ("param p:Number=50", "param p: Number = 50"),
        ("def f(a:Number=1,b)=a", "def f(a: Number = 1, b) = a"),
        ("def f ( ) = 1", "def f() = 1"), ("model m{a>>b( 1 )}", "model m { a >> b(1) }"), ("model m like n{ }", "model m like n {}"),
        ("let o=b with{seed:2}", "let o = b with { seed: 2 }"), ("show if a{1}else{2}", "show if a { 1 } else { 2 }"),
        ("show (a)", "show (a)"), ("show ((a + b)) * c", "show ((a + b)) * c"),
        ("plot f(x)to \"out\"", "plot f(x) to \"out\""), ("predict a on f(b) to (\"c\")", "predict a on f(b) to (\"c\")"),
        ("predict a on b as  given to\"c\"", "predict a on b as given to \"c\""),
        ("show [1,2,]", "show [1, 2]"), ("show f(a,)", "show f(a)"),
        ("show \"a\tb  \\(1+1)\"", "show \"a\tb  \\(1+1)\""), ("show 1.50 + 1E3 + 070%", "show 1.50 + 1E3 + 070%"),
        ("show a   # b", "show a  # b"), ("show [- 1, 2 - 1]", "show [-1, 2 - 1]"),
        ("show {}.a", "show {}.a"), ("let s = for i in [1,2],j in 1..3{i*j}", "let s = for i in [1, 2], j in 1..3 { i * j }"),
        ("let r = { , a: 1,, b: 2 ,}", "let r = { a: 1, b: 2 }"),
    ])
    func oneLine(_ text: String, _ expected: String) { #expect(layout(text) == expected + "\n") }

    @Test(arguments: ["", "\n\n", " \t\r\n", "\u{FEFF}\n"]) func nothing(_ text: String) { #expect(layout(text) == "") }

    @Test func blankLinesAndCells() {
        #expect(
            layout("\n\n# a\r\n\r\n\r\n# b  \nlet x = 1\t\n  # %% c\nshow x\n\n\n\nshow x # d\n\n# e\n\n\n") == """
                # a

                # b
                let x = 1

                # %% c
                show x

                show x  # d

                # e

                """)
        #expect(layout("# %% a\n# %% b\n") == "# %% a\n\n# %% b\n")
        #expect(layout("model m {\n\n\na: 1\n\n\n\nb: 2\n\n}\n") == "model m {\n    a: 1\n\n    b: 2\n}\n")
    }

    @Test func comments() {
        #expect(
            layout(
                """
                let r = { # first
                # own
                  a: 1, # behind a
                   b: 2 # behind b
                   , c: 3
                      # last
                }
                let e = {
                # empty
                }
                let l = [1 # one
                 , 2, # two
                 # three
                 3
                 # end
                ]
                show f(a, # a
                  b: # b
                    2)
                let c = x # x
                  # before
                  >> y # y
                  |> z
                if a {
                  show 1
                }
                # otherwise
                else { show 2 } # done
                # the end
                """) == """
                    let r = {  # first
                        # own
                        a: 1  # behind a
                        b: 2  # behind b
                        c: 3
                        # last
                    }
                    let e = {
                        # empty
                    }
                    let l = [
                        1,  # one
                        2,  # two
                        # three
                        3
                        # end
                    ]
                    show f(
                        a,  # a
                        b:  # b
                            2
                    )
                    let c = x  # x
                        # before
                        >> y  # y
                        |> z
                    if a {
                        show 1
                    }
                    # otherwise
                    else { show 2 }  # done
                    # the end

                    """)
    }

    /// Comments behind consecutive lines stand under one another; not those of lines of other lengths or indentations.
    @Test func commentsBehindLines() {
        let long = String(repeating: "a", count: 40)
        #expect(
            layout(
                """
                show 1 # a
                show 100   # b
                show 2
                show 3 # c
                model m { # d
                 x >> ab # e
                >> c # i
                }
                show \(long) # f
                show 1# g

                show 10 # h
                """
            ) == """
                show 1    # a
                show 100  # b
                show 2
                show 3     # c
                model m {  # d
                    x >> ab  # e
                      >> c   # i
                }
                show \(long)  # f
                show 1  # g

                show 10  # h

                """)
    }

    @Test func linesOfTheAuthor() {
        #expect(layout("experiment e {\n  a: 1, b: 2\n  c: 3,\n  d: 4 }\n") == "experiment e {\n    a: 1, b: 2\n    c: 3\n    d: 4\n}\n")
        #expect(layout("let l = [1,\n 2, 3]\n") == "let l = [\n    1,\n    2, 3\n]\n")
        #expect(layout("let l = [\n 1,\n 2,\n]\n") == "let l = [\n    1,\n    2,\n]\n")
        #expect(layout("let c = [3, 4]\n |> count\n |> f\n") == "let c = [3, 4]\n    |> count\n    |> f\n")
        #expect(layout("show a +\nb and\nc\n") == "show a +\n    b and\n    c\n")
        #expect(layout("let x =\n 1\n") == "let x =\n    1\n")
        #expect(layout("show f({\na: 1\n}, 2)\n") == "show f({\n    a: 1\n}, 2)\n")
        #expect(layout("show f(\n{\na: 1})\n") == "show f(\n    {\n        a: 1\n    }\n)\n")
        #expect(layout("if a { show 1 }\n\nelse { show 2 }") == "if a { show 1 } else { show 2 }\n")
        #expect(layout("let s = for a in [1],\n b in\n [2] { a }\n") == "let s = for a in [1],\n    b in [2] { a }\n")
        #expect(layout("show f(g\n(1)\n.a, not\nb)\n") == "show f(g(1).a, not b)\n")
    }

    @Test func chains() {
        #expect(
            layout("model m {\nplane >> a(1) >> b\n>> c\n  >> d(\n1)\n}\n") == """
                model m {
                    plane >> a(1) >> b
                          >> c
                          >> d(
                              1
                          )
                }

                """)
        #expect(layout("let m = a >>\nb >>\nc") == "let m = a\n    >> b\n    >> c\n")
        #expect(layout("let network = someFunction(of: things) >> b\n>> c") == "let network = someFunction(of: things) >> b\n    >> c\n")
    }

    @Test func alignment() {
        #expect(
            layout(
                """
                dataset d {
                    rows: csv("a")
                    id: "b"
                    inputs: {
                        plane: p
                        text: t
                    }
                    target: { a: 1 }
                    missing: drop

                    x: 1
                    # a comment
                    longer.path: 2
                    y: 3, z: 4
                    w: 5
                    value:
                        6
                }
                model m {
                    input image: [1]
                    input a: [2]
                    let b = 1
                }
                schedule s {
                    stage head { train: head }
                    stage finetune {
                        train: all
                    }
                }
                """) == """
                    dataset d {
                        rows:   csv("a")
                        id:     "b"
                        inputs: {
                            plane: p
                            text:  t
                        }
                        target:  { a: 1 }
                        missing: drop

                        x: 1
                        # a comment
                        longer.path: 2
                        y: 3, z: 4
                        w: 5
                        value:
                            6
                    }
                    model m {
                        input image: [1]
                        input a:     [2]
                        let b = 1
                    }
                    schedule s {
                        stage head     { train: head }
                        stage finetune {
                            train: all
                        }
                    }

                    """)
    }

    private let a30 = String(repeating: "a", count: 30), b30 = String(repeating: "b", count: 30), b40 = String(repeating: "b", count: 40),
        c90 = String(repeating: "c", count: 90)

    @Test func longLines() {
        #expect(
            layout("experiment e { data: \(a30), model: \(b30), epochs: \(b30) }\n") == """
                experiment e {
                    data: \(a30), model: \(b30), epochs: \(b30)
                }

                """)
        #expect(
            layout("experiment e { data: \(a30), model: \(b40), epochs: \(b40), id: 1 }\n") == """
                experiment e {
                    data:   \(a30)
                    model:  \(b40)
                    epochs: \(b40)
                    id:     1
                }

                """)
        #expect(layout("show f(\(a30), \(b30), \(b40)) |> gg(1)\n") == "show f(\(a30), \(b30), \(b40))\n    |> gg(1)\n")
        #expect(layout("show f(\(a30), \(b30), \(b40)) |> g(1)\n") == "show f(\(a30), \(b30), \(b40)) |> g(1)\n")
        #expect(layout("show f(\(a30), \(b40), \(b30), [23456])\n") == "show f(\n    \(a30), \(b40), \(b30), [23456]\n)\n")
        #expect(layout("show f(\(a30), \(b40), \(b40), [2])\n") == "show f(\n    \(a30),\n    \(b40),\n    \(b40),\n    [2]\n)\n")
        #expect(
            layout("model m { x >> a(\(a30)) >> b(\(b40)) >> c(\(b40)) >> d }\n") == """
                model m {
                    x >> a(\(a30)) >> b(\(b40))
                      >> c(\(b40)) >> d
                }

                """)
        #expect(
            layout("let c = for x in [\(a30)], y in [\(b40)] { someFunction(of: x, \(a30)) }\n") == """
                let c = for x in [\(a30)], y in [\(b40)] {
                    someFunction(of: x, \(a30))
                }

                """)
        #expect(
            layout("let c = if \(b40) { \(a30) } else { \(b40) + 1 }\n") == """
                let c = if \(b40) {
                    \(a30)
                } else {
                    \(b40) + 1
                }

                """)
        #expect(layout("show \(c90) + \(a30) * 2\n") == "show \(c90) +\n    \(a30) * 2\n")
        // Nothing helps.
        #expect(layout("show f(\"\(c90)\(c90)\")\n") == "show f(\"\(c90)\(c90)\")\n")
        // A comment makes no line too long.
        #expect(layout("show f(1, 2)  # \(c90)\(c90)\n") == "show f(1, 2)  # \(c90)\(c90)\n")
    }

    @Test func longLists() {
        let words = (10..<60).map { "\"word\($0)\"" }.joined(separator: ", ")
        let lines = layout("let l = [\(words)]").split(separator: "\n")
        #expect(lines.count == 7 && lines.first == "let l = [" && lines.last == "]")
        #expect(lines.dropFirst().dropLast().allSatisfy { $0.hasPrefix("    \"word") && $0.count <= 120 })
        let calls = (10..<30).map { "f(\($0))" }.joined(separator: ", ")
        #expect(layout("let l = [\(calls)]").split(separator: "\n").count == 22)
    }

    /// A statement of ten thousand numbers, in one line and a line each, takes no long time.
    @Test func hugeLists() {
        for separator in [", ", ",\n"] {
            let text = "let l = [" + (0..<10_000).map(String.init).joined(separator: separator) + "]"
            #expect(layoutFaults(text) == [])
        }
    }
}
