import Diagnostics

extension Evaluator {
    /// Whether a value is of a type as it stands. Reports nothing.
    func accepts(_ value: Value, _ type: ValueType) -> Bool {
        switch (type, value) {
        case (.any, _), (.none, .none), (.bool, .bool), (.text, .text), (.path, .text), (.template, .text), (.range, .range),
            (.function, .function), (.signal, .signal):
            return true
        case (.number(let rule), .number(let number)): return rule.accepts(number)
        case (.word(let choices), .word(let word)): return choices.names.contains(word)
        case (.dotted(let known), .word(let word)): return known.words.contains(word)
        case (.list(let item, let count), .list(let items)):
            return (count == nil || count == items.count) && items.allSatisfy { accepts($0.value, item) }
        case (.map(let item), .record(let fields)): return fields.values.allSatisfy { accepts($0.value, item) }
        case (.record(let known), .record(let fields)):
            return fields.allSatisfy { name, field in known.first { $0.name == name }.map { accepts(field.value, $0.type) } ?? false }
                && known.allSatisfy { !$0.isRequired || fields[$0.name] != nil }
        case (.sort(let sort), .call(let call)): return call.type == .sort(sort)
        case (.sort(let sort), .layers): return sort.isApplied
        case (.object(let kind), .object(let object)): return object.kind == kind
        case (.tensor(let wanted), .call(let call)):
            guard case .tensor(let found) = call.type else { return false }
            return found.fits(wanted)
        case (.space(nil), .call): return value.searchSpace != nil
        case (.varying(let inner), _): return accepts(value, inner) || value.searchSpace.map { fits($0, inner) } == true
        case (.either(let types), _): return types.contains { accepts(value, $0) }
        default: return false
        }
    }

    /// The value coerced to a type, defaults of records filled in; nil after a diagnostic. `what`: its name in messages.
    func coerce(_ value: Value, _ type: ValueType, what: String, span: SourceSpan) -> Value? {
        if value.isPoison { return nil }
        switch (type, value) {
        case (.either(let types), _):
            if types.contains(where: { accepts(value, $0) }) {
                for inner in types where accepts(value, inner) { return coerce(value, inner, what: what, span: span) }
            }
            // A record that is nearly right, or a number out of bounds, says more than the list of alternatives.
            for inner in types {
                switch (inner, value) {
                case (.record, .record), (.number, .number), (.list, .list), (.list, .range), (.map, .record):
                    return coerce(value, inner, what: what, span: span)
                default: continue
                }
            }
        case (.varying(let inner), _) where value.searchSpace == nil: return coerce(value, inner, what: what, span: span)
        case (.record(let known), .record(let fields)): return record(fields, known, what: what, span: span)
        case (.map(let item), .record(let fields)):
            // In the order in which it was written; names are looked at in theirs, so that messages do not depend on it.
            var fitted = fields
            for (name, field) in fields.byName {
                guard let value = coerce(field.value, item, what: "`\(name)`", span: field.origin.span ?? span) else { return nil }
                fitted[name] = Field(value, field.origin)
            }
            return .record(fitted)
        case (.list(let item, let count), .list(let items)):
            if let count, count != items.count {
                report(Diagnostic("type", "\(what) expected a list of \(count), found \(items.count)", at: span))
                return nil
            }
            var fitted: [ListItem] = []
            for entry in items {
                guard let value = coerce(entry.value, item, what: "an item of \(what)", span: span) else { return nil }
                fitted.append(ListItem(value, labels: entry.labels))
            }
            return .list(fitted)
        case (.list(let item, _), .range):
            guard let items = expand(value, span) else { return nil }
            return coerce(.list(items), .list(item, count: nil), what: what, span: span)
        case (.number(let rule), .number(let number)):
            if rule.accepts(number) { return value }
            // 70 where 0.7 is wanted.
            let share =
                (rule.least ?? rule.above) == 0 && (rule.most == 1 || rule.below == 1) && number > 1 && number <= 100
                ? "as a share: `\(written(number))%`" : nil
            report(Diagnostic("range", "\(what) expected \(rule.phrase(for: number)), found \(written(number))", at: span, label: share))
            return nil
        case (.path, .text(let text)), (.template, .text(let text)): return .text(path(text))
        case (.tensor(let wanted), .call(let call)):
            if case .tensor(let found) = call.type, found.hasCell(as: wanted), let a = wanted.shape, let b = found.shape, a != b {
                report(Diagnostic("shape", "\(what) expected \(type.phrase), found \(b.map(String.init).joined(separator: "x"))", at: span))
                return nil
            }
        default: break
        }
        if accepts(value, type) { return value }
        mismatch(value, type, what: what, span: span)
        return nil
    }

