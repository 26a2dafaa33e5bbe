import Diagnostics
import Glibc
import TestSupport
import Testing

@testable import Storage

private let first = String(repeating: "a", count: 39) + "1"
private let second = String(repeating: "b", count: 39) + "2"

/// A cache as `huggingface_hub` lays it out, made by hand with what a test needs.
private struct HandMadeCache {
    let scratch: Scratch
    var root: String { scratch.file("hub") }
    var caches: HubCaches { HubCaches(huggingFace: root, own: scratch.file("own")) }

    init() throws { scratch = try Scratch() }

    func place(_ folder: String) -> HubFolder { HubFolder(root, folderName: folder) }

    /// A snapshot with links to blobs, or with plain files.
    func add(
        _ folder: String = "models--FacebookAI--roberta-base", commit: String = first, ref: String? = "main",
        files: [String] = ["config.json", "model.safetensors", "tokenizer.json"], links: Bool = true
    ) throws {
        let place = place(folder)
        try createFolder(place.snapshot(commit))
        if links { try createFolder(place.blobs) }
        for name in files {
            let path = joined(place.snapshot(commit), name)
            try createFolder(parentFolder(of: path))
            let text =
                name.hasSuffix("index.json") ? #"{"weight_map": {"a": "m-1.safetensors", "b": "m-2.safetensors"}}"# : "\(name) of \(commit)"
            guard links else {
                try writeWhole(text, to: path)
                continue
            }
            let blob = try sha256(text).hex
            try writeWhole(text, to: joined(place.blobs, blob))
            try removeTree(path)
            let up = String(repeating: "../", count: 2 + name.count { $0 == "/" })
            guard symlink("\(up)blobs/\(blob)", path) == 0 else { throw TestFailure(description: "no link: errno \(errno)") }
        }
        if let ref {
            try createFolder(parentFolder(of: joined(place.refs, ref)))
            try writeWhole(commit, to: joined(place.refs, ref))
        }
    }

    func find(_ name: String = "roberta-base") throws -> EncoderFiles {
        try EncoderFiles.find(name, relativeTo: scratch.file("script"), caches: caches)
    }

    /// Checks that there is one diagnostic with an id, whose text holds words.
    func expect(_ id: String, _ words: [String], _ name: String = "roberta-base", _ place: SourceLocation = #_sourceLocation) {
        let found = diagnostic { try find(name) }
        let text = ([found.message] + found.notes + found.hints + [found.data?.file ?? ""]).joined(separator: "\n")
        #expect(found.id == id && found.hints.count <= 1 && !found.message.hasSuffix("."), "\(found.id): \(text)", sourceLocation: place)
        for word in words { #expect(text.contains(word), "\(text)", sourceLocation: place) }
    }
}

@Suite(.timed) struct EncoderFilesTests {
    @Test func linksAndPlainCopies() throws {
        for links in [true, false] {
            let cache = try HandMadeCache()
            try cache.add(
                files: ["config.json", "model.safetensors", "vocab.json", "merges.txt", "1_Pooling/config.json"], links: links)
            try writeWhole("Signature: 8a477f597d28d172789f06886806bc55", to: joined(cache.root, "CACHEDIR.TAG"))
            for name in ["roberta-base", "FacebookAI/roberta-base", "roberta-base@main", "roberta-base@\(first)", "roberta-base@aaaaaaa"] {
                let files = try cache.find(name)
                let folder = cache.place("models--FacebookAI--roberta-base").snapshot(first)
                #expect(files.folder == folder && files.config == joined(folder, "config.json") && files.commit == first)
                #expect(files.weights == joined(folder, "model.safetensors") && files.shards == [files.weights] && files.remark == nil)
                #expect(files.tokenizer == ["vocab.json": joined(folder, "vocab.json"), "merges.txt": joined(folder, "merges.txt")])
                #expect(files.sentences == ["1_Pooling/config.json": joined(folder, "1_Pooling/config.json")] && files.all.count == 5)
                #expect(files.pinned == "FacebookAI/roberta-base@\(first)")
                #expect(try readText(files.weights) == "model.safetensors of \(first)")
            }
            cache.expect("missing-weights", ["revision `v2` of `roberta-base` is not on this machine", first], "roberta-base@v2")
            cache.expect("missing-weights", ["revision \(second)", "there are: \(first)", "ecdx fetch weights"], "roberta-base@\(second)")
        }
    }

