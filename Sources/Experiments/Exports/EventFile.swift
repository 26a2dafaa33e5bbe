import Builtins
import Storage
import Training

/// An event file as TensorBoard reads it: records of protocol buffers (`Event` of tensorflow/core/util/event.proto), each between its
/// length and checksums (TFRecord; CRC-32C, masked).
struct EventFile {
    private(set) var bytes: [UInt8] = []

    /// Creates a file whose first record says its version. `time`: seconds since 1970.
    init(time: Double) { add(Self.field(1, time) + Self.field(3, Array("brain.Event:2".utf8))) }

    /// Adds numbers of one step, by their tags.
    mutating func add(_ numbers: [(tag: String, value: Double)], step: Int, time: Double) {
        let summary = numbers.flatMap { number in
            Self.field(1, Self.field(1, Array(number.tag.utf8)) + Self.key(2, 5) + Self.little(Float(number.value).bitPattern))
        }
        add(Self.field(1, time) + Self.key(2, 0) + Self.varint(UInt64(max(0, step))) + Self.field(5, summary))
    }

    private mutating func add(_ record: [UInt8]) {
        let length = Self.little(UInt64(record.count))
        bytes += length + Self.little(maskedCRC32C(length)) + record + Self.little(maskedCRC32C(record))
    }

    private static func key(_ number: Int, _ wire: Int) -> [UInt8] { varint(UInt64(number << 3 | wire)) }
    private static func field(_ number: Int, _ value: Double) -> [UInt8] { key(number, 1) + little(value.bitPattern) }
    private static func field(_ number: Int, _ value: [UInt8]) -> [UInt8] { key(number, 2) + varint(UInt64(value.count)) + value }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func little<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
        (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

private let crcTable: [UInt32] = (UInt32(0)..<256).map { byte in
    (0..<8).reduce(byte) { rest, _ in rest & 1 == 1 ? 0x82F6_3B78 ^ rest >> 1 : rest >> 1 }
}

/// The checksum CRC-32C of bytes, turned by 15 bits and moved, as TFRecord has it.
func maskedCRC32C(_ bytes: [UInt8]) -> UInt32 {
    let sum = ~bytes.reduce(~UInt32(0)) { crcTable[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
}

extension RunFacts {
    /// The course of the training as an event file: losses, errors and the rate of each epoch, and at the kept epoch what each part
    /// came to.
    var eventFile: [UInt8] {
        let began = run.sessions.first?.time ?? 0
        var file = EventFile(time: began)
        var time = began
        for record in run.result?.history ?? [] {
            time += record.seconds
            var numbers = [("train/loss", record.train.loss), ("train/mse", record.train.mse), ("train/mae", record.train.mae)]
            if let validation = record.validation {
                numbers += [
                    ("validation/loss", validation.loss), ("validation/mse", validation.mse), ("validation/mae", validation.mae),
                ]
            }
            file.add((numbers + [("rate", record.rate)]).map { (tag: $0.0, value: $0.1) }, step: record.epoch, time: time)
        }
        let scores = numbers.filter { [".rmse", ".mae", ".r2"].contains(where: $0.name.hasSuffix) }
        if !scores.isEmpty {
            file.add(
                scores.map { (tag: "kept/" + $0.name.replacing(".", with: "/"), value: $0.value) }, step: run.result?.keptEpoch ?? 0,
                time: time)
        }
        return file.bytes
    }
}
