/// A script with what its cells came to: what reports, notebooks and the outputs that a store keeps are made of. Knows nothing of how
/// anything was computed.
public struct ReportDocument: Sendable, Hashable, Codable {
    /// Title: the first heading of the first text cell, or the name of the script.
    public var title: String
    /// Name of the script's file, without folders.
    public var script: String
    /// Cells in the order of the script.
    public var cells: [Cell]
    /// What is said of how the results came about, in sections.
    public var provenance: [Section]
    /// The script to the byte, from which a notebook gives the same script back; nil where only its cells are known.
    public var text: String?

    /// Creates a document.
    public init(title: String, script: String, cells: [Cell] = [], provenance: [Section] = [], text: String? = nil) {
        self.title = title
        self.script = script
        self.cells = cells
        self.provenance = provenance
        self.text = text
    }

    /// A cell of a script: text, or code with its outputs.
    public struct Cell: Sendable, Hashable, Codable {
        /// What a cell holds.
        public enum Kind: String, Sendable, Codable {
            /// Text in Markdown, without the `# ` of comments.
            case markdown
            /// Code as it stands in the script.
            case code
        }
        /// The words behind `# %%`; empty where there are none.
        public var title: String
        /// What the cell holds.
        public var kind: Kind
        /// The text of the cell, without the line of its mark.
        public var source: String
        /// Number of the first line of `source` in the script, from 1.
        public var line: Int
        /// Outputs in order.
        public var outputs: [Output]
        /// What stands where in code, in order and without overlaps, for those who colour it; none where nobody said.
        public var highlights: [Highlight]

        /// Creates a cell.
        public init(
            title: String, kind: Kind, source: String, line: Int, outputs: [Output] = [], highlights: [Highlight] = []
        ) {
            self.title = title
            self.kind = kind
            self.source = source
            self.line = line
            self.outputs = outputs
            self.highlights = highlights
        }
    }

    /// A stretch of code that is of one kind.
    public struct Highlight: Sendable, Hashable, Codable {
        /// The kinds that are told apart.
        public enum Kind: String, Sendable, Codable {
            /// A reserved word, or one of its place, as `by` is.
            case keyword
            /// A kind of what is declared, as `dataset`.
            case kind
            /// A word of the library.
            case builtin
            /// The name of a field or of an argument.
            case field
            /// A number, or a constant such as `true`.
            case number
            /// A text.
            case string
            /// A comment.
            case comment
        }
        /// The kind of the stretch.
        public var kind: Kind
        /// Its beginning in the UTF-8 bytes of the cell's source.
        public var start: Int
        /// Its end, behind its last byte.
        public var end: Int

        /// Creates a highlight.
        public init(_ kind: Kind, start: Int, end: Int) {
            self.kind = kind
            self.start = start
            self.end = end
        }
    }

    /// An output of an action, with the line of the script that it belongs to.
    public struct Output: Sendable, Hashable, Codable {
        /// What was shown.
        public enum Content: Sendable, Hashable, Codable {
            /// Lines of text.
            case lines([String])
            /// A table of results.
            case table(ResultGrid)
            /// A picture.
            case figure(Picture)
            /// A file that was written, by its path as the script has it.
            case file(String)
            /// A warning or an error as it is printed, without colours.
            case diagnostic(severity: String, text: String)
        }
        /// What was shown.
        public var content: Content
        /// Number of the line of the script where the action begins, from 1; nil where none is known.
        public var line: Int?

        /// Creates an output.
        public init(_ content: Content, line: Int? = nil) {
            self.content = content
            self.line = line
        }
    }

    /// A table as it is shown: texts of cells, and with every digit what they stand for.
    public struct ResultGrid: Sendable, Hashable, Codable {
        /// A column of a table.
        public struct Column: Sendable, Hashable, Codable {
            /// Header without the unit.
            public var header: String
            /// Unit of the numbers; nil where they have none.
            public var unit: String?
            /// Whether the cells are numbers.
            public var isNumeric: Bool

            /// Creates a column.
            public init(_ header: String, unit: String? = nil, isNumeric: Bool = false) {
                self.header = header
                self.unit = unit
                self.isNumeric = isNumeric
            }
        }
        /// Title; empty where there is none.
        public var title: String
        /// Columns from left to right.
        public var columns: [Column]
        /// The texts of the cells for people, by row and column.
        public var rows: [[String]]
        /// The same with every digit, for sorting and for files.
        public var exact: [[String]]
        /// Lines below the table.
        public var notes: [String]
        /// Path of the file that it was written to, as the script has it; nil where there is none.
        public var file: String?

        /// Creates a table.
        public init(
            title: String = "", columns: [Column], rows: [[String]], exact: [[String]]? = nil, notes: [String] = [], file: String? = nil
        ) {
            self.title = title
            self.columns = columns
            self.rows = rows
            self.exact = exact ?? rows
            self.notes = notes
            self.file = file
        }
    }

    /// A picture with its bytes.
    public struct Picture: Sendable, Hashable, Codable {
        /// `image/svg+xml`, `image/png` or `application/pdf`.
        public var mediaType: String
        /// The bytes of the file.
        public var bytes: [UInt8]
        /// Path of the file that it was written to, as the script has it; nil where there is none.
        public var file: String?
        /// What it shows, for those who do not see it.
        public var caption: String

        /// Creates a picture.
        public init(mediaType: String, bytes: [UInt8], file: String? = nil, caption: String = "") {
            self.mediaType = mediaType
            self.bytes = bytes
            self.file = file
            self.caption = caption
        }
    }

    /// A section of provenance: a heading, lines of text, and a table or none.
    public struct Section: Sendable, Hashable, Codable {
        /// Heading.
        public var heading: String
        /// Paragraphs.
        public var lines: [String]
        /// Table; nil where there is none.
        public var table: ResultGrid?

        /// Creates a section.
        public init(_ heading: String, lines: [String] = [], table: ResultGrid? = nil) {
            self.heading = heading
            self.lines = lines
            self.table = table
        }
    }
}
