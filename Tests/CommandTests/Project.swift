import Glibc
import Storage
import TestSupport

/// A folder with a small data set and a script, as a user has one; it lasts as long as its owner. 14 real crystals, the
/// densities as links to those of the project, and one of them (`Cu-fcc`) as plain text that a test may change.
final class Project {
    let folder: String
    private let scratch: Scratch
    private var commands = 0

    static let crystals = [
        "C-diamond", "BN-zincblende", "BeO-zincblende", "Ni-fcc", "LiH-rocksalt", "Al-fcc", "TaC-rocksalt", "Au-fcc", "VC-rocksalt",
        "NbC-rocksalt", "LiF-rocksalt", "TiC-rocksalt", "NbN-rocksalt", "Cu-fcc",
    ]

    init(script: String = Project.script()) throws {
        scratch = try Scratch()
        folder = scratch.file("project")
        try createFolder(file("data"))
        try createFolder(scratch.file("home"))
        var table = "material_id,file,k_vrh\n"
        let moduli = [
            408.769, 281.844, 391.492, 206.319, 35.2982, 84.5211, 321.299, 137.572, 298.915, 300.488, 105.267, 246.48, 343.793, 135.685,
        ]
        for (crystal, modulus) in zip(Project.crystals, moduli) {
            let name = crystal + (crystal == "Cu-fcc" ? ".CHGCAR" : ".CHGCAR.gz")
            table += "\(crystal),\(name),\(modulus)\n"
            guard name.hasSuffix(".gz") else { continue }
            guard symlink(Place.crystals + "/densities/\(name)", file("data/\(name)")) == 0 else {
                throw TestFailure(description: "cannot link \(name): errno \(errno)")
            }
        }
        let plain = try Command(
            ["-dc", Place.crystals + "/densities/Cu-fcc.CHGCAR.gz"], executable: "/bin/gzip", environment: [:],
            out: file("data/Cu-fcc.CHGCAR"),
            err: "/dev/null"
        ).wait()
        guard plain.status == 0 else { throw TestFailure(description: "gzip ended with \(plain.status)") }
        try write("table.csv", in: "data", table)
        try write("small.ecdx", script)
    }

    /// A script that trains for about a tenth of a second, with dropout, a kept best epoch, a table and a figure.
    static func script(epochs: Int = 12, extra: String = "") -> String {
        """
        # %% Data
        dataset crystals {
            rows:   csv("data/table.csv")
            id:     "material_id"
            inputs: { plane: chgcar("data/{file}") |> plane([1, 1, 1], size: [12, 12], cell: file) }
            target: { column: "k_vrh", unit: "GPa", transform: log }
            split:  random(train: 60%, validation: 20%, holdout: 20%, seed: 7)
        }
        model cnn {
            input plane: [12, 12, 1]
            plane >> conv(4, kernel: 3, activation: relu) >> maxPool(2) >> flatten
                  >> dense(8, activation: relu) >> dropout(0.3) >> dense(1)
        }
        experiment bulk {
            data: crystals, model: cnn
            optimizer: adam(rate: 1e-2), loss: mse
            batch: 3, epochs: \(epochs), seed: 1
            keep: best(on: validation.loss)
        }
        table metrics(bulk, baselines: [mean]) to "out/metrics.csv"
        plot curves(bulk) to "out/curves.svg"

        """ + extra
    }

    func file(_ name: String) -> String { joined(folder, name) }

    func write(_ name: String, in subfolder: String = "", _ text: String) throws {
        try createFolder(file(subfolder))
        try writeWhole(text, to: joined(file(subfolder), name))
    }

    func read(_ name: String) throws -> String { String(decoding: try readFile(file(name)), as: UTF8.self) }

    /// Starts `ecdx` with this project's script in the place of `SCRIPT`.
    func start(_ arguments: [String], environment: [String: String] = [:], input: String? = nil) throws -> Command {
        commands += 1
        var all = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": scratch.file("home"), "TERM": "xterm-256color"]
        if let libraries = getenv("LD_LIBRARY_PATH") { all["LD_LIBRARY_PATH"] = String(cString: libraries) }
        all.merge(environment) { _, given in given }
        var inputFile = "/dev/null"
        if let input {
            inputFile = scratch.file("\(commands).in")
            try writeWhole(input, to: inputFile)
        }
        return try Command(
            arguments.map { $0 == "SCRIPT" ? file("small.ecdx") : $0 }, environment: all, input: inputFile,
            out: scratch.file("\(commands).out"),
            err: scratch.file("\(commands).err"))
    }

    /// Runs `ecdx` to its end.
    func ecdx(_ arguments: String..., environment: [String: String] = [:], input: String? = nil) throws -> Command.Outcome {
        try start(arguments, environment: environment, input: input).wait()
    }

    /// `ecdx run` on one thread.
    func run(_ more: String..., environment: [String: String] = [:]) throws -> Command.Outcome {
        try start(["run", "SCRIPT", "--threads", "1"] + more, environment: environment).wait()
    }
}
