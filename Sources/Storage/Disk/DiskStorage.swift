package import Core

#if canImport(Glibc)
    import Glibc
#endif

/// Objects as files of one folder, readable by their owner only.
package struct DiskStorage: ObjectStorage {
    /// How much of a file is in memory while it is put.
    private static let copySize = 1 << 20
    /// A file on its way that nobody has written to for so long has lost its writer.
    private static let patience = Duration.seconds(24 * 3600)

    private let layout: DiskLayout
    private let ambient: Ambient
    private let lanes: FileLanes

    /// Opens the folder, making it (not its parent) where it is missing, and removes what died halfway a day ago or before.
    package init(folder: String, ambient: Ambient = .live) throws(StorageIssue) {
        layout = DiskLayout(folder: folder)
        self.ambient = ambient
        lanes = FileLanes()
        try DiskFolder.prepare(layout)
        try DiskFolder.sweep(layout, unchangedSince: ambient.now() - Self.patience)
    }

    package func put(_ key: ObjectKey, _ bytes: [UInt8], contentType: String) async throws(StorageIssue) {
        try await put(key, UploadSource(bytes), contentType: contentType)
    }

    package func put(_ key: ObjectKey, file path: String, contentType: String) async throws(StorageIssue) {
        let source = try await lanes.run { () throws(StorageIssue) in try UploadSource(file: path) }
        try await put(key, source, contentType: contentType)
    }

    private func put(_ key: ObjectKey, _ source: UploadSource, contentType: String) async throws(StorageIssue) {
        try ContentType.check(contentType)
        let path = "\(layout.incoming)/\(ambient.randomBytes(16).hexadecimal)"
        let file = try await lanes.run { () throws(StorageIssue) in try IncomingFile(at: path) }
        var unwritten = 0..<source.size
        while !unwritten.isEmpty {
            if Task.isCancelled { throw .cancelled }
            let part = unwritten.prefix(Self.copySize)
            try await lanes.run { () throws(StorageIssue) in try file.write(try source.read(part)) }
            unwritten = unwritten.dropFirst(part.count)
        }
        let trailer = ObjectTrailer(contentType: contentType, size: source.size)
        let (name, shard) = (layout.file(of: key), layout.shard(of: key))
        try await lanes.run { () throws(StorageIssue) in
            try source.checkUnchanged()
            try file.write(trailer.bytes)
            try file.keep(as: name, in: shard)
        }
    }

    package func get(_ key: ObjectKey, range: Range<Int>?) async throws(StorageIssue) -> StoredObject? {
        try Range.check(range)
        return try await lanes.run { () throws(StorageIssue) in
            guard let (file, trailer) = try open(key) else { return nil }
            let part = try Range.within(trailer.size, asked: range)
            guard part.count <= StoredObject.maximumSize else { throw StoredObject.tooLarge }
            let bytes = try file.read(part)
            guard bytes.count == part.count else { throw damaged(key) }
            return StoredObject(bytes: bytes, contentType: trailer.contentType, range: part, size: trailer.size)
        }
    }

    package func stream(_ key: ObjectKey, range: Range<Int>?) async throws(StorageIssue) -> ObjectStream? {
        try Range.check(range)
        let opened = try await lanes.run { () throws(StorageIssue) in try open(key) }
        guard let (file, trailer) = opened else { return nil }
        return ObjectStream(
            contentType: trailer.contentType, range: try Range.within(trailer.size, asked: range), size: trailer.size,
            windowSize: ObjectStream.pieceSize
        ) { part throws(StorageIssue) in
            try await lanes.run { () throws(StorageIssue) in try file.read(part) }
        }
    }

    package func size(_ key: ObjectKey) async throws(StorageIssue) -> Int? {
        try await lanes.run { () throws(StorageIssue) in try open(key)?.1.size }
    }

    package func delete(_ key: ObjectKey) async throws(StorageIssue) {
        let (name, shard) = (layout.file(of: key), layout.shard(of: key))
        try await lanes.run { () throws(StorageIssue) in
            if unlink(name) == 0 { return try DiskFolder.sync(shard) }
            guard errno == ENOENT else { throw .system("remove a file from the media folder", errno) }
        }
    }

    /// The object's file, which stays what it is while it is open, also when the object is replaced or removed.
    private func open(_ key: ObjectKey) throws(StorageIssue) -> (OpenFile, ObjectTrailer)? {
        guard let file = try OpenFile(existing: layout.file(of: key), name: "a file in the media folder") else {
            try DiskFolder.checkPresence(layout)
            return nil
        }
        let size = try file.status().size
        let tail = try file.read(max(size - ObjectTrailer.maximumLength, 0)..<size)
        guard let trailer = ObjectTrailer(tail: tail, fileSize: size) else { throw damaged(key) }
        return (file, trailer)
    }

    private func damaged(_ key: ObjectKey) -> StorageIssue {
        StorageIssue(.damaged, "The file of \(key) in the media folder was cut or changed. Restore it from a backup.")
    }
}
