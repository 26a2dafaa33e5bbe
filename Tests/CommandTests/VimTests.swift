import Glibc
import Storage
import TestSupport
import Testing

/// The files for Vim, tried in Vim on the quickstart. Where there is no Vim, that is said and nothing is tried.
@Suite(.timed) struct VimTests {
    /// A place in a text and the colours that must lie on one another there.
    private static let places: [(line: String, word: String, groups: String)] = [
        ("# %% [markdown]", "markdown", "ecdxMarkdown>ecdxCell>ecdxCellTitle"),
        ("# # Heading", "Heading", "ecdxMarkdown>ecdxMarkdownHeading"),
        ("# text of the cell", "cell", "ecdxMarkdown"), ("", "", ""), ("# %% Data", "Data", "ecdxCell>ecdxCellTitle"),
        ("# words", "words", "ecdxComment"),
        ("dataset crystals {", "dataset", "ecdxKind"), ("    rows:   csv(\"a/{id}.csv\")", "rows", "ecdxField"),
        ("    rows:   csv(\"a/{id}.csv\")", "{id}", "ecdxString>ecdxPlaceholder"),
        ("    rows:   csv(\"a/{id}.csv\")", "csv", "ecdxBuiltin"),
        ("    split:  random(train: 70%, seed: 7)", "70%", "ecdxNumber"), ("    target.unit: none", "unit", "ecdxField"),
        ("    target.unit: none", "none", "ecdxConstant"),
        ("}", "", ""), ("let name = \"\\n \\(n + 1)\"", "name", "ecdxDeclared"),
        ("let name = \"\\n \\(n + 1)\"", "\\\\n", "ecdxString>ecdxEscape"),
        ("let name = \"\\n \\(n + 1)\"", "1)", "ecdxString>ecdxInterpolation>ecdxNumber"),
        ("let bad = \"\\q\"", "\\\\q", "ecdxString>ecdxBadEscape"),
        ("show bulk.holdout.r2", "show", "ecdxAction"), ("show bulk.holdout.r2", "holdout", "ecdxMember"),
        ("let s = early(on: validation.loss)", "loss", "ecdxMonitor"),
        ("let r = { table: 3 }", "table", "ecdxField"), ("def net(size: Number) = size", "net", "ecdxFunction"),
        ("def net(size: Number) = size", "Number", "ecdxType"),
        ("plane >> conv(4, activation: relu)", ">>", "ecdxOperator"), ("plane >> conv(4, activation: relu)", "relu", "ecdxWord"),
        ("for s in 1..3 { s }", "in", "ecdxKeyword"),
        ("for s in 1..3 { s }", "\\.\\.", "ecdxOperator"), ("for s in 1..3 { s }", "3", "ecdxNumber"),
    ]

    @Test func coloursAndIndents() throws {
        let project = try Project()
        try project.write("sample.ecdx", Self.places.map { $0.line + "\n" }.joined())
        let asked = Self.places.enumerated().filter { !$0.element.word.isEmpty }
        let script = """
            set nocompatible
            execute 'set runtimepath^=' . $FILES
            filetype plugin indent on
            syntax on
            edit sample.ecdx
            let out = []
            for [line, word] in [\(asked.map { "[\($0.offset + 1), '\($0.element.word)']" }.joined(separator: ", "))]
              call add(out, join(map(synstack(line, match(getline(line), '\\V' . substitute(word, '\\\\\\.', '.', 'g')) + 1), \
            'synIDattr(v:val, "name")'), '>'))
            endfor
            call writefile(out, 'colours.txt')
            edit! quickstart.ecdx
            normal! gg=G
            write! indented.ecdx
            call writefile([&commentstring, &makeprg], 'settings.txt')
            qall!
            """
        try project.write("try.vim", script + "\n")
        try project.write(
            "quickstart.ecdx", String(decoding: readFile(joined(Place.project, "experiments/quickstart.ecdx")), as: UTF8.self))
        let environment = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": project.file("home"), "TERM": "xterm",
            "FILES": joined(Place.project, "Editors/vim"),
        ]
        let outcome = try Command(
            [
                "-c", #"command -v vim > /dev/null || exit 77; cd "$0" && exec timeout 60 vim -es -N -u NONE -i NONE -S try.vim"#,
                project.folder,
            ],
            executable: "/bin/bash", environment: environment, out: project.file("vim.out"), err: project.file("vim.err")
        ).wait()
        if outcome.status == 77 {
            print("no vim here: the files in Editors/vim were not tried")
            return
        }
        let found = try project.read("colours.txt").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (index, place) in asked.map(\.element).enumerated() {
            #expect(
                found.indices.contains(index) && found[index] == place.groups,
                "`\(place.word)` in `\(place.line)`: \(found.indices.contains(index) ? found[index] : "nothing")")
        }
        #expect(try project.read("indented.ecdx") == project.read("quickstart.ecdx"))
        #expect(try project.read("settings.txt").hasPrefix("# %s\necdx check --short"))
    }
}
