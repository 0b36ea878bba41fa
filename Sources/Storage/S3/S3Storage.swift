package import Core
package import Outbound

/// Objects in a bucket of a server that speaks S3 with Signature V4 and path-style addresses; tested against SeaweedFS.
///
/// Bodies of more than ``partSize`` travel in parts and become an object in one step at their end; large objects come in
/// ranges. So no request is large, each can be tried again, and memory stays bounded. Parts of a process that died wait in
/// the bucket, unseen: give it a lifecycle rule that removes incomplete uploads after a day.
package struct S3Storage: ObjectStorage {
    /// What travels in one request at most. AWS wants parts of at least 5 MiB.
    package static let partSize = 8 << 20
    private static let windowSize = 4 << 20

    let client: S3Client
    let partSize: Int
    let windowSize: Int

    /// - Parameters:
    ///   - client: made with ``S3Settings/policy``, so that the operator's own host may be reached.
    ///   - backoff: for what the server cannot do now.
    package init(
        _ settings: S3Settings, client: any Transport, ambient: Ambient = .live,
        backoff: Backoff = Backoff(delays: [.milliseconds(200), .seconds(1), .seconds(3)])
    ) {
        self.init(settings, client: client, ambient: ambient, backoff: backoff) { try? await Task.sleep(for: $0) }
    }

    init(
        _ settings: S3Settings, client: any Transport, ambient: Ambient, backoff: Backoff, partSize: Int = S3Storage.partSize,
        windowSize: Int = S3Storage.windowSize, pause: @escaping @Sendable (Duration) async -> Void
    ) {
        self.client = S3Client(
            settings: settings, transport: client, ambient: ambient, backoff: backoff, pause: pause, lanes: FileLanes())
        self.partSize = partSize
        self.windowSize = windowSize
    }

    package func get(_ key: ObjectKey, range: Range<Int>?) async throws(StorageIssue) -> StoredObject? {
        try await fetch(key, range, maximum: StoredObject.maximumSize)?.object
    }

    package func stream(_ key: ObjectKey, range: Range<Int>?) async throws(StorageIssue) -> ObjectStream? {
        try Range.check(range)
        let start = range?.lowerBound ?? 0
        let window = start..<min(range?.upperBound ?? .max, start + min(windowSize, .max - start))
        let first: Fetched
        do throws(StorageIssue) {
            guard let fetched = try await fetch(key, window, maximum: windowSize) else { return nil }
            first = fetched
        } catch {
            // No range lies in an empty object, not even all of it.
            guard error.kind == .rangeOutside, range == nil, let empty = try await fetch(key, nil, maximum: windowSize) else {
                throw error
            }
            first = empty
        }
        let object = first.object
        return ObjectStream(
            contentType: object.contentType, range: try Range.within(object.size, asked: range), size: object.size,
            first: object.bytes, windowSize: windowSize
        ) { part throws(StorageIssue) in
            let next = try await fetch(key, part, ifMatch: first.tag, maximum: windowSize)
            guard let next, next.object.size == object.size, next.tag == first.tag else { throw Self.changed }
            return next.object.bytes
        }
    }

    package func size(_ key: ObjectKey) async throws(StorageIssue) -> Int? {
        let response = try await client.send(S3Request("HEAD", key))
        switch response.status {
        case 200:
            guard let size = response.header("content-length").flatMap({ Int($0) }), size >= 0 else {
                throw Self.unexpected(response, "without an object's size")
            }
            return size
        case 404: return nil
        case let status: throw Self.unexpected(response, "with status \(status) to a question for a size")
        }
    }

    package func delete(_ key: ObjectKey) async throws(StorageIssue) {
        let response = try await client.send(S3Request("DELETE", key))
        guard (200...299).contains(response.status) || response.status == 404 else {
            throw Self.unexpected(response, "with status \(response.status) to a removal")
        }
    }

    private struct Fetched: Sendable {
        let object: StoredObject
        /// Names this very version of the object.
        let tag: String?
    }

    private func fetch(
        _ key: ObjectKey, _ range: Range<Int>?, ifMatch tag: String? = nil, maximum: Int
    ) async throws(StorageIssue) -> Fetched? {
        try Range.check(range)
        var request = S3Request("GET", key)
        request.maximumResponseBytes = maximum
        if let range { request.headers.append(S3Request.rangeHeader(range)) }
        if let tag { request.headers.append(("If-Match", tag)) }
        let response = try await client.send(request)
        switch response.status {
        case 200, 206: break
        case 404: return nil
        case 412: throw Self.changed
        case 416:
            throw StorageIssue(
                .rangeOutside, "The object has no bytes in \(range.map { "\($0.lowerBound)..<\($0.upperBound)" } ?? "it").")
        case let status: throw Self.unexpected(response, "with status \(status) to a question for an object")
        }
        guard !response.isTruncated else { throw StoredObject.tooLarge }
        let bytes = response.body
        var (part, size) = (0..<bytes.count, bytes.count)
        if response.status == 206 {
            guard let range, let found = ContentRange(response.header("content-range")), found.range.count == bytes.count,
                found.range == (try Range.within(found.size, asked: range))
            else { throw Self.unexpected(response, "with other bytes than were asked for") }
            (part, size) = (found.range, found.size)
        } else if range != nil {
            throw Self.unexpected(response, "with a whole object to a question for a part")
        }
        let type = response.header("content-type") ?? "application/octet-stream"
        return Fetched(
            object: StoredObject(bytes: bytes, contentType: type, range: part, size: size), tag: response.header("etag"))
    }

    private static let changed = StorageIssue(.damaged, "The object was replaced or removed while it was read. Read it again.")

    static func unexpected(_ response: OutboundResponse, _ what: String) -> StorageIssue {
        StorageIssue(.unexpectedAnswer, "The bucket's server answered \(what). Is it an S3 server?")
    }
}
