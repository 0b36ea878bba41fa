package import Core

extension MediaStore {
    /// The picture decoded, for those who draw with it: whole within a square of that side, never enlarged. Nil when its bytes
    /// are not there.
    /// - Throws: ``APIError`` `unavailable` when the workshop is busy, 400 for what cannot be decoded.
    package func bitmap(of id: MediaID, in organization: OrganizationID, within side: Int) async throws -> Bitmap? {
        guard let bytes = try await vault.get(Self.key(id, in: organization, part: "original")) else { return nil }
        return try await workshop.bitmap(bytes, within: side)
    }
}