    /// Every alias lies under the name of today, or under the one of before.
    @Test func namesOfTodayAndBefore() throws {
        for (short, id) in [
            ("roberta-base", "FacebookAI--roberta-base"), ("albert-base-v2", "albert--albert-base-v2"),
            ("bert-base-uncased", "google-bert--bert-base-uncased"), ("all-MiniLM-L6-v2", "sentence-transformers--all-MiniLM-L6-v2"),
        ] {
            for folder in [id, short] {
                let cache = try HandMadeCache()
                try cache.add("models--\(folder)")
                for name in [short, id.replacing("--", with: "/")] { #expect(try cache.find(name).commit == first, "\(name) in \(folder)") }
            }
            let cache = try HandMadeCache()
            try cache.add("models--\(short)", commit: second)
            try cache.add("models--\(id)")
            #expect(try cache.find(short).commit == first)
        }
        let cache = try HandMadeCache()
        try cache.add("models--someone--Some_Model.v1")
        #expect(try cache.find("someone/Some_Model.v1").pinned == "someone/Some_Model.v1@\(first)")
        // A name of before that nothing is known of is found where it lies.
        try cache.add("models--distilroberta-base")
        #expect(try cache.find("distilroberta-base").commit == first)
    }

    @Test func snapshotsWithoutNote() throws {
        let cache = try HandMadeCache()
        try cache.add(ref: nil)
        let only = try cache.find()
        #expect(
            only.commit == first
                && only.remark == "nothing notes which commit `main` of `roberta-base` is: its only snapshot was taken, \(first)")
        try cache.add(commit: second, ref: nil)
        cache.expect("bad-weights", ["found 2 and no note", "there are: \(first), \(second)", "weights: \"roberta-base@\(first)\""])
        #expect(try cache.find("roberta-base@\(second)").commit == second)
        try cache.add(commit: second, ref: "refs/pr/1")
        #expect(try cache.find("roberta-base@refs/pr/1").commit == second)
        try cache.add(commit: second)
        #expect(try cache.find().commit == second)
        let main = joined(cache.place("models--FacebookAI--roberta-base").refs, "main")
        try writeWhole("\(first)\n", to: main)
        #expect(try cache.find().commit == first)
        for odd in ["", "../../../etc", "main", "\u{0}\u{1}"] {
            try writeWhole(odd, to: main)
            cache.expect("bad-weights", ["expected a commit of 40 hexadecimal digits", "refs/main"])
        }
        // A branch was asked for and nothing of it came.
        try writeWhole(String(repeating: "c", count: 40), to: main)
        cache.expect("missing-weights", ["which `main` stands for, is not on this machine"])
    }

