package import Core
import Synchronization

/// Decoded logos. The last few are kept: decoding takes a process of its own, and the bytes of a medium never change.
package final class BrandLogos: Sendable {
    private let media: MediaStore
    private let recent = Mutex<[(id: MediaID, logo: Bitmap)]>([])
    /// Pixels: more than the tenth of the largest card that a logo takes.
    private static let side = 512
    /// At most 1 MB each.
    private static let kept = 8

    package init(media: MediaStore) { self.media = media }

    /// The logo as it is drawn on cards; nil when the brand has none, or its file is lost.
    /// - Throws: ``APIError`` when it cannot be decoded now.
    package func logo(of brand: Brand) async throws -> Bitmap? {
        guard let id = brand.logoMediaID else { return nil }
        if let logo = recent.withLock({ logos in logos.first { $0.id == id }?.logo }) { return logo }
        guard let logo = try await media.bitmap(of: id, in: brand.organizationID, within: Self.side) else { return nil }
        recent.withLock { logos in
            logos.append((id, logo))
            if logos.count > Self.kept { logos.removeFirst() }
        }
        return logo
    }
}
