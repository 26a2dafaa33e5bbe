import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Reports

/// Notebooks that others wrote.
@Suite(.timed) struct NotebookReadingTests {
    private func script(_ text: String) throws -> String { try Notebook.script(Array(text.utf8), file: "a.ipynb") }

    /// Notebooks that nbformat 5.10.4 wrote: see Fixtures/make_notebooks.py.
    @Test(arguments: ["jupyter-4.5.ipynb", "jupyter-4.4.ipynb"]) func notebooksOfJupyter(name: String) throws {
        let folder = parentFolder(of: #filePath) + "/Fixtures/"
        #expect(
            try Notebook.script(readFile(folder + name), file: name) == #"""
                # %% [markdown]
                # # Bulk modulus
                #
                # of *cubic* crystals
                #%% is no mark here

                # %%
                let a = 1
                let b = 2

                show a + b

                # %% [raw]
                # \LaTeX{} only
                # second line

                # %% Results
                show [1, 2]

                # %%

                """#)
    }

    @Test func whatIsNoNotebookOfOurs() throws {
        try expectFault("bad-notebook", "expected a notebook of nbformat 4, found nbformat 3") {
            _ = try script(#"{"metadata": {}, "nbformat": 3, "nbformat_minor": 0, "worksheets": []}"#)
        }
        #expect(diagnostic { try script(#"{"nbformat": 3}"#) }.hints == ["`jupyter nbconvert --to notebook a.ipynb` writes it anew"])
        try expectFault("bad-notebook", "expected a notebook of nbformat 4, found nbformat 5") { _ = try script(#"{"nbformat": 5}"#) }
        try expectFault("bad-notebook", "expected a notebook of Jupyter, found JSON without `nbformat`") { _ = try script("[1]") }
        try expectFault("bad-notebook", "expected a list of cells under the name `cells`, found none") {
            _ = try script(#"{"nbformat": 4, "cells": 3}"#)
        }
        for metadata in [#"{"language_info": {"name": "python"}}"#, #"{"kernelspec": {"name": "python3", "language": "python"}}"#] {
            try expectFault("bad-notebook", "expected a notebook whose cells are in the language of ecdx, found one in `python`") {
                _ = try script(#"{"nbformat": 4, "cells": [], "metadata": \#(metadata)}"#)
            }
        }
        for text in ["", "show 1", "{\"nbformat\": 4", "{\"nbformat\": 4, \"nbformat\": 4}", String(repeating: "[", count: 100_000)] {
            let found = diagnostic { try script(text) }
            #expect(found.id == "bad-data" && found.data?.file == "a.ipynb", "\(found)")
        }
        try expectFault("bad-data") { _ = try Notebook.script([0x22, 0xFF, 0x22], file: "a.ipynb") }
    }

    @Test func cellsThatCannotBeRead() throws {
        func cells(_ text: String) throws { _ = try script(#"{"nbformat": 4, "cells": [\#(text)]}"#) }
        try expectFault("bad-notebook", "expected cell 1 to say its `cell_type`, found none") { try cells("3") }
        try expectFault("bad-notebook", "expected the `source` of cell 2 to be a text or a list of lines, found something else") {
            try cells(#"{"cell_type": "code", "source": ""}, {"cell_type": "code", "source": [1]}"#)
        }
        try expectFault("bad-notebook", "expected a cell of type `code`, `markdown` or `raw`, found `heading` in cell 1") {
            try cells(#"{"cell_type": "heading", "source": "x"}"#)
        }
    }

    @Test func emptyNotebooks() throws {
        #expect(try script(#"{"nbformat": 4, "cells": []}"#) == "")
        #expect(try script(#"{"nbformat": 4, "nbformat_minor": 0, "cells": [{"cell_type": "code", "source": []}]}"#) == "# %%\n")
        #expect(try script(Notebook.text(ReportDocument(title: "", script: "a.ecdx"))) == "")
    }
}
