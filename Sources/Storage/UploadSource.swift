/// What is to be put: bytes in memory, or a local file read part by part. All calls block.
struct UploadSource: Sendable {
    private enum Content: Sendable {
        case bytes([UInt8])
        case file(OpenFile, OpenFile.Status)
    }
    private let content: Content

    init(_ bytes: [UInt8]) { content = .bytes(bytes) }

    init(file path: String) throws(StorageIssue) {
        guard let file = try OpenFile(existing: path, name: "the file to be put") else {
            throw StorageIssue(.unreadableSource, "There is no file at the path that was to be put.")
        }
        let status = try file.status()
        guard status.isRegular else { throw StorageIssue(.unreadableSource, "What was to be put is no regular file.") }
        content = .file(file, status)
    }

    var size: Int {
        switch content {
        case .bytes(let bytes): bytes.count
        case .file(_, let status): status.size
        }
    }

    func read(_ range: Range<Int>) throws(StorageIssue) -> [UInt8] {
        switch content {
        case .bytes(let bytes): return range == bytes.indices ? bytes : Array(bytes[range.clamped(to: bytes.indices)])
        case .file(let file, _):
            let bytes = try file.read(range)
            guard bytes.count == range.count else { throw Self.changed }
            return bytes
        }
    }

    /// To be asked before the end of a put: an object must not be a mixture of two states of a file.
    func checkUnchanged() throws(StorageIssue) {
        switch content {
        case .bytes: break
        case .file(let file, let status): guard try file.status() == status else { throw Self.changed }
        }
    }

    private static let changed = StorageIssue(
        .unreadableSource, "The file changed while it was put, so nothing was kept. Put it again when it is complete.")
}
