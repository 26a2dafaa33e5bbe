extension SyntaxTree {
    /// The tree as an S-expression a statement, without places: two texts with one outline mean the same.
    public var outline: String {
        var writer = OutlineWriter()
        for statement in statements {
            writer.statement(statement)
            writer.text += "\n"
        }
        return writer.text
    }
}

private struct OutlineWriter {
    var text = ""

    private mutating func node(_ head: String, _ body: (inout OutlineWriter) -> Void) {
        text += "(" + head
        body(&self)
        text += ")"
    }

    private mutating func quoted(_ string: String) { text += " " + string.debugDescription }

    mutating func statement(_ statement: Statement) {
        switch statement.kind {
        case .use(let path, _): node("use") { $0.quoted(path) }
        case .param(let name, let type, let value): node("param \(name.text) \(type.text)") { $0.child(value) }
        case .binding(let binding): self.binding(binding)
        case .function(let name, let parameters, let value):
            node("def \(name.text)") { writer in
                for parameter in parameters {
                    writer.text += " "
                    writer.node("parameter \(parameter.name.text)") { inner in
                        if let type = parameter.type { inner.text += " of \(type.text)" }
                        if let fallback = parameter.fallback { inner.child(fallback) }
                    }
                }
                writer.child(value)
            }
        case .declaration(let declaration):
            node("declare \(declaration.kind.text) \(declaration.name.text)") { writer in
                if let base = declaration.base {
                    writer.text += " like"
                    writer.child(base)
                }
                writer.body(declaration.body)
            }
        case .action(let verb, let value, let on, let asGiven, let to):
            node(verb.rawValue) { writer in
                writer.child(value)
                if let on {
                    writer.text += " on"
                    writer.child(on)
                }
                if asGiven { writer.text += " as given" }
                if let to {
                    writer.text += " to"
                    writer.child(to)
                }
            }
        case .expression(let value): expression(value)
        }
    }

    private mutating func binding(_ binding: LetBinding) { node("let \(binding.name.text)") { $0.child(binding.value) } }

    private mutating func body(_ body: Body) {
        for member in body.members {
            text += " "
            switch member {
            case .field(let path, let value): node("field " + path.map { fieldName($0.text) }.joined(separator: ".")) { $0.child(value) }
            case .input(let name, let value): node("input \(fieldName(name.text))") { $0.child(value) }
            case .inner(let kind, let name, let inner): node("\(kind.text) \(name.text)") { $0.body(inner) }
            case .binding(let binding): self.binding(binding)
            case .expression(let value): expression(value)
            }
        }
    }

    private mutating func block(_ block: Block) {
        text += " "
        node("block") { writer in
            for statement in block.statements {
                writer.text += " "
                writer.statement(statement)
            }
        }
    }

    private mutating func child(_ value: Expression) {
        text += " "
        expression(value)
    }

    private mutating func arguments(_ arguments: [Argument]) {
        for argument in arguments {
            if let label = argument.label { text += " \(label.text):" }
            child(argument.value)
        }
    }

    private mutating func item(_ item: IndexItem) {
        switch item {
        case .at(let value): child(value)
        case .labelled(let name, let value):
            text += " \(name.text):"
            child(value)
        case .slice(let from, let to, let by, _):
            text += " "
            node("slice") { writer in
                for end in [from, to] { if let end { writer.child(end) } else { writer.text += " _" } }
                if let by { writer.child(by) }
            }
        }
    }

    private mutating func part(_ part: TextPart) {
        switch part {
        case .literal(let text): quoted(text)
        case .escaped(let text):
            self.text += " escaped"
            quoted(text)
        case .code(let value): child(value)
        }
    }

    private mutating func expression(_ value: Expression) {
        switch value.kind {
        case .number(let number, let percent): text += "\(number)" + (percent ? "%" : "")
        case .text(let parts): node("text") { writer in for part in parts { writer.part(part) } }
        case .bool(let value): text += "\(value)"
        case .none: text += "none"
        case .name(let name): text += name
        case .list(let items): node("list") { writer in for item in items { writer.child(item) } }
        case .record(let entries):
            node("record") { writer in
                for entry in entries {
                    writer.text += " \(fieldName(entry.name.text)):"
                    writer.child(entry.value)
                }
            }
        case .negate(let inner): node("-") { $0.child(inner) }
        case .not(let inner): node("not") { $0.child(inner) }
        case .binary(let operation, let left, let right):
            node(operation.rawValue) {
                $0.child(left)
                $0.child(right)
            }
        case .range(let from, let to, let step):
            node("..") { writer in
                writer.child(from)
                writer.child(to)
                if let step {
                    writer.text += " by"
                    writer.child(step)
                }
            }
        case .member(let base, let name): node(".\(name.text)") { $0.child(base) }
        case .index(let base, let items):
            node("index") { writer in
                writer.child(base)
                for item in items { writer.item(item) }
            }
        case .call(let function, let list):
            node("call") {
                $0.child(function)
                $0.arguments(list)
            }
        case .pipe(let left, let name, let list):
            node("|> \(name.text)") {
                $0.child(left)
                $0.arguments(list)
            }
        case .with(let base, let body):
            node("with") {
                $0.child(base)
                $0.body(body)
            }
        case .object(let kind, let body): node("object \(kind.text)") { $0.body(body) }
        case .loop(let variables, let lets, let body):
            node("for") { writer in
                for variable in variables {
                    writer.text += " \(variable.name.text) in"
                    writer.child(variable.sequence)
                }
                for binding in lets {
                    writer.text += " "
                    writer.binding(binding)
                }
                writer.child(body)
            }
        case .conditional(let condition, let then, let otherwise):
            node("if") { writer in
                writer.child(condition)
                writer.block(then)
                if let otherwise { writer.block(otherwise) }
            }
        case .missing: text += "missing"
        }
    }
}
