import Datasets
import Diagnostics
import Language
import Storage

/// The role of a word that is computed: where it may stand, and what it reads.
enum Role: Sendable {
    /// A word that stands where results are asked for: tables, figures, numbers of trainings and of columns.
    case result
    /// A function of numbers: may stand in an input of a data set.
    case transform
    /// A transform whose constants are fitted on the training part: stands last in an input of a data set.
    case fitted
    /// A word that reads a file of a row: the argument that holds its path, and what the header of the file says
    /// of its numbers without reading them all.
    case source(argument: String, header: @Sendable (Call, _ path: String, CheckContext) throws -> TensorType)
    /// A word that reads a table from the file that the argument `path` names, or from the folder, whose file `inside` changes when it
    /// does.
    case rows(inside: String? = nil, @Sendable (Call, _ path: String) throws -> Table)
    /// A word that makes a table from others whose rows the check knows.
    case derived(@Sendable (Call, CheckContext) throws -> Table)
    /// The table of a data set, where something is made of its rows one by one.
    case atHand(@Sendable (Call, CheckContext) throws -> Table)
}

/// The meaning of a word that has a role.
protocol HasRole: Sendable { var role: Role { get } }

extension Library {
    /// The role of a call's word; nil for a word that is not computed.
    func role(of call: Call) -> Role? { (builtin(call.builtin)?.meaning as? any HasRole)?.role }

    /// Whether a call may stand in an input of a data set.
    func mayStandInInput(_ call: Call) -> Bool {
        switch role(of: call) {
        case .transform, .fitted, .source: true
        case .result, .rows, .derived, .atHand, nil: false
        }
    }

    /// Whether the constants of a value's last step are fitted on the training part, as those of `standardize` are.
    public func isFitted(_ value: Value) -> Bool {
        guard let call = value.call, case .fitted? = role(of: call) else { return false }
        return true
    }

    /// The argument that holds the path of the file of a row that a call reads; nil where it reads none.
    public func pathArgument(of call: Call) -> String? {
        guard case .source(let name, _)? = role(of: call), case .text = call[name] else { return nil }
        return name
    }

    /// The path, as it was written, of the file whose rows a call reads; nil where it reads none.
    public func tablePath(of call: Call) -> String? {
        guard case .rows(let inside, _)? = role(of: call), let path = call["path"].string else { return nil }
        return inside.map { joined(path, $0) } ?? path
    }

    /// Whether the check knows the rows of the table that a call gives: it reads them from a file, or makes them from such.
    public func givesRows(_ call: Call) -> Bool {
        switch role(of: call) {
        case .rows, .derived, .atHand: true
        default: false
        }
    }

    /// Whether a call is a column of the rows of a data set, `row["name"]`.
    public func isOfRow(_ call: Call) -> Bool {
        guard let table = call["x"].call, case .atHand? = role(of: table) else { return false }
        return true
    }

    /// The columns of rows that an input of a data set is made of, each once, in the order in which they stand.
    public func columnsOfRow(_ value: Value) -> [Call] {
        value.collect { $0.call.flatMap { isOfRow($0) ? $0 : nil } }.reduce(into: []) { found, call in
            if !found.contains(call) { found.append(call) }
        }
    }

    /// The paths, as they were written, of all files whose rows a value rests on, each once.
    public func tablePaths(of value: Value) -> [String] {
        value.collect { $0.call.flatMap(tablePath) }.reduce(into: []) { found, path in
            if !found.contains(path) { found.append(path) }
        }
    }

    /// The path of a source as it was written; nil where a call reads no file of a row.
    func path(of call: Call) -> Text? {
        guard let name = pathArgument(of: call), case .text(let text) = call[name] else { return nil }
        return text
    }

    /// The place of a source's path in the script.
    func pathSpan(of call: Call) -> SourceSpan? { pathArgument(of: call).flatMap { call.span(of: $0) } ?? call.origin.span }

    /// The path of a source that names one file; nil for one with columns in braces or `*`.
    public func literalPath(of call: Call) -> String? {
        guard let path = path(of: call), path.placeholders.isEmpty, !path.string.contains("*") else { return nil }
        return path.string
    }

    /// The calls that read files of rows in a pipeline, each once, in the order in which they stand.
    public func fileSources(of value: Value) -> [Call] {
        value.collect { $0.call.flatMap { path(of: $0) == nil ? nil : $0 } }.reduce(into: []) { found, call in
            if !found.contains(call) { found.append(call) }
        }
    }
}
