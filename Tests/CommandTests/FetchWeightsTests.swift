import Builtins
import Diagnostics
import Dispatch
import Glibc
import Host
import Models
import Storage
import TestSupport
import Testing

@testable import Fetching

/// The hashes of the published files are fixed and no test can have the files, so there is no success but of files that the tests
/// publish themselves: `WeightsFetch` is given their table. What fails or is interrupted is seen at the built command.
private struct Published {
    let place: Scratch
    let server: FetchServer
    let items: [WeightsFetch.Item]

    init(_ files: [(Architecture, [UInt8])], _ handler: @escaping @Sendable (FetchServer.Request) -> FetchServer.Reply) throws {
        let place = try Scratch()
        let server = try FetchServer(handler)
        (self.place, self.server) = (place, server)
        items = try files.map { architecture, bytes in
            var weights = architecture.weights
            (weights.url, weights.md5) = ("\(server.base)/\(weights.name)", try md5(of: bytes))
            return .init(architecture, weights)
        }
    }

    /// Sends `bytes`, of one version, for everything.
    init(_ bytes: [UInt8]) throws { try self.init([(.InceptionV3, bytes)]) { .file(bytes, etag: "\"1\"", for: $0) } }

    func fetch(_ folder: String = "weights", mirror: String? = nil) -> WeightsFetch {
        WeightsFetch(items, kerasFolder: place.file("keras"), folder: place.file(folder), mirror: mirror)
    }
}

private func md5(of bytes: [UInt8]) throws -> String {
    let place = try Scratch()
    try writeWhole(bytes, to: place.file("bytes"))
    return try md5(ofFile: place.file("bytes"))
}

/// What a fetch says, on a terminal or in a log.
final class Screen {
    private let written = Shared<[Bool: String]>([:])
    let terminal: Terminal
    var out: String { written.value[true] ?? "" }
    var err: String { written.value[false] ?? "" }

    init(isTerminal: Bool = false) {
        terminal = Terminal(traits: .init(outIsTTY: isTerminal, errIsTTY: isTerminal), width: { isTerminal ? 80 : nil }) {
            [written] stream, bytes in
            written.value[stream == .out, default: ""] += String(decoding: bytes, as: UTF8.self)
            return 0
        }
    }
}

private let bytes = fetchBytes(200_000)
private let file = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"

