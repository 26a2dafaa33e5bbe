import TestSupport
import Testing

/// What is said and printed of columns in which some rows hold no value.
@Suite(.timed) struct MissingValueTests {
    @Test func statisticsAreOfTheRowsThatHaveAValue() throws {
        let project = try Project(
            script: """
                let t = csv("data/t.csv")
                show mean(t["K"])
                show max(t["K"] / 2)
                show std(t["K"])
                show sum(t["G"])
                show t |> where(row["K"] < mean(row["K"]))

                """)
        try project.write("t.csv", in: "data", "id,K [GPa],G\na,1,2\nb,,3\nc,4,\nd,NaN,\n")
        let run = try project.ecdx("run", "SCRIPT")
        // numpy 2.4.6: nanmean, nanmax / 2, nanstd and nansum of [1, nan, 4, nan].
        #expect(run.status == 0 && run.out.hasPrefix("2.50 GPa\n2.00 GPa\n1.50 GPa\n5\n"), "\(run.out)")
        #expect(!run.out.contains("nan"), "\(run.out)")
        #expect(run.err.contains("2 of 4 rows have a value: `mean` is that of these, and passes over the other 2"), "\(run.err)")
    }

    /// A row that has a value is never passed over, whatever arithmetic makes of it.
    @Test func whatArithmeticMakesNoNumberOfStays() throws {
        let project = try Project(script: "let t = csv(\"data/t.csv\")\nshow mean(t[\"a\"] / t[\"b\"])\n")
        try project.write("t.csv", in: "data", "a,b\n1,1\n0,0\n")
        let run = try project.ecdx("run", "SCRIPT")
        #expect(run.status == 0 && run.out == "nan\n" && !run.err.contains("no-value"), "\(run.out)\(run.err)")
    }

    @Test func aNegationSaysWhereItIsKnown() throws {
        let project = try Project(script: "show csv(\"data/t.csv\") |> where(not(row[\"a\"] > 1))\n")
        try project.write("t.csv", in: "data", "id,a\nx,5\ny,\nz,7\n")
        let run = try project.ecdx("run", "SCRIPT")
        #expect(run.err.contains("holds in every row where it is known (1 of 3 rows has no value)"), "\(run.err)")
    }

    /// Fifths of the numbers that are there; a point without one is in none of them.
    @Test func rangesOfNumbersOfWhichSomeAreMissing() throws {
        let project = try Project(
            script: "let t = csv(\"data/t.csv\")\nplot scatter(x: t[\"a\"], y: t[\"a\"], by: t[\"b\"]) to \"s.svg\"\n")
        let rows = (0..<22).map { "\($0),\($0 < 20 ? "\($0)" : "")\n" }.joined()
        try project.write("t.csv", in: "data", "a,b\n" + rows)
        let run = try project.ecdx("run", "SCRIPT")
        #expect(run.status == 0, "\(run.err)")
        let script = try project.read("s.svg.gp")
        for range in ["0 to 3.00", "3.00 to 7.00", "7.00 to 11.0", "11.0 to 15.0", "15.0 to 19.0"] {
            #expect(script.contains(range), "\(script)")
        }
    }

    /// One number of columns of two tables is as wrong as their product row by row.
    @Test(arguments: ["sum(row[\"n\"] * t[\"n\"])", "mean(t[\"n\"] - o[\"n\"])"])
    func numbersOfTwoTablesRowByRow(_ code: String) throws {
        let project = try Project(
            script: """
                let t = csv("data/t.csv")
                let o = csv("data/o.csv")
                show t |> sort(by: "n", descending: true) |> derive({ d: \(code) })

                """)
        try project.write("t.csv", in: "data", "id,n\na,2\nb,3\nc,4\n")
        try project.write("o.csv", in: "data", "id,n\nx,9\ny,7\nz,5\n")
        let run = try project.ecdx("check", "SCRIPT")
        #expect(run.status == 3 && run.err.contains("error[other-rows]"), "\(run.err)")
    }

    @Test func numbersOfEachTableMayMeet() throws {
        let project = try Project(
            script: """
                let t = csv("data/t.csv")
                let s = t |> sort(by: "n", descending: true)
                show s |> derive({ d: max(row["n"]) - min(t["n"]) }) |> first(1)

                """)
        try project.write("t.csv", in: "data", "id,n\na,2\nb,3\nc,4\n")
        let run = try project.ecdx("run", "SCRIPT")
        #expect(run.status == 0 && run.out.contains("c   4  2"), "\(run.out)\(run.err)")
    }

    @Test func newColumnsOfOneNameAreRefused() throws {
        let project = try Project(
            script: "show csv(\"data/t.csv\") |> derive({ \"F [eV]\": row[\"n\"], \"F [meV]\": row[\"n\"] })\n")
        try project.write("t.csv", in: "data", "id,n\na,2\n")
        let run = try project.ecdx("check", "SCRIPT")
        #expect(run.status == 3 && run.err.contains("error[twice]"), "\(run.err)")
    }
}
