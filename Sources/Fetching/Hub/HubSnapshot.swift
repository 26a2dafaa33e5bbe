import Diagnostics
import Storage

/// What fetching a model came to.
public struct HubOutcome: Sendable, Hashable {
    /// The record of the whole snapshot.
    public var record: HubRecord
    /// Path of the folder with its files.
    public var folder: String
    /// Number of files that were fetched now; the others were there.
    public var fetched: Int
}

/// The progress of fetching a model, for all its files together.
public struct HubProgress: Sendable, Hashable {
    /// The file that comes now.
    public var file: String
    /// Bytes that are there, of all files.
    public var bytes: Int
    /// Bytes of all files, where the hub gives their sizes.
    public var total: Int?
}

extension HubClient {
    /// Fetches the files of a listing into the cache at `root`, small files first, and notes at last that all are there: the record
    /// of the commit, then the commit of the revision. What stands there without a record is not whole, and the same call goes on
    /// from it. Where another process is at work on the same commit, `wait` is called until that one is done.
    ///
    /// Throws `bad-weights` for a model without safetensors or without a tokenizer, `fetch-failed`, `wrong-hash`, `refused-address`,
    /// `cannot-write` and `FetchStopped`.
    public func fetch(
        _ listing: HubListing, into root: String, wait: (() throws -> Void)? = nil, progress: (HubProgress) -> Void = { _ in }
    ) throws -> HubOutcome {
        // Before anything comes that is of no use.
        let weights = try listing.weights()
        let small = try listing.smallFiles()
        let place = HubFolder(root, folderName: listing.name.folderNames[0])
        let folder = try FetchFolder(place.snapshot(listing.commit), connection: connection, wait: wait)
        var course = Course(listing: listing, expected: small + [weights])
        for file in small + [weights] { try get(file, &course, into: folder, progress) }
        if weights == EncoderFileNames.index {
            let path = joined(folder.path, weights)
            let shards = try EncoderFileNames.shards(ofIndex: try readFile(path, limit: options.largestFile), at: path)
            try listing.check(shards: shards)
            course.expected += shards
            for file in shards { try get(file, &course, into: folder, progress) }
        }
        return try note(listing, course, place, folder)
    }

    /// The files of a commit that are whole, in the cache at `root`; nil where there is no record of them. Throws `wrong-hash` and
    /// `bad-weights` for files that are not what they were.
    public static func whole(_ name: HubName, commit: String, in root: String) throws -> HubOutcome? {
        let place = HubFolder(root, folderName: name.folderNames[0])
        guard let record = try HubRecord(at: place.record(commit)), record.commit == commit else { return nil }
        let folder = place.snapshot(commit)
        for (file, known) in record.files.sorted(by: { $0.key < $1.key }) {
            let path = joined(folder, file)
            guard fileStatus(path) != nil else { return nil }
            try PublishedHash.sha256(known.sha256).check(path, "the file as it was fetched")
        }
        return HubOutcome(record: record, folder: folder, fetched: 0)
    }

    /// What came so far.
    private struct Course {
        var listing: HubListing
        var expected: [String]
        var files: [String: HubRecord.File] = [:]
        var fetched = 0
        var bytes: Int { files.values.reduce(0) { $0 + $1.bytes } }
        /// Bytes of all files, as far as they are known to be needed; nil where the hub does not give all sizes.
        var total: Int? {
            let sizes = expected.map { listing.files[$0]?.bytes }
            return sizes.contains { $0 == nil } ? nil : sizes.reduce(0) { $0 + min($1 ?? 0, 1 << 50) }
        }
    }

    private func get(_ file: String, _ course: inout Course, into folder: FetchFolder, _ progress: (HubProgress) -> Void) throws {
        if options.isStopped() { throw FetchStopped() }
        let isWeights = file.hasSuffix(".safetensors")
        let (before, total) = (course.bytes, course.total)
        let outcome = try get(file, of: course.listing, into: folder, limit: isWeights ? options.largestWeights : options.largestFile) {
            bytes, _ in
            progress(HubProgress(file: file, bytes: before + bytes, total: total))
        }
        if outcome == .fetched { course.fetched += 1 }
        let path = joined(folder.path, file)
        let bytes = fileStatus(path)?.bytes ?? 0
        let sha256 = try folder.entries[file]?.sha256 ?? Storage.sha256(ofFile: path)
        let checked: String? =
            switch course.listing.files[file]?.hash {
            case .sha256: "sha256"
            case .gitBlob: "git"
            case .md5, nil: nil
            }
        course.files[file] = HubRecord.File(bytes: bytes, sha256: sha256, checked: checked)
    }

    private func note(_ listing: HubListing, _ course: Course, _ place: HubFolder, _ folder: FetchFolder) throws -> HubOutcome {
        let revision = listing.name.revision ?? HubName.usualRevision
        let record = HubRecord(
            id: listing.name.id, answered: listing.answered == listing.name.id ? nil : listing.answered, commit: listing.commit,
            revision: revision, hub: endpoint.address.text, time: timeOfNow(), licence: listing.licence, isGated: listing.isGated,
            files: course.files)
        try createFolder(parentFolder(of: place.record(listing.commit)))
        try writeWhole(JSONValue(encoding: record).pretty, to: place.record(listing.commit))
        if !isCommit(revision) {
            let ref = joined(place.refs, revision)
            try createFolder(parentFolder(of: ref))
            try writeWhole(listing.commit, to: ref)
        }
        return HubOutcome(record: record, folder: folder.path, fetched: course.fetched)
    }
}
