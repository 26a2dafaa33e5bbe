import TestSupport
import Testing

@testable import Datasets

private func events(_ text: String) throws -> [XMLEvent] {
    var reader = try XMLReader(Array(text.utf8))
    var found: [XMLEvent] = []
    while let event = try reader.next() { found.append(event) }
    return found
}

@Suite(.timed) struct XMLReaderTests {
    @Test func readsElementsAndText() throws {
        let found = try events(
            """
            \u{FEFF}<?xml version='1.0'?>
            <!-- <no> -->
            <p:a p:id="1" id = 'x&amp;&#65;&#x1d54f;>'>t&lt;<b/><![CDATA[&<]]></p:a  >
            <!-- end -->
            """
        )
        #expect(
            found == [
                .start(
                    "a",
                    [
                        XMLAttribute(name: "id", isPrefixed: true, value: "1"),
                        XMLAttribute(name: "id", isPrefixed: false, value: "x&A\u{1D54F}>"),
                    ]),
                .text("t<"), .start("b", []), .end("b"), .text("&<"), .end("a"),
            ])
    }

    @Test(arguments: [
        ("", 1, "expected an element, found none"),
        ("x<a/>", 1, "expected an element, found text outside of all"),
        ("<a>\n<b></a>", 2, "found the end of `a`, which is not open"),
        ("<p:a></q:a>", 1, "found the end of `q:a`, which is not open"),
        ("<a>", 1, "expected the end of `a`, found the end of the text"),
        ("<a/><b/>", 1, "expected one outer element, found a second"),
        ("<!DOCTYPE a [<!ENTITY b \"bbbb\">]><a>&b;</a>", 1, "expected elements, found a document type"),
        ("<a>&b;</a>", 1, "expected a character, found `&b;`"),
        ("<a>&#0;</a>", 1, "expected a character, found `&#0;`"),
        ("<a>&#xD800;</a>", 1, "expected a character, found `&#xD800;`"),
        ("<a>&#x+41;</a>", 1, "expected a character, found `&#x+41;`"),
        ("<a>&amp</a>", 1, "expected `;` behind `&`"),
        ("<a b='1' b='2'/>", 1, "expected each attribute once, found `b` twice"),
        ("<a b=1/>", 1, "expected a quoted value"),
        ("<a b='<'/>", 1, "expected the closing quote of a value"),
        ("<a b='1'c='2'/>", 1, "expected a blank or the end of the tag `a`"),
        ("<a b/>", 1, "expected `=` behind the attribute `b`"),
        ("<a><!-- </a>", 1, "expected the end of a comment, found the end of the text"),
        ("<a><![CDATA[</a>", 1, "expected the end of a text, found the end of the text"),
        ("<><a/>", 1, "expected a name"),
        ("</a>", 1, "found the end of `a`, which is not open"),
    ])
    func refuses(_ text: String, _ line: Int, _ message: String) throws {
        let fault = try #require(throws: XMLFault.self) { _ = try events(text) }
        #expect(fault.message == message && fault.line == line)
    }

    @Test func isBounded() throws {
        #expect(try events(String(repeating: "<a>", count: 64) + String(repeating: "</a>", count: 64)).count == 128)
        let deep = try #require(throws: XMLFault.self) { _ = try events(String(repeating: "<a>", count: 100_000)) }
        #expect(deep.message == "expected at most 64 elements within each other, found more")
        let wide = try #require(throws: XMLFault.self) { _ = try events("<a" + (0..<300).map { " b\($0)=''" }.joined() + "/>") }
        #expect(wide.message == "expected at most 256 attributes, found more")
        #expect(throws: XMLFault.self) { _ = try XMLReader([60, 97, 0xFF, 47, 62]) }
    }
}