    /// Snapshots that lack files: one diagnostic each, with what the cache tells of it.
    @Test func whatIsNotWhole() throws {
        var cache = try HandMadeCache()
        cache.expect(
            "missing-weights",
            [
                "weights of `roberta-base` are not on this machine", "looked in \(cache.root) and",
                "ecdx fetch weights roberta-base (500 MB)",
            ])
        cache.expect("missing-weights", ["weights of `a/b@v1` are not", "ecdx fetch weights a/b@v1"], "a/b@v1")
        try createFolder(cache.place("models--FacebookAI--roberta-base").path)
        cache.expect("missing-weights", ["weights of `roberta-base` are not on this machine"])

        // A tokenizer alone, as `AutoTokenizer` leaves it, with weights in the making.
        try cache.add(files: ["config.json", "tokenizer.json"])
        cache.expect(
            "missing-weights", ["expected `model.safetensors` of `roberta-base`, found no such file", "ecdx fetch weights roberta-base"])
        let place = cache.place("models--FacebookAI--roberta-base")
        try writeWhole("half", to: joined(place.blobs, "\(first).0123abcd.incomplete"))
        cache.expect("missing-weights", ["a download was broken off in \(place.blobs) after 4 bytes"])
        try createFolder(parentFolder(of: place.absence("model.safetensors", first)))
        try writeWhole("", to: place.absence("model.safetensors", first))
        cache.expect("missing-weights", ["the hub had no `model.safetensors` in commit \(first)"])
        try writeWhole("pickle", to: joined(place.snapshot(first), "pytorch_model.bin"))
        cache.expect("bad-weights", ["found `pytorch_model.bin` only, which is a pickle", "which asks for safetensors"])

        cache = try HandMadeCache()
        try cache.add(files: ["model.safetensors", "tokenizer.json"])
        cache.expect("missing-weights", ["expected `config.json`"])
        cache = try HandMadeCache()
        try cache.add(files: ["config.json", "model.safetensors", "vocab.json"])
        cache.expect("missing-weights", ["expected the tokenizer of `roberta-base`, found no vocabulary"])
        cache = try HandMadeCache()
        try cache.add(files: ["config.json", "tokenizer.json", "tf_model.h5"])
        cache.expect("bad-weights", ["found `tf_model.h5` only"])
    }

    @Test func linksToNothing() throws {
        for name in ["config.json", "model.safetensors", "tokenizer.json"] {
            let cache = try HandMadeCache()
            try cache.add()
            let place = cache.place("models--FacebookAI--roberta-base")
            try removeTree(try resolvedPath(joined(place.snapshot(first), name)))
            cache.expect("missing-weights", ["expected `\(name)` of `roberta-base`, found a link to a file that is not there", name])
            try createFolder(joined(place.snapshot(second), name))
            try writeWhole(second, to: joined(place.refs, "main"))
            if name == "config.json" { cache.expect("bad-weights", ["to be a file, found a folder"]) }
        }
        // Links in a circle are links to nothing.
        let cache = try HandMadeCache()
        try cache.add(files: ["config.json", "tokenizer.json"])
        let path = joined(cache.place("models--FacebookAI--roberta-base").snapshot(first), "model.safetensors")
        #expect(symlink("model.safetensors", path) == 0)
        cache.expect("missing-weights", ["found a link to a file that is not there"])
    }

