"""Writes workbooks/*.xlsx and workbooks/plain.txt, with what openpyxl reads back (python3 with openpyxl).

sheets.xlsx has the sheets of the published stacking-fault workbook in small, with made-up numbers. plain.xlsx is a table of
every kind of text that openpyxl writes; plain.txt has one line a cell, its row and column and its UTF-8 bytes in hexadecimal.
kinds.xlsx is put together by hand from what other programs write and openpyxl does not.
"""
import datetime
import os
import random
import re
import zipfile

import openpyxl
import openpyxl.chart
from openpyxl.styles import Font

os.makedirs("workbooks", exist_ok=True)
rng = random.Random(4)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def save(book, name, shared=False):
    # The same bytes each time: openpyxl stamps the parts with the time.
    book.properties.created = book.properties.modified = datetime.datetime(2024, 1, 1)
    book.save("workbooks/raw.zip")
    with zipfile.ZipFile("workbooks/raw.zip") as raw:
        parts = {part: raw.read(part) for part in raw.namelist()}
    os.remove("workbooks/raw.zip")
    parts["docProps/core.xml"] = b'<?xml version="1.0"?><x/>'
    if shared:
        share(parts)
    pack(name, parts)


def share(parts):
    """Moves texts from the cells to a part of their own, as spreadsheet programs have them."""
    texts = []

    def number(match):
        texts.append(match[1])
        return f't="s"><v>{len(texts) - 1}</v>'

    for part in [part for part in parts if part.startswith("xl/worksheets/")]:
        parts[part] = re.sub(r't="inlineStr"><is>(<t.*?</t>)</is>', number, parts[part].decode()).encode()
    parts["xl/sharedStrings.xml"] = (f'<sst xmlns="{MAIN}">' + "".join(f"<si>{text}</si>" for text in texts) + "</sst>").encode()
    relation = f'<Relationship Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml" Id="texts"/></Relationships>'
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", relation.encode())
    kind = '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", kind.encode())


def pack(name, parts):
    with zipfile.ZipFile("workbooks/" + name, "w") as file:
        for part, contents in parts.items():
            file.writestr(zipfile.ZipInfo(part, (2024, 1, 1, 0, 0, 0)), contents, zipfile.ZIP_DEFLATED, 9)


book = openpyxl.Workbook()
sheet = book.active
sheet.title = "SFEs"
sheet.append(["Name", "serial_number", "SFEs"])
for number, name in ((1, "Ni-3d_single"), (2, "Ni-3d_single"), (3, "Ni-4d_single"), (138, "Ni-Fe-Cr-Co_3rd_config"), (139, "Ni-Fe-Cr-Co_4th_config")):
    sheet.append([name, number, rng.uniform(67, 137)])
    sheet.cell(sheet.max_row, 3).font = Font(bold=True)
legend = book.create_sheet("Sheet2")
legend["B2"], legend["C2"], legend["B3"], legend["C3"] = "from", "to", 1, 10
third = book.create_sheet("binary_ter_quat_prediction_31.3")
third.append(["true", "predicted", "difference"])
third.append([100.5, 99.25, "=A2-B2"])
book.create_sheet("empty")
book.create_chartsheet("a chart").add_chart(openpyxl.chart.BarChart())
save(book, "sheets.xlsx", shared=True)
assert [cell.value for cell in openpyxl.load_workbook("workbooks/sheets.xlsx")["SFEs"][6]][:2] == ["Ni-Fe-Cr-Co_4th_config", 139]

pieces = ["a", "Al2O3", ",", '"', "\n", " ", "é", "–", "1.5", "{x}", "", "'", "&", "<", ">", "\t", "0", "]]>", "\U0001d54f"]
book = openpyxl.Workbook()
sheet = book.active
sheet.title = "n & <m>"
rows = [["id", "free text", "nümber", "whole", "gaps", "truth", "day"]]
for index in range(60):
    text = "".join(rng.choice(pieces) for _ in range(rng.randrange(6))) + "."
    rows.append([f"row-{index}", text, rng.uniform(-5, 5) * 10 ** rng.randint(-20, 20), rng.randint(-10**9, 10**9), None if index % 3 else index / 7, index % 2 == 0, 45000 + index])
