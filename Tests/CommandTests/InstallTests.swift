import Glibc
import Storage
import TestSupport
import Testing

/// What `make install` installs works from where it lies, and the manual page and the completions know the whole command.
@Suite(.timed) struct InstallTests {
    private func shell(
        _ script: String, _ arguments: String..., in project: Project, environment: [String: String] = [:]
    ) throws -> Command.Outcome {
        var all = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": project.file("home")].merging(environment) { $1 }
        if let libraries = getenv("LD_LIBRARY_PATH") { all["LD_LIBRARY_PATH"] = String(cString: libraries) }
        return try Command(
            ["-c", script, "bash"] + arguments, executable: "/bin/bash", environment: all, out: project.file("out.txt"),
            err: project.file("err.txt")
        ).wait()
    }

    private func install(_ project: Project, _ argument: String) throws -> Command.Outcome {
        try shell(
            #""$0/scripts/install.sh" "$1""#.replacing("$0", with: Place.project), argument, in: project,
            environment: ["DESTDIR": project.file("stage"), "PREFIX": "/opt/ecdx"])
    }

    @Test func installsAndRemoves() throws {
        let project = try Project()
        #expect(try install(project, builtProgram()).status == 0)
        let place = project.file("stage/opt/ecdx")
        for file in [
            "share/ecdx/stdlib/networks.ecdx", "share/man/man1/ecdx.1", "share/bash-completion/completions/ecdx",
            "share/zsh/site-functions/_ecdx",
            "share/fish/vendor_completions.d/ecdx.fish", "share/ecdx/vim/syntax/ecdx.vim", "share/ecdx/vscode/package.json",
            "share/doc/ecdx/LANGUAGE.md", "share/doc/ecdx/REPL.md", "share/doc/ecdx/experiments/quickstart.ecdx",
            "share/doc/ecdx/experiments/data/fcc-dft/properties.csv",
        ] { #expect(fileStatus(joined(place, file))?.kind == .file, "\(file)") }
        // The library is found beside the program, from any folder.
        try project.write("library.ecdx", "let net = compact()\nshow net\n")
        let run = try shell(#"cd / && "$1/bin/ecdx" check "$2""#, place, project.file("library.ecdx"), in: project)
        #expect(run.status == 0, "\(run.err)")
        let help = try shell(#"cd / && "$1/bin/ecdx" help"#, place, in: project)
        #expect(help.out.contains("\(place)/share/doc/ecdx\n"))
        let bare = try shell(
            #"cd / && "$1/bin/ecdx" check "$2""#, place, project.file("library.ecdx"), in: project,
            environment: ["ECDX_STDLIB": project.file("none")])
        #expect(bare.status == 3 && bare.err.contains("compact"))
        #expect(try install(project, "--remove").status == 0)
        #expect(try shell(#"find "$1" -type f"#, place, in: project).out == "")
    }

    /// What bash offers for the words of a line, the last of which is being typed.
    private func offered(_ words: (String, String, String), in project: Project) throws -> [String] {
        let outcome = try shell(
            #"""
            PATH="$1:$PATH"; cd "$2"; shift 2
            source <(ecdx --generate-completion-script bash)
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMPREPLY=()
            _ecdx ecdx "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\n' "${COMPREPLY[@]}"
            """#, try parentFolder(of: builtProgram()), project.folder, words.0, words.1, words.2, in: project)
        #expect(outcome.status == 0 && outcome.err == "", "\(outcome.err)")
        return outcome.out.split(separator: "\n").map(String.init)
    }

    @Test func bashCompletes() throws {
        let project = try Project()
        #expect(try offered(("ecdx", "explain", "holdout"), in: project) == ["holdout-leak"])
        #expect(try Set(offered(("ecdx", "help", "glob"), in: project)) == ["globalAveragePool"])
        #expect(try offered(("ecdx", "help", "che"), in: project) == ["check"])
        let files = try offered(("ecdx", "check", ""), in: project)
        #expect(files.contains("small.ecdx") && files.contains("data") && !files.contains("out.txt"), "\(files)")
        #expect(try offered(("ecdx", "check", "--js"), in: project) == ["--json"])
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func completionScripts(shell name: String) throws {
        let project = try Project()
        let script = try project.ecdx("--generate-completion-script", name)
        #expect(script.status == 0 && script.err == "" && script.out.contains("holdout-leak") && script.out.contains("ecdx"))
        #expect(!script.out.contains("Show subcommand help information"))
        try project.write("script", script.out)
        let checker = try shell(#"command -v "$1" > /dev/null || exit 77; "$1" -n "$2""#, name, project.file("script"), in: project)
        if checker.status == 77 {
            print("no \(name) here: its completions were not read")
            return
        }
        #expect(checker.status == 0, "\(checker.err)")
    }

    /// `make reference` writes the subcommands of the page anew.
    @Test func manualPageIsCurrent() throws {
        let project = try Project()
        let page = String(decoding: try readFile(joined(Place.project, "docs/ecdx.1")), as: UTF8.self)
        let begin = try #require(page.firstRange(of: ".\\\" begin subcommands\n"))
        let end = try #require(page.firstRange(of: ".\\\" end subcommands\n"))
        let commands = try project.ecdx("help", "--manual").out
        #expect(String(page[begin.upperBound..<end.lowerBound]) == commands)
        let overview = try project.ecdx("--help").out
        let names = try #require(overview.split(separator: "SUBCOMMANDS:").last).matches(of: /\n  ([a-z]+)(?: \(default\))? +[A-Z]/).map {
            String($0.1)
        }
        #expect(names.contains("run") && names.contains("explain") && names.contains("repl"))
        for name in names {
            #expect(commands.contains(".Ss ecdx \(name)\n"), "\(name)")
            let options = try project.ecdx(name, "--help").out.matches(of: /\n  (--[a-z-]+)/).map { String($0.1) }.filter {
                $0 != "--version"
            }
            for option in options {
                #expect(commands.contains("Fl \\-" + option.dropFirst(2).replacing("-", with: "\\-")), "\(name) \(option)")
            }
        }
    }

    /// Every variable of the environment that the program reads stands in the page.
    @Test func manualPageNamesTheEnvironment() throws {
        let project = try Project()
        let found = try shell(
            #"grep -rhoE '(getenv|environment)\("[A-Z_]+"' "$1/Sources" | grep -oE '[A-Z_]{2,}' | sort -u"#, Place.project, in: project)
        let page = String(decoding: try readFile(joined(Place.project, "docs/ecdx.1")), as: UTF8.self)
        let names = found.out.split(separator: "\n")
        #expect(names.contains("ECDX_STORE"))
        #expect(names.filter { !page.contains($0) } == [])
        for tool in ["mandoc -Tlint -Werror", "groff -ww -mandoc -Tutf8"] {
            let outcome = try shell(
                #"command -v "${1%% *}" > /dev/null || exit 77; $1 "$2" 2>&1 > /dev/null | grep -v 'outdated mandoc.db'; exit 0"#, tool,
                joined(Place.project, "docs/ecdx.1"), in: project)
            if outcome.status == 77 {
                print("no \(tool) here: the manual page was not read by it")
            } else {
                #expect(outcome.out == "", "\(tool): \(outcome.out)")
            }
        }
    }
}
