/// A file that an archive is written to. One writer at a time.
package protocol ExportFile: Sendable {
    func append(_ bytes: [UInt8]) async throws
    func overwrite(_ bytes: [UInt8], at place: UInt64) async throws
    /// Durable when it returns; closes the file.
    func finish() async throws
}

/// Where archives are put together, before they go where media are kept.
package protocol ExportFolder: Sendable {
    /// An empty file; what was there under that name is gone.
    func create(_ name: String) async throws -> any ExportFile
    func path(of name: String) -> String
    /// Removes the file; that it is not there is no issue.
    func remove(_ name: String) async
}
