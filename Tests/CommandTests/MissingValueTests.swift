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
}