@Suite(.timed) struct FetchWeightsTests {
    @Test func fetchedOnce() throws {
        let files: [(Architecture, [UInt8])] = [(.VGG16, fetchBytes(2_500_000, seed: 2)), (.InceptionV3, bytes)]
        let published = try Published(files) { .file($0.path.contains("vgg16") ? files[0].1 : bytes, etag: "\"1\"", for: $0) }
        let place = published.place
        let screen = Screen()
        let vgg = published.items[0].weights.name
        try published.fetch().run(on: screen.terminal)
        #expect(try readFile(place.file("weights/\(file)")) == bytes && readFile(place.file("weights/\(vgg)")) == files[0].1)
        #expect(try listFolder(place.path) == ["weights"] && listFolder(place.file("weights")) == ["fetched.json", file, vgg])
        let list = try JSONValue(parsing: readFile(place.file("weights/fetched.json")))
        #expect(
            list[file]?["sha256"]?.stringValue == (try sha256(bytes).hex)
                && list[file]?["url"]?.stringValue == "\(published.server.base)/\(file)")
        let folder = place.file("weights")
        #expect(
            screen.out == """
                VGG16: \(folder)/\(vgg) (fetched)
                InceptionV3: \(folder)/\(file) (fetched)
                licence: ImageNet weights from the Keras project (keras.io/api/applications): \
                VGG16 CC BY 4.0 (VGG, Oxford), InceptionV3 Apache 2.0

                """)
        let lines = screen.err.split(separator: "\n")
        try #require(lines.count == 4, "\(screen.err)")
        #expect(
            lines[0] == "VGG16: from \(published.server.base)/\(vgg) to \(folder)" && lines[1].hasPrefix("VGG16  MB 3/3  00:"),
            "\(screen.err)")
        #expect(lines[2].hasPrefix("InceptionV3: from ") && lines[3].hasPrefix("InceptionV3  MB 1/1  00:"), "\(screen.err)")

        let again = Screen()
        let asked = published.server.requests.count
        try published.fetch().run(on: again.terminal)
        #expect(
            again.out == screen.out.replacing("(fetched)", with: "(already there)") && again.err == ""
                && published.server.requests.count == asked)
    }

    @Test func aBarOnATerminal() throws {
        let published = try Published(fetchBytes(2_500_000))
        let screen = Screen(isTerminal: true)
        try published.fetch(mirror: published.server.base + "/a/copy//").run(on: screen.terminal)
        #expect(
            screen.err.contains("\rInceptionV3 (MB)  ") && screen.err.contains("0/3  00:0") && screen.err.hasSuffix("\r\u{1B}[K"),
            "\(screen.err)")
        #expect(screen.out.contains("(fetched)") && published.server.requests.map(\.path) == ["/a/copy/\(file)"])
    }

    /// What lies in Keras's cache is used and left alone; what lies in ours without having been fetched is as good, if it is right.
    @Test func foundElsewhere() throws {
        let published = try Published(bytes)
        let place = published.place
        let screen = Screen()
        try createFolder(place.file("keras"))
        try writeWhole(bytes, to: place.file("keras/\(file)"))
        try published.fetch().run(on: screen.terminal)
        #expect(screen.out.hasPrefix("InceptionV3: \(place.file("keras/\(file)")) (already there, in Keras's cache)\n") && screen.err == "")
        #expect(place.names == ["keras"])
        try writeWhole(Array(bytes.dropLast()), to: place.file("keras/\(file)"))
        let half = diagnostic { try published.fetch().run(on: Screen().terminal) }
        let hashes = try [md5(of: bytes), md5(of: bytes.dropLast())]
        #expect(half.id == "wrong-hash" && half.message.contains("the MD5 \(hashes[0]), found \(hashes[1])"), "\(half.message)")
        #expect(half.data?.file == place.file("keras/\(file)") && half.hints == ["remove it to fetch it again"])

        try removeTree(place.file("keras"))
        try createFolder(place.file("weights"))
        try writeWhole(bytes, to: place.file("weights/\(file)"))
        let copied = Screen()
        try published.fetch().run(on: copied.terminal)
        #expect(copied.out.hasPrefix("InceptionV3: \(place.file("weights/\(file)")) (already there)\n"))
        try writeWhole("mine", to: place.file("weights/\(file)"))
        #expect(diagnostic { try published.fetch().run(on: Screen().terminal) }.id == "wrong-hash")
        #expect(try readText(place.file("weights/\(file)")) == "mine" && published.server.requests.isEmpty)
    }

    @Test func theSameEverAfter() throws {
        let published = try Published(bytes)
        let place = published.place
        let list = place.file("weights/fetched.json")
        try published.fetch().run(on: Screen().terminal)
        let noted = try readText(list)
        let sha = try sha256(bytes).hex
        try writeWhole(noted.replacing(sha, with: String(sha.reversed())), to: list)
        let changed = diagnostic { try published.fetch().run(on: Screen().terminal) }
        #expect(
            changed.id == "wrong-hash"
                && changed.message.contains(
                    "expected the file as it was fetched, with the SHA-256 \(String(sha.reversed())), found \(sha)"),
            "\(changed.message)")
        try removeTree(place.file("weights/\(file)"))
        let other = diagnostic { try published.fetch().run(on: Screen().terminal) }
        #expect(
            other.id == "wrong-hash" && other.message.contains("as it was at the first fetch") && other.message.contains(sha),
            "\(other.message)")
        #expect(try listFolder(place.file("weights")) == ["fetched.json"])
        try writeWhole(noted, to: list)
        try published.fetch().run(on: Screen().terminal)
        #expect(try readFile(place.file("weights/\(file)")) == bytes)
    }

    /// Each through a redirect: 20 into folders of their own, 20 into one, where one fetches and the others wait for it.
    @Test func twentyAtOnce() throws {
        let published = try Published([(.InceptionV3, bytes)]) { request in
            request.path.hasPrefix("/to/") ? .file(bytes, etag: "\"1\"", for: request, pause: 200) : .redirect("/to" + request.path)
        }
        for isShared in [false, true] {
            let right = Tally()
            let fetched = Tally()
            let group = DispatchGroup()
            let before = published.server.requests.count
            for number in 0..<20 {
                let fetch = published.fetch(isShared ? "shared" : "own-\(number)")
                DispatchQueue(label: "ecdx.test.weights.\(number)").async(group: group) {
                    let screen = Screen()
                    try? fetch.run(on: screen.terminal)
                    if screen.out.contains("(fetched)") { fetched.add() }
                    if screen.out.contains("licence"), (try? readFile(joined(fetch.folder, file))) == bytes,
                        (try? listFolder(fetch.folder)) == ["fetched.json", file]
                    {
                        right.add()
                    }
                }
            }
            group.wait()
            #expect(
                right.value == 20 && fetched.value == (isShared ? 1 : 20) && published.server.requests.count - before == 2 * fetched.value)
        }
    }

    /// Interrupted at the command twice, the second time on its way on from the first part; the part is good for the rest.
    @Test func interruptedAndContinued() throws {
        let project = try Project()
        let isWell = Shared(false)
        let published = try Published([(.InceptionV3, bytes)]) { .file(bytes, etag: "\"1\"", for: $0, pause: isWell.value ? 0 : 20_000) }
        let folder = published.place.file("cache/ecdx/weights")
        let part = joined(folder, file + ".part")
        let base = published.server.base
        var kept = 0
        for (signal, status) in [(SIGINT, Int32(130)), (SIGTERM, Int32(143))] {
            let command = try project.start(
                ["fetch", "weights", "InceptionV3", "--from", base], environment: ["XDG_CACHE_HOME": published.place.file("cache")])
            try #require(try command.waitUntil { fileStatus(part)?.bytes ?? 0 > kept })
            command.send(signal)
            let outcome = try command.wait()
            #expect(outcome.status == status && outcome.out == "", "\(outcome.err)")
            #expect(outcome.err == "InceptionV3: from \(base)/\(file) to \(folder)\nstopped; the same command goes on from there\n")
            #expect(try listFolder(folder) == [file + ".part", file + ".part.json"])
            #expect(published.server.requests.last?.from == (kept == 0 ? nil : kept))
            kept = fileStatus(part)?.bytes ?? 0
        }
        isWell.value = true
        let screen = Screen()
        try published.fetch("cache/ecdx/weights", mirror: base).run(on: screen.terminal)
        #expect(kept > 0 && published.server.requests.last?.from == kept && screen.out.contains("(fetched)"))
        #expect(try readFile(joined(folder, file)) == bytes && listFolder(folder) == ["fetched.json", file])
    }

    @Test func waitingIsInterrupted() throws {
        let project = try Project()
        let place = try Scratch()
        let folder = try FetchFolder(place.file("ecdx/weights"), connection: Connection(agent: "ecdx/test"))
        let command = try project.start(
            ["fetch", "weights", "all", "--from", "http://127.0.0.1:1"], environment: ["XDG_CACHE_HOME": place.path])
        try #require(try command.waitFor("waiting for another `ecdx fetch` at work in \(folder.path)\n"))
        command.send(SIGINT)
        #expect(try command.wait().status == 130)
    }

    /// A connection that is cut leaves a part, and the fetch after it goes on from there.
    @Test func cutAndContinued() throws {
        let project = try Project()
        let isWell = Shared(false)
        let published = try Published([(.InceptionV3, bytes)]) { .file(bytes, etag: "\"1\"", for: $0, cut: isWell.value ? nil : 20_000) }
        let folder = published.place.file("ecdx/weights")
        let base = published.server.base
        let cut = try project.ecdx("fetch", "weights", "InceptionV3", "--from", base, environment: ["XDG_CACHE_HOME": published.place.path])
        #expect(
            cut.status == 1 && cut.err.contains("error[fetch-failed]: expected all of `\(file)` from `127.0.0.1`")
                && cut.err.contains("the same command goes on from there"), "\(cut.err)")
        #expect(
            try fileStatus(joined(folder, file + ".part"))?.bytes == 60_000 && listFolder(folder) == [file + ".part", file + ".part.json"])
        isWell.value = true
        try published.fetch("ecdx/weights", mirror: base).run(on: Screen().terminal)
        #expect(published.server.requests.map(\.from) == [nil, 20_000, 40_000, 60_000])
        #expect(try readFile(joined(folder, file)) == bytes)
    }

    @Test func failures() throws {
        let project = try Project()
        let cache = project.file("cache")
        let found = try md5(of: bytes)
        let server = try FetchServer { request in
            let path = request.path
            if path.hasPrefix("/loop") { return .redirect(path) }
            if path.hasPrefix("/plain") { return .redirect("http://example.org/\(file)") }
            return path.hasPrefix("/there") ? .file(bytes, etag: "\"1\"", for: request) : .init(status: 404)
        }
        func run(
            _ path: String, _ said: [String], left: [String] = [], environment: [String: String] = [:],
            _ place: SourceLocation = #_sourceLocation
        ) throws {
            let outcome = try project.start(
                ["fetch", "weights", "InceptionV3", "VGG19", "--from", server.base + path],
                environment: ["XDG_CACHE_HOME": cache].merging(environment) { $1 }
            ).wait()
            #expect(
                outcome.status == 1 && outcome.out == "" && outcome.err.matches(of: /error\[/).count == 1, "\(outcome.err)",
                sourceLocation: place)
            for text in said { #expect(outcome.err.contains(text), "\(outcome.err)", sourceLocation: place) }
            #expect((try? listFolder(joined(cache, "ecdx/weights"))) ?? [] == left, sourceLocation: place)
        }
        try run("/gone", ["error[fetch-failed]", "`\(file)` from `127.0.0.1`, found status 404 (not there)", "--from"])
        try run("/loop", ["error[fetch-failed]", "at most 10 redirects"])
        try run("/plain", ["error[refused-address]", "expected https, a redirect of `127.0.0.1` leads to `http://example.org/"])
        try run("/there", ["error[wrong-hash]", "with the MD5 bcbd6486424b2319ff4ef7d526e38f63, found \(found)", "nothing of it was kept"])
        // From https it is refused no less.
        #expect(
            diagnostic { _ = try Address("http://example.org/a", from: Address("https://example.org/a")) }.message.contains(
                "expected https"))

        // In Keras's cache, where its variable or its user's home says that it is.
        for (folder, environment) in [
            (project.file("k/models"), ["KERAS_HOME": project.file("k")]), (project.file("h/.keras/models"), ["HOME": project.file("h")]),
        ] {
            try createFolder(folder)
            try writeWhole("half", to: joined(folder, file))
            try run("/there", ["error[wrong-hash]", joined(folder, file), "remove it to fetch it again"], environment: environment)
        }
        #expect(server.requests.count == 1 + 11 + 1 + 1)

        // A folder that cannot be made, and a disk that takes no more: 64 blocks of 512 bytes.
        try writeWhole("", to: project.file("file"))
        try run("/there", ["error[cannot-write]", project.file("file")], environment: ["XDG_CACHE_HOME": project.file("file")])
        let small = try Command(
            ["-c", #"ulimit -f 64; exec "$@""#, "sh", builtProgram(), "fetch", "weights", "InceptionV3", "--from", server.base + "/there"],
            executable: "/bin/sh",
            environment: ["XDG_CACHE_HOME": cache, "HOME": cache], out: project.file("out.txt"), err: project.file("err.txt")
        ).wait()
        #expect(
            small.status == 1 && small.err.matches(of: /error\[cannot-write\]/).count == 1 && small.err.contains(file + ".part"),
            "\(small.err)")
        #expect(fileStatus(joined(cache, "ecdx/weights/\(file)")) == nil)
    }

    @Test func wrongCommandLines() throws {
        let project = try Project()
        for (arguments, said) in [
            ([], "expected NAME, found nothing"), (["inceptionv3"], "did you mean `InceptionV3`?"),
            (["VGG19", "ResNet"], "there are: InceptionV3, Xception, VGG16, VGG19, DenseNet121, ResNet50; `all`"),
            (["al"], "did you mean `all`?"), (["VGG19", "--from", "http://example.org/a"], "error[refused-address]: expected https"),
            (["VGG19", "--from", "https://a:b@example.org"], "without user and password"),
            (["VGG19", "--from", "https://example.org/?a"], "file names can follow"),
        ] {
            let outcome = try project.start(["fetch", "weights"] + arguments).wait()
            #expect(
                outcome.status == 2 && outcome.out == "" && outcome.err.contains(said) && !outcome.err.contains("from http"),
                "\(arguments): \(outcome.status) \(outcome.err)")
        }
        #expect(
            try WeightsFetch(names: ["VGG19", "all", "VGG19"]).items.map(\.architecture) == [
                .VGG19, .InceptionV3, .Xception, .VGG16, .DenseNet121, .ResNet50,
            ])
        let help = try project.ecdx("help", "fetch", "weights")
        #expect(help.status == 0 && help.out.contains("<name> ...") && help.out.contains("ResNet50; or all"), "\(help.out)")
        let script = try project.ecdx("--generate-completion-script", "fish").out
        #expect(script.split(separator: "\n").contains { $0.contains("fetch weights") && $0.contains("ResNet50") })
    }
}
