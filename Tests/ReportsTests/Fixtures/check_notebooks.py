"""Checks notebooks that ecdx wrote with Jupyter's own tools: they are valid, nbformat writes them anew with the same cells, and nbconvert
makes HTML of them that holds every figure and every table.

    pip install nbformat==5.10.4 nbconvert==7.17.2
    python3 check_notebooks.py NOTEBOOK...
"""

import sys
import warnings

import nbconvert
import nbformat

# A missing id is a warning of nbformat; here it is a fault.
warnings.simplefilter("error", nbformat.warnings.MissingIDFieldWarning)
warnings.simplefilter("error", nbformat.warnings.DuplicateCellId)

print(f"nbformat {nbformat.__version__}, nbconvert {nbconvert.__version__}")
failed = False
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    book = nbformat.reads(text, as_version=4)
    nbformat.validate(book, relax_add_props=False)
    again = nbformat.reads(nbformat.writes(book), as_version=4)
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    data = [output.data for output in outputs if output.output_type == "display_data"]
    html, _ = nbconvert.HTMLExporter().from_notebook_node(book)
    figures = sum("image/svg+xml" in d or "image/png" in d for d in data)
    tables = sum("text/html" in d for d in data)
    found = html.count('src="data:image/svg+xml;base64,') + html.count('src="data:image/png;base64,')
    rendered = html.count('data-mime-type="text/html"')
    ok = again == book and found == figures and rendered == tables
    failed |= not ok
    print(f"{path}: {len(book.cells)} cells, {found} of {figures} figures, {rendered} of {tables} tables: {'good' if ok else 'BAD'}")
sys.exit(failed)
