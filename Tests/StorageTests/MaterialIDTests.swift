import Storage
import TestSupport
import Testing

@Suite(.timed) struct MaterialIDTests {
    /// The spellings of emmet-core 0.87.3, with the names of objects that mp-api makes of them.
    @Test func spellings() throws {
        let lines = try text(of: fixture("field/ids.csv")).split(separator: "\n").dropFirst()
        #expect(lines.count == 19)
        for line in lines {
            let cells = line.split(separator: ",").map(String.init)
            let id = try #require(MaterialID(cells[0]))
            #expect(id.number == Int(cells[1]) && id.padded == cells[3] && id.short == cells[4], "\(line)")
            #expect(id.objectNames(given: cells[0]).first == cells[2], "\(line)")
            #expect(MaterialID(id.description) == id && MaterialID(id.padded) == id && MaterialID(id.short) == id)
        }
        #expect(MaterialID("mp-hilzd")?.description == "mp-3347529" && MaterialID("mp-3347530")?.description == "mp-hilze")
        #expect(Set(["mp-149", "mp-ft", "mp-aaaaaaft"].map { MaterialID($0) }).count == 1)
        #expect(MaterialID("mvc-160") != MaterialID("mp-160"))
        let new = try #require(MaterialID("mp-aaahilze"))
        #expect(
            new.objectNames(given: "mp-aaahilze") == ["chgcars/mp-aaahilze.json.gz", "chgcars/mp-hilze.json.gz"]
                && new.objectNames(given: "mp-3347530") == ["chgcars/mp-hilze.json.gz", "chgcars/mp-aaahilze.json.gz"])
    }

    @Test func ordersAndRefuses() throws {
        let ids = ["mp-204", "mp-ft", "mvc-1", "mp-hilze", "mp-9"].compactMap { MaterialID($0) }
        #expect(ids.sorted().map(\.description) == ["mp-9", "mp-149", "mp-204", "mp-hilze", "mvc-1"])
        for odd in [
            "", "mp", "mp-", "-149", "149", "mp-1-2", "mp-1a", "MP-149", "mp-FT", "mp- 1", "mp-+1", "mp--1", "mp-٣",
            "mp-99999999999999999999",
            "mp-zzzzzzzzzzzzzzzz", "toolongprefix-1", "mp-\u{0}", "../mp-1",
        ] {
            #expect(MaterialID(odd) == nil, "\(odd)")
        }
        let fault = diagnostic { try MaterialID(reading: "mp_149", in: nil) }
        #expect(fault.id == "bad-data" && fault.message.contains("`mp_149`"))
        #expect(try JSONValue(encoding: ["a": ids[1]]) == ["a": "mp-149"])
        #expect(try JSONValue.string("mp-ft").decoded(as: MaterialID.self).number == 149)
    }

    @Test func questionsHaveOneText() throws {
        let usual = try MaterialsProjectQuery()
        #expect(usual.spaceGroups == [196, 202, 203, 209, 210, 216, 219, 225, 226, 227, 228] && usual.pageSize == 1000)
        let one = try MaterialsProjectQuery(spaceGroups: [225, 5, 225], fields: ["volume", "nsites", "volume"], pageSize: 8)
        #expect(
            one.canonical
                == #"{"deprecated":false,"fields":["material_id","nsites","volume"],"is_stable":true,"page_size":8,"space_groups":[5,225]}"#
        )
        #expect(one.sections.map(\.name) == ["summary/005", "summary/225"] && one.sections.map(\.spaceGroup) == [5, 225])
        #expect(try MaterialsProjectQuery(reading: JSONValue(parsing: one.canonical), in: nil) == one)
        let all = try MaterialsProjectQuery(isStable: nil, spaceGroups: [], deprecated: nil)
        #expect(
            try MaterialsProjectQuery(reading: JSONValue(parsing: all.canonical), in: nil) == all
                && all.sections.map(\.name) == ["summary/all"])
        #expect(try all.identity() != usual.identity())
        for odd in [[0], [231], [-1]] { #expect(diagnostic { try MaterialsProjectQuery(spaceGroups: odd) }.id == "range") }
        #expect(diagnostic { try MaterialsProjectQuery(pageSize: 1001) }.id == "range")
        for odd in ["", "a,b", "a&b", "a b", "ä"] { #expect(diagnostic { try MaterialsProjectQuery(fields: [odd]) }.id == "bad-data") }
    }
}
