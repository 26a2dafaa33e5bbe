import Storage
import TestSupport
import Testing

/// `ecdx new` writes scripts that run.
@Suite(.timed) struct NewTests {
    /// Runs `ecdx` on files of the project: what stands behind `@` is the name of one.
    private func ecdx(_ arguments: [String], in project: Project) throws -> Command.Outcome {
        try project.start(arguments.map { $0.hasPrefix("@") ? project.file(String($0.dropFirst())) : $0 }).wait()
    }

    /// Writes a script with those arguments, and tries it: `check` and `run --smoke`, in canonical layout.
    private func written(_ arguments: [String], in project: Project) throws -> (said: String, script: String) {
        let new = try ecdx(["new", "@first"] + arguments, in: project)
        #expect(new.status == 0 && new.err == "", "\(new.err)")
        let check = try ecdx(["check", "@first.ecdx"], in: project)
        #expect(check.status == 0, "\(check.err)")
        #expect(try ecdx(["fmt", "--check", "@first.ecdx"], in: project).status == 0)
        let run = try ecdx(["run", "@first.ecdx", "--smoke"], in: project)
        #expect(run.status == 0, "\(run.err)")
        return (new.out, try project.read("first.ecdx"))
    }

    private func table(_ header: String, rows: Int, _ row: (Int) -> String) -> String {
        header + "\n" + (0..<rows).map { row($0) + "\n" }.joined()
    }

    @Test func columnsAsInputs() throws {
        let project = try Project()
        try project.write(
            "t.csv", in: "data",
            table("name,a,b,empty,modulus [GPa]", rows: 24) { "s\($0),\($0 % 7),\(Double($0) / 3),,\(10 + 20 * $0)" })
        let (said, script) = try written(["--from", "@data/t.csv"], in: project)
        #expect(said.contains("target: `modulus`, the last column of numbers in a unit"))
        #expect(said.contains("left out: `empty`"))
        #expect(script.contains("columnStack([row[\"a\"], row[\"b\"]]) |> standardize"))
        #expect(script.contains("id:     \"name\"") && script.contains("unit: \"GPa\", transform: log, scale: standard"))
        #expect(try ecdx(["new", "@first", "--from", "@data/t.csv"], in: project).err.contains("error[would-overwrite]"))
        let other = try written(["--from", "@data/t.csv", "--target", "b", "--force"], in: project)
        #expect(other.said.contains("target: `b`, as asked"))
    }

    /// Names say what is an id and what is to be predicted, whatever order the columns have.
    @Test func namesAreFollowed() throws {
        let project = try Project()
        try project.write("t.csv", in: "data", table("n,x,id,target", rows: 24) { "\($0),\(Double($0 * 7 % 24) / 3),\($0),\($0 % 9)" })
        let (said, script) = try written(["--from", "@data/t.csv"], in: project)
        #expect(said.contains("target: `target`, by its name") && script.contains("id:     \"id\""), "\(said)")
        #expect(script.contains("columnStack([row[\"n\"], row[\"x\"]])"), "\(script)")
        // As pandas writes its index.
        try project.write("t.csv", in: "data", table(",x,y", rows: 24) { "\($0),\(Double($0) / 3),\(Double($0 % 9) / 2)" })
        let unnamed = try ecdx(["new", "@second", "--from", "@data/t.csv"], in: project)
        #expect(unnamed.status == 3 && unnamed.err.contains("expected a name in the header"), "\(unnamed.err)")
    }

    @Test func densities() throws {
        let project = try Project()
        let (said, script) = try written(["--from", "@data/table.csv", "--files", "@data"], in: project)
        #expect(said.contains("for 14 of 14 rows"), "\(said)")
        #expect(script.contains("chgcar(\"data/{file}\")"))
        #expect(script.contains("column: \"k_vrh\""))
    }

    @Test func pictures() throws {
        let project = try Project()
        let names = try listFolder(joined(Place.corpus, "data/pictures")).filter { $0.hasSuffix(".png") }.sorted()
        for name in names {
            try createFolder(project.file("images"))
            try writeWhole(try readFile(joined(Place.corpus, "data/pictures/\(name)")), to: project.file("images/\(name)"))
        }
        // One row has no picture.
        try project.write(
            "t.csv",
            table("crystal,energy", rows: names.count + 1) { row in
                "\(row < names.count ? String(names[row].dropLast(4)) : "none"),\(0.5 * Double(row) - 3)"
            })
        let (said, script) = try written(["--from", "@t.csv", "--files", "@images"], in: project)
        #expect(said.contains("for \(names.count) of \(names.count + 1) rows"), "\(said)")
        #expect(script.contains("picture(\"images/{crystal}.png\"") && script.contains(#/absent: +drop/#))
    }

    @Test func withoutData() throws {
        let project = try Project()
        let (said, script) = try written([], in: project)
        #expect(said.contains("--from TABLE.csv") && script.contains("plot line("))
    }

    @Test(arguments: [
        ("name,kind\na,x\nb,y\nc,x\nd,x\ne,y\nf,y\ng,x\nh,y\n", [], "found none in which most rows have a number"),
        ("name,y\na,1\nb,2\n", [], "at least 8 rows"),
        ("name,y\na,1\na,2\na,3\na,4\nb,5\nb,6\nb,7\nb,7\n", [], "a column that names each row"),
        ("name,y\na,1\nb,2\nc,3\nd,4\ne,5\nf,6\ng,7\nh,8\n", [], "a column of numbers to predict from"),
        ("name,y\nqa,1\nqb,2\nqc,3\nqd,4\nqe,5\nqf,6\nqg,7\nqh,8\n", ["--files", "@data"], "whose cells stand in the names"),
        ("name,y\na,1\nb,2\nc,3\nd,4\ne,5\nf,6\ng,7\nh,8\n", ["--target", "z"], "there is no column `z`"),
        ("name,y\na,1\nb,2\nc,3\nd,4\ne,5\nf,6\ng,7\nh,8\n", ["--target", "name"], "numbers that differ in the column `name`"),
    ])
    func refused(text: String, arguments: [String], message: String) throws {
        let project = try Project()
        try project.write("t.csv", text)
        let outcome = try ecdx(["new", "@first", "--from", "@t.csv"] + arguments, in: project)
        #expect(outcome.status == 3 && outcome.err.contains(message), "\(outcome.err)")
        #expect(outcome.err.matches(of: /error\[/).count == 1 && fileStatus(project.file("first.ecdx")) == nil)
    }

    @Test func noTable() throws {
        let project = try Project()
        let outcome = try ecdx(["new", "@first", "--from", "@nowhere.csv"], in: project)
        #expect(outcome.status == 3 && outcome.err.contains("nowhere.csv"))
        #expect(try ecdx(["new", "@first", "--target", "y"], in: project).status == 2)
    }
}
