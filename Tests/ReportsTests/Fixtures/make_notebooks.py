"""Writes the notebooks of NotebookReadingTests as Jupyter's own library writes them.

    pip install nbformat==5.10.4
    python3 make_notebooks.py
"""

import os

import nbformat
from nbformat import v4

here = os.path.dirname(os.path.abspath(__file__))
kernel = {
    "kernelspec": {"display_name": "ecdx", "language": "ecdx", "name": "ecdx"},
    "language_info": {"name": "ecdx", "file_extension": ".ecdx"},
}


def cells():
    stream = v4.new_output("stream", name="stdout", text="3\n")
    picture = v4.new_output("display_data", data={"image/png": "aGk=", "text/plain": "a picture"})
    return [
        v4.new_markdown_cell("# Bulk modulus\n\nof *cubic* crystals\n%% is no mark here"),
        v4.new_code_cell("let a = 1\nlet b = 2\n\nshow a + b", outputs=[stream, picture], execution_count=7),
        v4.new_raw_cell("\\LaTeX{} only\nsecond line"),
        v4.new_code_cell("# %% Results\nshow [1, 2]"),
        v4.new_code_cell(""),
    ]


def write(name, minor):
    book = v4.new_notebook(cells=cells(), metadata=kernel)
    for number, cell in enumerate(book.cells):
        cell["id"] = f"cell-{number}"
    if minor < 5:
        for cell in book.cells:
            del cell["id"]
        book.nbformat_minor = minor
    nbformat.validate(book)
    nbformat.write(book, os.path.join(here, name), version=nbformat.NO_CONVERT)
    print(f"{name}: nbformat {book.nbformat}.{book.nbformat_minor} by nbformat {nbformat.__version__}")


write("jupyter-4.5.ipynb", 5)
write("jupyter-4.4.ipynb", 4)
