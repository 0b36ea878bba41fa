import Core
import Outbound

extension S3Storage {
    /// AWS takes no more parts than this.
    private static let maximumParts = 10_000

    package func put(_ key: ObjectKey, _ bytes: [UInt8], contentType: String) async throws(StorageIssue) {
        try await put(key, UploadSource(bytes), contentType: contentType)
    }

    package func put(_ key: ObjectKey, file path: String, contentType: String) async throws(StorageIssue) {
        let source = try await client.lanes.run { () throws(StorageIssue) in try UploadSource(file: path) }
        try await put(key, source, contentType: contentType)
    }

    private func put(_ key: ObjectKey, _ source: UploadSource, contentType: String) async throws(StorageIssue) {
        try ContentType.check(contentType)
        guard source.size > partSize else { return try await putAtOnce(key, source, contentType: contentType) }
        let id = try await begin(key, contentType: contentType)
        do throws(StorageIssue) {
            let tags = try await putParts(key, source, id: id)
            try await end(key, id: id, tags: tags)
        } catch {
            await abandon(key, id: id)
            throw error
        }
    }

    private func putAtOnce(_ key: ObjectKey, _ source: UploadSource, contentType: String) async throws(StorageIssue) {
        var request = S3Request("PUT", key)
        request.headers = [("Content-Type", contentType)]
        request.body = try await client.lanes.run { () throws(StorageIssue) in
            let bytes = try source.read(0..<source.size)
            try source.checkUnchanged()
            return bytes
        }
        let response = try await client.send(request)
        guard (200...299).contains(response.status) else {
            throw Self.unexpected(response, "with status \(response.status) to a put")
        }
    }

    /// - Returns: the upload's id.
    private func begin(_ key: ObjectKey, contentType: String) async throws(StorageIssue) -> String {
        var request = S3Request("POST", key)
        request.query = [("uploads", "")]
        request.headers = [("Content-Type", contentType)]
        let response = try await client.send(request)
        guard let id = XMLText.first("UploadId", in: response.body), !id.isEmpty else {
            throw Self.unexpected(response, "with status \(response.status) and no id to the beginning of an upload")
        }
        return id
    }

    /// One after the other, so that one part is in memory.
    /// - Returns: the parts' tags, in order.
    private func putParts(_ key: ObjectKey, _ source: UploadSource, id: String) async throws(StorageIssue) -> [String] {
        let size = max(partSize, (source.size + Self.maximumParts - 1) / Self.maximumParts)
        var tags: [String] = []
        var unsent = 0..<source.size
        while !unsent.isEmpty {
            let part = unsent.prefix(size)
            var request = S3Request("PUT", key)
            request.query = [("partNumber", String(tags.count + 1)), ("uploadId", id)]
            request.body = try await client.lanes.run { () throws(StorageIssue) in try source.read(part) }
            let response = try await client.send(request)
            guard (200...299).contains(response.status), let tag = response.header("etag") else {
                throw Self.unexpected(response, "with status \(response.status) to a part of an upload")
            }
            tags.append(tag)
            unsent = unsent.dropFirst(part.count)
        }
        try await client.lanes.run { () throws(StorageIssue) in try source.checkUnchanged() }
        return tags
    }

    /// From here on the object is there, whole.
    private func end(_ key: ObjectKey, id: String, tags: [String]) async throws(StorageIssue) {
        let parts = tags.enumerated().map {
            "<Part><PartNumber>\($0.offset + 1)</PartNumber><ETag>\(XMLText.escaped($0.element))</ETag></Part>"
        }
        var request = S3Request("POST", key)
        request.query = [("uploadId", id)]
        request.headers = [("Content-Type", "application/xml")]
        request.body = Array("<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>".utf8)
        let response = try await client.send(request)
        guard response.status != 404 else {
            // A first try's answer was lost, or somebody removed the upload: only another put tells.
            throw StorageIssue(.unavailable, "Whether the upload was completed is not known. Put the object again.")
        }
        guard (200...299).contains(response.status), XMLText.first("ETag", in: response.body) != nil else {
            throw Self.unexpected(response, "with status \(response.status) to the end of an upload")
        }
    }

    /// Removes the parts as far as the server lets us; a lifecycle rule of the bucket removes the rest.
    private func abandon(_ key: ObjectKey, id: String) async {
        var request = S3Request("DELETE", key)
        request.query = [("uploadId", id)]
        let removal = request
        // A task of its own, as this one may be cancelled, which is no reason to leave parts behind.
        await Task { _ = try? await client.send(removal) }.value
    }
}
