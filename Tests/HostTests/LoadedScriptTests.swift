import Experiments
import Glibc
import Storage
import TestSupport
import Testing

@testable import Host

/// Scripts of other folders at the prompt: relative paths in them start from where they stand.
@Suite(.timed) struct LoadedScriptTests {
    private let spoken: SpokenSession

    /// A session in a folder whose folder `trials` holds a script, its data and a module; the session's own data have another name.
    init() throws {
        spoken = try SpokenSession()
        let folder = spoken.folder.path
        #expect(mkdir(folder + "/trials", 0o755) == 0)
        #expect(rename(folder + "/data", folder + "/trials/data") == 0)
        try spoken.folder.write(
            "trials/small.ecdx",
            smallScript + """

                use "shared.ecdx"
                let place = "data/fcc-dft"
                def density(element) = chgcar("\\(place)/densities/\\(element)-fcc.CHGCAR.gz")
                show al.max
                show density("Cu").max
                """)
        try spoken.folder.write("trials/shared.ecdx", "let silver = \"Ag\"\n")
    }

    private func load(_ path: String) -> (out: String, err: String) {
        spoken.session.load(path)
        return spoken.type("")
    }

    @Test func pathsStartAtTheScript() throws {
        let shown = load("trials/small.ecdx")
        #expect(shown.out.contains("0.407 e/A^3") && !shown.err.contains("error"), "\(shown.err)")
        // What the script declared goes on meaning its files; what is typed starts from the session's folder.
        #expect(spoken.type("density(silver).max").out.hasSuffix(" e/A^3\n"))
        #expect(spoken.type("csv(\"data/fcc-dft/properties.csv\")").err.contains("error["))
        #expect(spoken.type("count(csv(\"trials/data/fcc-dft/properties.csv\"))").out == "144\n")
    }

    @Test func aSavedSessionMeansTheSameFiles() throws {
        _ = load("trials/small.ecdx")
        spoken.type("let own = chgcar(\"trials/data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")")
        let saved = spoken.type(":save session.ecdx")
        #expect(saved.err == "wrote: session.ecdx\n", "\(saved.err)")
        let text = String(decoding: try readFile(spoken.folder.path + "/session.ecdx"), as: UTF8.self)
        #expect(text.contains("use \"trials/shared.ecdx\""))
        #expect(text.contains("let place = \"data/fcc-dft\"") && text.contains("chgcar(\"trials/\\(place)/densities/"))
        #expect(text.contains("csv(\"trials/data/fcc-dft/properties.csv\")"))
        #expect(text.contains("chgcar(\"trials/data/fcc-dft/densities/{material_id}.CHGCAR.gz\")"))
        #expect(text.contains("let own = chgcar(\"trials/data/"))
        // What `:edit` opens is typed in the session's folder too.
        #expect(spoken.session.declaration(of: "al") == "let al = chgcar(\"trials/data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")")
        // The saved script checks where it stands.
        var options = SessionOptions()
        options.standardLibrary = Place.library
        let (terminal, _) = Terminal.captured()
        let session = try Session(
            base: spoken.folder.path + "/session.ecdx", options: options, reporter: TerminalReporter(terminal: terminal))
        let again = session.check(text, file: "session.ecdx").script
        #expect(!again.hasErrors, "\(again.diagnostics)")
    }

    @Test func aFunctionThatWasNotCalledIsToldOf() throws {
        try spoken.folder.write("trials/later.ecdx", "def silver(n) = chgcar(\"data/\\(n).CHGCAR\")\nlet a = 1\n")
        _ = load("trials/later.ecdx")
        #expect(spoken.type(":save later.ecdx").err.contains("paths in `silver` stand as they were loaded"))
    }

    /// A saved script in another folder that used such a module would read other files without a word.
    @Test func modulesThatNameFilesAreNotSaved() throws {
        try spoken.folder.write("trials/named.ecdx", "let metals = csv(\"data/fcc-dft/elements.csv\")\n")
        try spoken.folder.write("trials/uses.ecdx", "use \"named.ecdx\"\nshow metals.count\n")
        #expect(load("trials/uses.ecdx").out == "52\n")
        let saved = spoken.type(":save uses.ecdx")
        #expect(saved.err.contains("error[cannot-write]: `trials/named.ecdx` names files that lie in `trials`"), "\(saved.err)")
        #expect(access(spoken.folder.path + "/uses.ecdx", F_OK) != 0)
    }

    @Test func whatALoadedScriptWritesLiesBesideIt() throws {
        try spoken.folder.write(
            "trials/writes.ecdx", "table csv(\"data/fcc-dft/properties.csv\") |> first(2) to \"first.csv\"\n")
        #expect(load("trials/writes.ecdx").err == "wrote: trials/first.csv\n")
        #expect(access(spoken.folder.path + "/trials/first.csv", R_OK) == 0)
    }

    @Test func aScriptThatWasLoadedAgainIsReadAnew() throws {
        _ = load("trials/small.ecdx")
        try spoken.folder.write(
            "trials/small.ecdx", "# moved\nlet al = chgcar(\"data/fcc-dft/densities/Cu-fcc.CHGCAR.gz\")\nshow al.max\n")
        #expect(load("trials/small.ecdx").out == spoken.type("density(\"Cu\").max").out)
        spoken.type(":save! again.ecdx")
        let text = String(decoding: try readFile(spoken.folder.path + "/again.ecdx"), as: UTF8.self)
        #expect(text.contains("let al = chgcar(\"trials/data/fcc-dft/densities/Cu-fcc.CHGCAR.gz\")"))
        #expect(text.contains("csv(\"trials/data/fcc-dft/properties.csv\")"))
    }
}