for row in rows:
    sheet.append(row)
save(book, "plain.xlsx")
read = [[cell for cell in row] for row in openpyxl.load_workbook("workbooks/plain.xlsx").active.iter_rows(values_only=True)]
# openpyxl writes 16 digits of a number: what it reads back is what the file holds.
assert [row[:2] for row in read] == [row[:2] for row in rows]
with open("workbooks/plain.txt", "w") as file:
    for i, row in enumerate(read):
        for j, cell in enumerate(row):
            text = "" if cell is None else str(cell).lower() if isinstance(cell, bool) else repr(cell) if isinstance(cell, float) else str(cell)
            file.write(f"{i} {j} {text.encode().hex() or '-'}\n")

parts = {
    "[Content_Types].xml": """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/book/main.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/book/tables/one.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/texts.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>""",
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="x" Type="{OFFICE}/officeDocument" Target="/book/main.xml"/></Relationships>',
    "book/main.xml": f"""<?xml version='1.0'?><!-- a comment with <tags> -->
<x:workbook xmlns:x="{MAIN}" xmlns:rel="{OFFICE}"><x:sheets><x:sheet name='it&apos;s &#233; &#x3b1;' sheetId="7" rel:id="r1"/></x:sheets></x:workbook>""",
    "book/_rels/main.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="./tables/one.xml"/>'
    f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="../texts.xml"/><Relationship Id="r3" Type="{OFFICE}/hyperlink" Target="http://localhost/../.." TargetMode="External"/></Relationships>',
    "texts.xml": f"""<sst xmlns="{MAIN}"><si><t>name</t></si><si><r><t xml:space="preserve">in </t></r><r><rPr><b/></rPr><t>runs</t></r><rPh sb="0" eb="1"><t>not this</t></rPh></si>
<si><t><![CDATA[<raw> & ]]>more</t></si></sst>""",
    "book/tables/one.xml": f"""<x:worksheet xmlns:x="{MAIN}"><x:sheetData>
<x:row r="3"><x:c r="B3" t="s"><x:v>0</x:v></x:c><x:c r="D3" t="inlineStr"><x:is><x:t> value </x:t></x:is></x:c><x:c r="E3" t="str"><x:f>"text"</x:f><x:v>kind</x:v></x:c><x:c r="AB3"><x:v>28</x:v></x:c></x:row>
<x:row r="4"><x:c r="A4" s="0"/><x:c r="B4" t="s"><x:v>1</x:v></x:c><x:c r="D4"><x:f>1+1</x:f><x:v>2</x:v></x:c><x:c r="E4" t="b"><x:v>1</x:v></x:c><x:c r="AB4"><x:v>1E-3</x:v></x:c></x:row>
<x:row><x:c/><x:c t="s"><x:v>2</x:v></x:c><x:c/><x:c><x:v>-0.5</x:v></x:c><x:c t="e"><x:v>#DIV/0!</x:v></x:c></x:row>
<x:row r="6"><x:c r="B6" t="inlineStr"><x:is><x:r><x:t>a</x:t></x:r><x:r><x:t>b</x:t></x:r></x:is></x:c><x:c r="E6" t="d"><x:v>2024-01-01</x:v></x:c><x:c r="AB6" t="n"><x:v>3</x:v></x:c></x:row>
<x:row r="9"><x:c r="B9" t="s"/></x:row></x:sheetData></x:worksheet>""",
}
pack("kinds.xlsx", parts)
sheet = openpyxl.load_workbook("workbooks/kinds.xlsx", data_only=True)["it's é α"]
found = [[sheet.cell(row, column).value for column in (2, 4, 5, 28)] for row in range(3, 7)]
assert found == [
    ["name", " value ", "kind", 28], ["in runs", 2, True, 0.001], ["<raw> & more", -0.5, "#DIV/0!", None],
    ["ab", None, datetime.date(2024, 1, 1), 3]], found
