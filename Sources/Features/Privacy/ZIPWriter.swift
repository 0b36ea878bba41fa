import Core

/// Writes a ZIP archive piece by piece: memory holds the directory and one piece, however large the archive is. The directory
/// comes last, so an archive that broke off does not open.
actor ZIPWriter {
    /// An NDJSON entry goes on in another one before it has this size.
    static let roundSize = 1 << 30

    private let file: any ExportFile
    private let time: (time: UInt16, date: UInt16)
    private var entries: [ZIPLayout.Entry] = []
    private var position: UInt64 = 0
    private var sum = CRC32()

    init(to file: any ExportFile, at now: Instant) {
        self.file = file
        time = ZIPLayout.time(now)
    }

    /// How many bytes the open entry has.
    var entrySize: Int { Int(entries.last?.size ?? 0) }

    /// Begins an entry; the one before must be ended.
    func begin(_ name: String) async throws {
        let entry = ZIPLayout.Entry(name: name, time: time.time, date: time.date, offset: position)
        entries.append(entry)
        sum = CRC32()
        try await append(ZIPLayout.header(entry))
    }

    /// - Throws: ``Oversize`` when the entry would outgrow its header.
    func write(_ bytes: [UInt8]) async throws {
        guard let last = entries.indices.last else { return }
        let size = Int(entries[last].size) + bytes.count
        guard size <= ZIPLayout.largestEntry else { throw Oversize(name: entries[last].name) }
        entries[last].size = UInt32(size)
        sum.add(bytes)
        try await append(bytes)
    }

    func end() async throws {
        guard let last = entries.indices.last else { return }
        entries[last].checksum = sum.value
        try await file.overwrite(ZIPLayout.sums(entries[last]), at: entries[last].offset &+ ZIPLayout.checksumPlace)
    }

    func add(_ name: String, _ bytes: [UInt8]) async throws {
        try await begin(name)
        try await write(bytes)
        try await end()
    }

    /// Writes the directory and makes everything durable.
    /// - Returns: the archive's size.
    func finish() async throws -> Int64 {
        let start = position
        for entry in entries { try await append(ZIPLayout.directoryRecord(entry)) }
        try await append(ZIPLayout.end(entries: entries.count, directoryAt: start, size: position - start))
        try await file.finish()
        return Int64(clamping: position)
    }

    private func append(_ bytes: [UInt8]) async throws {
        try await file.append(bytes)
        position += UInt64(bytes.count)
    }

    struct Oversize: Error, CustomStringConvertible {
        let name: String
        var description: String { "\(name) is larger than 4 GiB" }
    }
}
