import Diagnostics
import Language
import Training

/// The arguments of a checked call by name and type. The check filled in the defaults, so nothing here has a fallback: an
/// argument that is not there, or of another type, throws `internal`.
struct Arguments {
    let call: Call
    let library: Library

    init(_ call: Call, library: Library) {
        self.call = call
        self.library = library
    }

    private func demand<Found>(_ name: String, _ what: String, _ found: Found?) throws -> Found {
        if let found { return found }
        throw Diagnostic("internal", "`\(call.builtin)` has no \(what) `\(name)`, but \(call[name].phrase)", at: call.span(of: name))
    }

    func number(_ name: String) throws -> Double { try demand(name, "number", call[name].number) }
    func integer(_ name: String) throws -> Int { try demand(name, "whole number", call[name].integer) }
    func seed(_ name: String = "seed") throws -> UInt64 { try demand(name, "seed", call[name].integer.flatMap(UInt64.init(exactly:))) }
    func flag(_ name: String) throws -> Bool { try demand(name, "truth value", call[name].bool) }
    func text(_ name: String) throws -> String { try demand(name, "text", call[name].string) }
    func word(_ name: String) throws -> String { try demand(name, "word", call[name].word) }
    func integers(_ name: String) throws -> [Int] { try demand(name, "whole numbers", call[name].integers) }
    func numbers(_ name: String) throws -> [Double] {
        let numbers = call[name].items?.compactMap(\.number)
        return try demand(name, "numbers", numbers?.count == call[name].items?.count ? numbers : nil)
    }
    func items(_ name: String) throws -> [Value] { try demand(name, "list", call[name].items) }

    func call(_ name: String) throws -> Call { try demand(name, "call", call[name].call) }
    func record(_ name: String) throws -> Fields { try demand(name, "record", call[name].record) }

    /// The declared objects in a list. Throws `internal` where one of its items is something else.
    func objects(_ name: String) throws -> [Object] {
        let items = try items(name)
        let objects = items.compactMap(\.object)
        return try demand(name, "list of declared objects", objects.count == items.count ? objects : nil)
    }

    /// The case of an enumeration that the word of an argument names.
    func choice<Choice: RawRepresentable<String>>(_ name: String, _ type: Choice.Type = Choice.self) throws -> Choice {
        try demand(name, "word of \(Choice.self)", call[name].word.flatMap(Choice.init(rawValue:)))
    }

    /// A metric of a part of the rows, such as `validation.loss`.
    func monitor(_ name: String) throws -> Training.Monitor { try demand(name, "metric", Training.Monitor(call[name])) }

    /// Rows and columns: two numbers, or one for both.
    func pair(_ name: String) throws -> [Int] {
        if let both = call[name].integer { return [both, both] }
        return try demand(name, "pair of numbers", call[name].integers)
    }

    /// The reading of an argument, or nil where it is `none`.
    func optional<Found>(_ name: String, _ read: (String) throws -> Found) throws -> Found? {
        call[name].isNone ? nil : try read(name)
    }
}

extension Training.Monitor {
    /// The metric that a word such as `validation.loss` names; nil for another value.
    init?(_ value: Value) {
        let names = (value.word ?? "").split(separator: ".").map(String.init)
        guard names.count == 2, let part = Part(rawValue: names[0]), let quantity = Quantity(rawValue: names[1]) else { return nil }
        self.init(part, quantity)
    }
}
