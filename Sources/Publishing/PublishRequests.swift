package import Core
package import Features
package import Outbound
package import Platforms
import Relational

/// Turns a publication and its post into what a connector publishes: caption, pictures, options.
package struct PublishRequests: Sendable {
    let client: any Transport
    let cards: CardLink
    let media: MediaStore

    package init(client: any Transport, cards: CardLink, media: MediaStore) {
        self.client = client
        self.cards = cards
        self.media = media
    }

    /// - Parameters:
    ///   - loadsMedia: false when only the outcome is asked for and nothing is uploaded.
    ///   - others: posts of the account that belong to other publications.
    ///   - target: what it follows; nil for the post itself.
    /// - Throws: ``PublishFailure`` when a picture cannot be had; nothing has been sent then.
    package func request(
        for publication: Publication, post whole: Post, loadsMedia: Bool, armedAt: Instant?, others: Set<String> = [],
        following target: FollowTarget? = nil
    ) async throws -> PublishRequest {
        let platform = publication.platform
        guard let post = whole.adapted(to: publication.accountID).part(publication.part) else {
            throw PublishFailure(.final, code: "part_missing", message: "The post has no such part any more.")
        }
        var pictures: [PublishMedia] = []
        if post.media.isEmpty, target == nil, let capabilities = PlatformList.capabilities(of: platform),
            capabilities.requiresMedia
        {
            let url = cards.url(
                organization: post.organizationID, publication: publication.id, mimeType: capabilities.cardMimeType)
            pictures.append(PublishMedia(bytes: [], mimeType: capabilities.cardMimeType, url: url, altText: post.caption))
        }
        for picture in post.media {
            if let id = picture.mediaID {
                pictures.append(try await libraryMedia(id, picture, post, platform: platform, loads: loadsMedia))
                continue
            }
            // Only Mastodon takes uploads; the Graph platforms fetch the URL themselves.
            let loaded = loadsMedia && platform == .mastodon ? try await load(picture.url) : (bytes: [], mimeType: "image/jpeg")
            pictures.append(
                PublishMedia(bytes: loaded.bytes, mimeType: loaded.mimeType, url: picture.url, altText: picture.altText))
        }
        return PublishRequest(
            publicationID: publication.id, caption: post.caption, link: post.link, media: pictures,
            options: PlatformOptions(
                visibility: post.options.visibility?.rawValue, contentWarning: post.options.contentWarning),
            idempotencyKey: "audenci-\(publication.id)", armedAt: armedAt, otherPostIDs: others, following: target)
    }

    /// A medium of the library, in what this platform shows best: its bytes where it takes uploads, else its address.
    private func libraryMedia(
        _ id: MediaID, _ picture: PostMedia, _ post: Post, platform: Platform, loads: Bool
    ) async throws -> PublishMedia {
        let found = try await media.engine.readByKey { try media.find(id, in: post.organizationID, on: $0) }
        guard let found = found.map(media.signed) else {
            throw PublishFailure(.final, code: "media_missing", message: "A medium of the library was deleted.")
        }
        let rendition = found.renditions.first { $0.title == platform.rawValue }
        let part = rendition?.title ?? "original"
        let type = rendition?.mimeType ?? found.mimeType
        guard loads, platform == .mastodon else {
            return PublishMedia(bytes: [], mimeType: type, url: rendition?.url ?? found.url, altText: picture.altText)
        }
        guard let bytes = try await media.vault.get(MediaStore.key(id, in: post.organizationID, part: part)) else {
            throw PublishFailure(.beforeEffect, code: "media_missing", message: "A medium's bytes are not where they are kept.")
        }
        return PublishMedia(bytes: bytes, mimeType: type, url: rendition?.url ?? found.url, altText: picture.altText)
    }

    private static let maximumBytes = 16 * 1024 * 1024

    private func load(_ url: String) async throws -> (bytes: [UInt8], mimeType: String) {
        let response: OutboundResponse
        do {
            response = try await client.send(
                OutboundRequest("GET", url, deadline: .seconds(60), maximumResponseBytes: Self.maximumBytes))
        } catch {
            throw PublishFailure(
                .beforeEffect, code: "media_unreachable", message: "A picture cannot be fetched: \(error.message)")
        }
        guard response.status == 200 else {
            throw PublishFailure(
                .beforeEffect, code: "media_unreachable", message: "A picture's URL answered \(response.status) instead of 200."
            )
        }
        guard !response.isTruncated else {
            throw PublishFailure(.final, code: "media_too_large", message: "A picture is larger than 16 MiB.")
        }
        if response.body.starts(with: [0xFF, 0xD8, 0xFF]) { return (response.body, "image/jpeg") }
        if response.body.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return (response.body, "image/png") }
        throw PublishFailure(.final, code: "media_rejected", message: "A picture is neither JPEG nor PNG.")
    }
}
