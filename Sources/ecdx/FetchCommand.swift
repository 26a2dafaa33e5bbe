import ArgumentParser
import Diagnostics
import Fetching
import Host
import Storage

struct FetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Get files that others have published from where they lie.",
        discussion: """
            Over https, each file whole or not at all. Ctrl-C stops it; the same command goes on from there and does not fetch what is \
            there. The SHA-256 of each file is kept in fetched.json beside the files, and what is fetched again must have the same.
            """,
        subcommands: [FetchDataCommand.self, FetchMaterialsCommand.self, FetchWeightsCommand.self])
}

struct FetchDataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Get a published data set.",
        discussion: """
            sfe: 137 images of the charge density at stacking faults of Ni alloys with the stacking-fault energy of each (Arora et al., \
            Materialia 26, 101620, 2022), from the authors' public repository on GitHub. It makes images/CHGCAR-1.png to \
            images/CHGCAR-137.png and sfe.csv.

            mp-fcc: 781 crystals of the Materials Project with 25 properties and a description each, and pictures of the density of 592 \
            of them, from the repository of the authors of arXiv:2401.09301 (version 3) on GitHub. It makes FCC_properties_w_dens.csv, \
            FCC_descriptions.csv, the same two of the 592 with filtered_ before the name, and images/normalized_data_MPID.png. The \
            SHA-256 of each is known beforehand.
            """)

    @Argument(
        help: "The data set: \(PublishedData.all.map(\.name).joined(separator: ", ")).", completion: .list(PublishedData.all.map(\.name)))
    var name: String

    @Option(
        help: ArgumentHelp("The folder to put it into. Default: data/NAME below this folder.", valueName: "folder"), completion: .directory)
    var to: String?

    @Option(
        help: ArgumentHelp(
            """
            Another place with the same files. Default for sfe: the repository DFT_Stacking_Fault_Energy of \
            Materials-Computation-Data-Science-MCDC on raw.githubusercontent.com, branch HEAD, folder CNN. Default for mp-fcc: \
            d-massa/Transfer_Learning_ElectronDensities_public there, commit ea217cd, folder data/data_cleaning. These addresses \
            were written down and not tried when this program was made.
            """, valueName: "url"))
    var from: String?

    func run() throws {
        try fetching {
            let data = try PublishedData.named(name)
            if let from { try PublishedData.checkBase(from) }
            return data
        } body: { data, terminal in
            try data.fetch(to: to, base: from, on: terminal)
        }
    }
}

struct FetchMaterialsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "materials", abstract: "Ask the Materials Project for crystals and their properties.",
        discussion: """
            Every answer is kept in the folder, which `materialsProject("FOLDER")` reads without the network; the same command asks for \
            what is missing only. The key of the Materials Project is read from MP_API_KEY; it is shown and kept nowhere, and sent to \
            that server alone. The program waits as the server asks, and stops where it is told that it is blocked. The addresses \
            (MP_API_ENDPOINT and MP_DENSITY_ENDPOINT name others) were written down and not tried when this program was made.
            """)

    @Argument(help: "The folder for the answers.", completion: .directory)
    var folder: String

    @Option(
        name: .customLong("space-groups"),
        help: ArgumentHelp(
            "Numbers of space groups with commas between them. Default: those of cubic crystals with a face-centred lattice.",
            valueName: "numbers"))
    var spaceGroups: String?

    @Flag(name: .customLong("unstable-too"), help: "Materials above the convex hull too.")
    var withUnstable = false

    @Flag(help: "The descriptions of robocrystallographer too.")
    var descriptions = false

    @Flag(help: "The charge densities too, of which there are gigabytes.")
    var densities = false

    @Flag(name: .customLong("missing-again"), help: "Ask again for densities that were not to be had before.")
    var missingAgain = false

    func run() throws {
        try fetching {
            let words = spaceGroups?.split(separator: ",", omittingEmptySubsequences: false) ?? []
            let numbers = try words.map { word in
                guard let number = Int(word.trimmed) else {
                    throw Diagnostic("range", "expected numbers of space groups with commas between them, found `\(word)`")
                }
                return number
            }
            return try MaterialsFetch(
                folder: folder, spaceGroups: numbers, isStable: withUnstable ? nil : true, withDescriptions: descriptions,
                withDensities: densities, asksForMissingAgain: missingAgain)
        } body: { order, terminal in
            try order.run(on: terminal)
        }
    }
}