    /// Reports a value of the wrong type, with advice where there is any.
    private func mismatch(_ value: Value, _ type: ValueType, what: String, span: SourceSpan) {
        var label: String?
        if case .text(let text) = value, type.words.contains(text.string) { label = "without quotes: `\(text.string)`" }
        if value.searchSpace != nil, !type.mayVary, !type.takesSpace {
            label = "this does not vary" + (library.searchedKind.map { " within \($0.phrase)" } ?? "")
        }
        if case .function(let function) = value { label = "call it, as in `\(function.name)()`" }
        if label == nil { label = advice(on: value, for: type) }
        if case .word(let word) = value, !type.words.isEmpty { label = nearMiss(word, among: type.words).map { "did you mean `\($0)`?" } }
        let complaint = Diagnostic(
            "type", "\(what) expected \(type.phrase), found \(value.phrase)", at: span, label: label,
            hint: library.advice(besidePhraseOf: type))
        report(takesColumns(type) ? remarked(complaint, on: [value]) : complaint)
    }

    /// The advice on what to write instead of a value of the wrong type, where that says what was meant; nil where not.
    private func advice(on value: Value, for type: ValueType) -> String? {
        switch (value, type) {
        case (.object(let object), .sort(let sort)): return library.kinds[object.kind]?.advice[sort]
        case (.text(let text), _) where type.dottedWords != nil: return library.foreignNames[text.string]
        case (.text(let text), _):
            guard let builtin = library.builtins[text.string], !type.takesText else { return nil }
            return builtin.result == type ? "without quotes: `\(builtin.name)`" : nil
        case (_, .list(let item, _)) where accepts(value, item): return "a list stands in square brackets"
        default: return nil
        }
    }

    /// The record coerced to fields of known names and types; nil after a diagnostic.
    private func record(_ fields: Fields, _ known: [Parameter], what: String, span: SourceSpan) -> Value? {
        // In the order in which it was written; names are looked at in theirs, so that messages do not depend on it.
        var fitted = fields
        var broken = false
        for (name, field) in fields.byName {
            guard let parameter = known.first(where: { $0.name == name }) else {
                broken = true
                let plain = what.replacingBackticks
                unknownField(Name(name, field.origin.span.map { entryNames[$0] ?? $0 } ?? span), of: plain, among: known.map(\.name))
                continue
            }
            guard let value = coerce(field.value, parameter.type, what: "`\(name)`", span: field.origin.span ?? span) else {
                broken = true
                continue
            }
            fitted[name] = Field(value, field.origin)
        }
        for parameter in known where fields[parameter.name] == nil && !broken {
            switch parameter.presence {
            case .fallback(let value): fitted[parameter.name] = Field(value, Origin())
            case .required:
                broken = true
                report(Diagnostic("missing-field", "\(what) expected `\(parameter.name)` (\(parameter.summary))", at: span))
            }
        }
        return broken ? nil : .record(fitted)
    }
}

extension String {
    /// The text without the backticks around a name.
    fileprivate var replacingBackticks: String { String(filter { $0 != "`" }) }
}