    /// The listing that `huggingface_hub` keeps gives sizes; one that cannot be read, or of a later form, counts as none.
    @Test func sizesOfTheListing() throws {
        let cache = try HandMadeCache()
        try cache.add(links: false)
        let place = cache.place("models--FacebookAI--roberta-base")
        try createFolder(joined(place.path, "trees"))
        func list(_ text: String) throws { try writeWhole(text, to: place.tree(first)) }
        try list(#"{"format_version": 1, "files": {"model.safetensors": {"size": 61, "blob_id": "x", "lfs_sha256": "y", "lfs_size": 61}}}"#)
        #expect(try cache.find().commit == first)
        try list(#"{"format_version": 1, "files": {"model.safetensors": {"size": 134, "blob_id": "x", "lfs_size": 99}}}"#)
        cache.expect("bad-weights", ["expected `model.safetensors` of `roberta-base` with 99 bytes, as the hub has it, found 61"])
        for odd in [
            "", "{", "[]", #"{"format_version": 2, "files": {"model.safetensors": {"size": 1}}}"#, #"{"format_version": 1, "files": []}"#,
        ] {
            try list(odd)
            #expect(try cache.find().commit == first)
        }
    }

    @Test func severalFilesOfWeights() throws {
        let cache = try HandMadeCache()
        try cache.add(files: ["config.json", "tokenizer.json", "model.safetensors.index.json", "m-1.safetensors", "m-2.safetensors"])
        let files = try cache.find()
        #expect(files.shards == ["m-1.safetensors", "m-2.safetensors"].map { joined(files.folder, $0) } && files.all.count == 5)
        try removeTree(files.shards[1])
        cache.expect("missing-weights", ["expected `m-2.safetensors` of `roberta-base`"])
    }

    /// What one place has not whole is taken from the other; of two whole ones the first.
    @Test func theOtherPlace() throws {
        let cache = try HandMadeCache()
        try cache.add(files: ["config.json", "tokenizer.json"])
        let own = HubFolder(cache.caches.own, folderName: "models--FacebookAI--roberta-base")
        try createFolder(own.snapshot(second))
        try createFolder(own.refs)
        var files: [String: HubRecord.File] = [:]
        for name in ["config.json", "model.safetensors", "tokenizer.json"] {
            try writeWhole(name, to: joined(own.snapshot(second), name))
            files[name] = HubRecord.File(bytes: name.utf8.count, sha256: try sha256(name), checked: nil)
        }
        try writeWhole(second, to: joined(own.refs, "main"))
        cache.expect("missing-weights", ["expected `model.safetensors`"])
        // Without a record it is not whole.
        try removeTree(cache.root)
        cache.expect(
            "missing-weights", ["fetching them was not finished", "the same command goes on from there: ecdx fetch weights roberta-base"])
        let record = HubRecord(
            id: "FacebookAI/roberta-base", answered: nil, commit: second, revision: "main", hub: "https://huggingface.co", time: "now",
            licence: nil, isGated: false, files: files)
        try createFolder(parentFolder(of: own.record(second)))
        try writeWhole(JSONValue(encoding: record).pretty, to: own.record(second))
        #expect(try cache.find().commit == second && HubRecord(at: own.record(second)) == record)
        try cache.add(files: ["config.json", "tokenizer.json"])
        #expect(try cache.find().commit == second)
        try cache.add()
        #expect(try cache.find().commit == first)
        try removeTree(cache.root)
        try writeWhole("longer than before", to: joined(own.snapshot(second), "config.json"))
        cache.expect("bad-weights", ["with 11 bytes, as the hub has it, found 18"])
        try writeWhole("{", to: own.record(second))
        cache.expect("bad-data", [own.record(second)])
    }

    @Test func foldersBesideTheScript() throws {
        let cache = try HandMadeCache()
        let script = cache.scratch.file("script")
        for folder in ["mine/roberta-base", "roberta-base", "a/b/c"] {
            try createFolder(joined(script, folder))
            for name in ["config.json", "model.safetensors", "vocab.txt"] { try writeWhole(name, to: joined(script, "\(folder)/\(name)")) }
        }
        for name in ["mine/roberta-base", "./roberta-base", "roberta-base", "a/b/c", "\(script)/a/b/c", "../script/roberta-base"] {
            let files = try cache.find(name)
            #expect(
                files.name == nil && files.commit == nil && files.pinned == nil && files.shards.count == 1
                    && fileStatus(files.config) != nil)
        }
        // A folder of that name with other things is not meant.
        try createFolder(joined(script, "albert-base-v2"))
        cache.expect("missing-weights", ["ecdx fetch weights albert-base-v2 (47 MB)"], "albert-base-v2")
        cache.expect("missing-file", ["there is no folder `./no`"], "./no")
        cache.expect("missing-file", ["there is no folder `x/y/z`"], "x/y/z")
        cache.expect("missing-weights", ["expected `config.json`", "put it into the folder"], "./albert-base-v2")
        cache.expect("bad-weights", ["found a file", "write the folder that the file is in"], "./roberta-base/model.safetensors")
    }

    /// In the order in which `huggingface_hub` asks for them (its `constants.py`).
    @Test func foldersOfTheEnvironment() {
        let cases: [(set: [String: String], huggingFace: String, own: String)] = [
            ([:], "/h/.cache/huggingface/hub", "/h/.cache/ecdx/weights/hub"),
            (["XDG_CACHE_HOME": "/x"], "/x/huggingface/hub", "/x/ecdx/weights/hub"),
            (["XDG_CACHE_HOME": "/x", "HF_HOME": "~/hf"], "/h/hf/hub", "/x/ecdx/weights/hub"),
            (["HF_HOME": "/hf", "HUGGINGFACE_HUB_CACHE": "/old"], "/old", "/h/.cache/ecdx/weights/hub"),
            (["HF_HOME": "/hf", "HUGGINGFACE_HUB_CACHE": "/old", "HF_HUB_CACHE": "/c"], "/c", "/h/.cache/ecdx/weights/hub"),
            (["HF_HOME": "", "HF_HUB_CACHE": "", "XDG_CACHE_HOME": ""], "/h/.cache/huggingface/hub", "/h/.cache/ecdx/weights/hub"),
        ]
        for (set, huggingFace, own) in cases {
            let caches = HubCaches { set.merging(["HOME": "/h"]) { given, _ in given }[$0] }
            #expect(caches == HubCaches(huggingFace: huggingFace, own: own), "\(set): \(caches)")
        }
    }

    @Test func names() throws {
        let cache = try HandMadeCache()
        cache.expect("unknown-weights", ["neither here nor known", "did you mean `roberta-base`?"], "robeta-base")
        cache.expect("unknown-weights", ["write the organisation too: ORGANISATION/distilgpt9"], "distilgpt9")
        for odd in [
            "", "a b", "a/", "a//b", "-a/b", "a/b.git", "a--b/c", "a..b", "Ünï/b", "a/b@", "a/b@x..y", "a/b@-x", "a/b@x y", "a/b@/x",
            "a/b@x%2f",
            "a/b@x@y", "a/b@.x", String(repeating: "a", count: 97), "a/b@" + String(repeating: "x", count: 201),
        ] {
            let fault = diagnostic { try HubName(odd) }
            #expect(fault.id == "unknown-weights" && fault.message.count < 300, "\(odd): \(fault.id) \(fault.message)")
        }
        #expect(try HubName("roberta-base@refs/pr/12").revision == "refs/pr/12" && HubName("x/y@v1.0").description == "x/y@v1.0")
        #expect(try HubName("FacebookAI/roberta-base").folderNames == ["models--FacebookAI--roberta-base", "models--roberta-base"])
        #expect(try HubName("roberta-base").folderNames == ["models--FacebookAI--roberta-base", "models--roberta-base"])
    }

    /// Caches that `huggingface_hub` 2.4.0 wrote (`Fixtures/make_hub_cache.py`): what it finds there, and nothing else, is found.
    @Test func cachesOfPython() throws {
        let folder = fixture("hub-cache")
        let expected = try JSONValue(parsing: readFile(joined(folder, "expected.json")))
        let commit = try #require(expected["commit"]?.stringValue)
        for (name, said) in expected["caches"]?.objectValue ?? [:] {
            let root = joined(folder, name)
            let caches = HubCaches(huggingFace: root, own: joined(folder, "none"))
            guard let weights = said["model.safetensors"]?.stringValue else {
                let fault = diagnostic { try EncoderFiles.find("roberta-base", relativeTo: "/", caches: caches) }
                #expect(name == "tokenizer" && fault.id == "missing-weights" && fault.message.contains("`model.safetensors`"))
                continue
            }
            let files = try EncoderFiles.find("roberta-base", relativeTo: "/", caches: caches)
            #expect(files.commit == commit && files.weights == joined(root, weights) && files.remark == nil, "\(name)")
            for file in ["tokenizer.json", "vocab.json", "spiece.model"] {
                #expect(files.tokenizer[file] == said[file]?.stringValue.map { joined(root, $0) }, "\(name): \(file)")
            }
            #expect(fileStatus(files.weights, followingLinks: false)?.kind == (name == "copies" ? .file : .link))
            #expect(fileStatus(files.weights)?.bytes == 10 && files.sentences.isEmpty == (name == "files"))
        }
        #expect(expected["caches"]?.objectValue?.count == 4)
    }
}
