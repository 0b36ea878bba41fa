package import Core
package import Features
package import Outbound
package import Platforms

/// Turns a publication and its post into what a connector publishes: caption, pictures, options.
package struct PublishRequests: Sendable {
    let client: any Transport
    let cards: CardLink

    package init(client: any Transport, cards: CardLink) {
        self.client = client
        self.cards = cards
    }

    /// - Parameters:
    ///   - loadsMedia: false when only the outcome is asked for and nothing is uploaded.
    ///   - others: posts of the account that belong to other publications.
    /// - Throws: ``PublishFailure`` when a picture cannot be had; nothing has been sent then.
    package func request(
        for publication: Publication, post whole: Post, loadsMedia: Bool, armedAt: Instant?, others: Set<String> = []
    ) async throws -> PublishRequest {
        let platform = publication.platform
        let post = whole.adapted(to: publication.accountID)
        var media: [PublishMedia] = []
        if post.media.isEmpty, let capabilities = PlatformList.capabilities(of: platform), capabilities.requiresMedia {
            let url = cards.url(
                organization: post.organizationID, publication: publication.id, mimeType: capabilities.cardMimeType)
            media.append(PublishMedia(bytes: [], mimeType: capabilities.cardMimeType, url: url, altText: post.caption))
        }
        for picture in post.media {
            // Only Mastodon takes uploads; the Graph platforms fetch the URL themselves.
            let loaded = loadsMedia && platform == .mastodon ? try await load(picture.url) : (bytes: [], mimeType: "image/jpeg")
            media.append(
                PublishMedia(bytes: loaded.bytes, mimeType: loaded.mimeType, url: picture.url, altText: picture.altText))
        }
        return PublishRequest(
            publicationID: publication.id, caption: post.caption, link: post.link, media: media,
            options: PlatformOptions(
                visibility: post.options.visibility?.rawValue, contentWarning: post.options.contentWarning),
            idempotencyKey: "audenci-\(publication.id)", armedAt: armedAt, otherPostIDs: others)
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
