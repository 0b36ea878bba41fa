/// Where the media library keeps its bytes: a folder or a bucket. The database says what an object is; a store only keeps it.
///
/// An object is whole or not there: whoever reads sees the bytes of one put, never a part of it or a mixture of two, also
/// after a crash. When `put` returns, the object survives a power cut. Putting again replaces it; of two puts of one key at
/// once, either may stay. Every call may be repeated.
package protocol ObjectStorage: Sendable {
    /// Keeps `bytes` under `key`.
    func put(_ key: ObjectKey, _ bytes: [UInt8], contentType: String) async throws(StorageIssue)
    /// Keeps what is in the regular file at `path`, which must not change meanwhile. Memory stays bounded, however large it is.
    func put(_ key: ObjectKey, file path: String, contentType: String) async throws(StorageIssue)
    /// The object, or its bytes in `range`, cut at the object's end; nil when it is not there.
    /// - Throws: ``StorageIssue/Kind/tooLarge`` above ``StoredObject/maximumSize``, ``StorageIssue/Kind/rangeOutside``
    ///   when the range holds no byte of it.
    func get(_ key: ObjectKey, range: Range<Int>?) async throws(StorageIssue) -> StoredObject?
    /// The same in pieces, for objects of any size.
    func stream(_ key: ObjectKey, range: Range<Int>?) async throws(StorageIssue) -> ObjectStream?
    /// The object's size in bytes; nil when it is not there.
    func size(_ key: ObjectKey) async throws(StorageIssue) -> Int?
    /// Removes the object; that it is not there is no issue.
    func delete(_ key: ObjectKey) async throws(StorageIssue)
}

extension ObjectStorage {
    /// Writes, reads and removes a small object, so that wrong settings are told at the start and not to the first user.
    package func check() async throws(StorageIssue) {
        let key = try ObjectKey("audenci-check")
        let bytes = Array("Audenci wrote this to see whether it can.".utf8)
        try await put(key, bytes, contentType: "text/plain")
        let found = try await get(key, range: nil)
        try await delete(key)
        // Another server's check may have removed it in between.
        guard found.map({ $0.bytes == bytes }) ?? true else {
            throw StorageIssue(.damaged, "The store returned other bytes than were put. Do not use it.")
        }
    }
}
