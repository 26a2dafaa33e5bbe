import TestSupport
import Testing

@testable import Plotting

/// Sites on a plane: their marks, and their names.
@Suite(.timed) struct SiteTests {
    private let frame = Size(width: 300, height: 300)

    private func labels(_ sites: [(name: String, x: Double, y: Double)], off: Set<String> = []) -> [SiteLabel] {
        siteLabels(
            sites.map { Site($0.name, first: 0, second: 0, isOff: off.contains($0.name)) }, at: sites.map { Point($0.x, $0.y) }, in: frame)
    }

    @Test func namesStandAsTheyDidWhereThereIsRoom() {
        let found = labels([("Al", 100, 100), ("Cu", 290, 100), ("Ag", 100, 295)])
        #expect(found.map(\.text) == ["Al", "Cu", "Ag"])
        #expect(found.map(\.isLeft) == [false, true, false] && found.map(\.isBelow) == [false, false, true])
        #expect(found.map(\.place) == [Point(100, 100), Point(290, 100), Point(100, 295)])
    }

    @Test func sitesAtOnePlaceAreNamedTogether() {
        #expect(labels([("Cr", 50, 50), ("N", 50.5, 49), ("Cr", 51, 50), ("Al", 200, 50)]).map(\.text) == ["Cr, N", "Al"])
        // What lies on the plane comes first.
        #expect(labels([("N", 50, 50), ("Cr", 50, 50)], off: ["N"]).map(\.text) == ["Cr, N"])
    }

    @Test func namesThatWouldRunIntoOneAnotherMoveOrAreLeftOut() {
        let moved = labels([("Cr", 100, 100), ("Cr", 108, 100)])
        #expect(moved.count == 2 && moved[1].isBelow)
        var sites: [(name: String, x: Double, y: Double)] = []
        for row in 0..<6 { for column in 0..<6 { sites.append(("Cr", Double(100 + 5 * column), Double(100 + 5 * row))) } }
        let crowd = labels(sites)
        #expect(!crowd.isEmpty && crowd.count < 36)
        #expect(labels([("", 100, 100)]).isEmpty)
    }

    @Test func sitesOffThePlaneAreHollow() throws {
        let sites = [Site("Cr", first: 0.25, second: 0.25), Site("N", first: 0.25, second: 0.25, isOff: true)]
        let script = gnuplotScript(.heatmap(try Sample.plane(cell: Sample.cell), colours: Sample.scale, sites: sites), format: .svg)
        #expect(script.contains("'Cr, N'") && script.contains("pointtype 7 pointsize 0.8") && script.contains("pointtype 6 pointsize 1.1"))
        let plain = gnuplotScript(try Sample.heatmap(), format: .svg)
        #expect(!plain.contains("pointsize 1.1"))
    }
}