extension Substring {
    /// The text without blanks at its ends.
    fileprivate var trimmed: Substring {
        var rest = drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}

struct FetchWeightsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weights", abstract: "Get the published weights of backbones and text encoders.",
        discussion: """
            Backbones: the weights without tops, trained on ImageNet, that the Keras project publishes. A file that Keras has in its own \
            cache ($KERAS_HOME/models, ~/.keras/models) is checked and not fetched again; others go to $XDG_CACHE_HOME/ecdx/weights or \
            ~/.cache/ecdx/weights. Each must have the MD5 that Keras gives for it.

            Encoders: description, tokenizer and safetensors of one commit of a model on the Hugging Face hub, into \
            ecdx/weights/hub there. NAME@REVISION asks for a branch, a tag or a commit; without one it is main at the first fetch and \
            stays that commit: NAME@main asks anew. Each file must have the size and the hash that the hub gives. What Hugging Face's own \
            cache (HF_HUB_CACHE, HF_HOME) has of that commit is checked and not fetched. HF_ENDPOINT names another hub, HF_TOKEN a \
            token, for that hub alone; HF_HUB_OFFLINE=1 forbids to ask. The hub's answers were taken from the sources of its client; \
            huggingface.co itself was not tried when this program was made.
            """)

    @Argument(
        help: ArgumentHelp(
            """
            The architectures: \(WeightsFetch.names.joined(separator: ", ")); or \(WeightsFetch.all). The encoders: \
            \(HubName.known.map(\.short).joined(separator: ", ")), or ORGANISATION/NAME.
            """),
        completion: .list(WeightsFetch.names + [WeightsFetch.all] + HubName.known.map(\.short)))
    var name: [String]

    @Option(
        help: ArgumentHelp(
            """
            Backbones: another place that has the files under the names that Keras gives them, such as a copy of its cache. Default: \
            keras-applications on storage.googleapis.com. That address was written down and not tried when this program was made.
            """, valueName: "url"))
    var from: String?

    func run() throws {
        try fetching {
            var fetch = try WeightsFetch(names: name)
            if let from {
                try PublishedData.checkBase(from)
                if let encoder = fetch.encoders.first {
                    throw Diagnostic(
                        "usage", "expected backbones behind --from, found `\(encoder.name)`, an encoder of the hub",
                        hint: "name another hub in HF_ENDPOINT, and fetch encoders by themselves")
                }
            }
            fetch.mirror = from
            return fetch
        } body: { fetch, terminal in
            try fetch.run(on: terminal)
        }
    }
}

/// Carries out a command that fetches files. A diagnostic of `order` is one of the command line; a signal keeps what came
/// and is the exit status.
private func fetching<Order>(_ order: () throws -> Order, body: (Order, Terminal) throws -> Void) throws {
    let terminal = Terminal.standard()
    do {
        let asked: Order
        do { asked = try order() } catch let diagnostic as Diagnostic {
            terminal.report(diagnostic)
            throw ExitCode(Status.usage)
        }
        try Interrupt.install()
        try body(asked, terminal)
    } catch let diagnostic as Diagnostic {
        terminal.report(diagnostic)
        throw ExitCode(Status.failed)
    } catch is FetchStopped {
        terminal.write(err: "stopped; the same command goes on from there\n")
        throw ExitCode(Interrupt.exitStatus(of: Interrupt.requested ?? 2))
    }
}
