import BrandCards
package import Contract
import Core
package import Features
import Platforms
package import Publishing
import Relational
import Synchronization

/// Serves brand cards to the platforms that fetch pictures. Rendering costs some 50 ms, so the last few are kept.
package final class CardRoute: Sendable {
    private let posts: PostStore
    private let brands: BrandStore
    private let logos: BrandLogos
    private let link: CardLink
    private let recent = Mutex<[(key: String, bytes: [UInt8])]>([])
    private static let kept = 32

    package init(posts: PostStore, brands: BrandStore, logos: BrandLogos, link: CardLink) {
        self.posts = posts
        self.brands = brands
        self.logos = logos
        self.link = link
    }

    /// `GET /cards/{organization}/{publication}/{file}`: the card, or 404 for everything that is no link of ours.
    package func respond(organization: String, publication: String, file: String) async throws -> Reply {
        let organization = OrganizationID(organization)
        let publication = PublicationID(publication)
        let signature = String(file.prefix { $0 != "." })
        let isPNG = file.hasSuffix(".png")
        guard link.isGenuine(signature, organization: organization, publication: publication) else {
            throw APIError.notFound("card")
        }
        guard let subject = try await find(publication, in: organization) else { throw APIError.notFound("card") }
        // The versions: an edited caption or new colours are a new picture.
        let key = "\(publication).\(subject.post.version).\(subject.brand.version).\(isPNG)"
        if let bytes = recent.withLock({ cards in cards.first { $0.key == key }?.bytes }) { return reply(bytes, isPNG: isPNG) }
        let bytes = try await render(subject, isPNG: isPNG)
        recent.withLock { cards in
            cards.append((key, bytes))
            if cards.count > Self.kept { cards.removeFirst() }
        }
        return reply(bytes, isPNG: isPNG)
    }

    private struct Subject: Sendable {
        var post: Post
        var brand: Brand
        var capabilities: Capabilities
    }

    private func find(_ publication: PublicationID, in organization: OrganizationID) async throws -> Subject? {
        try await posts.engine.read { [posts, brands] connection in
            guard let row = try posts.publications.find(publication, in: organization, on: connection),
                // As it is published: an account may have words of its own, and they are what its card says.
                let post = try posts.find(row.postID, in: organization, on: connection)?.adapted(to: row.accountID),
                let brand = try brands.find(post.brandID, in: organization, on: connection),
                let capabilities = PlatformList.capabilities(of: row.platform)
            else { return nil }
            return Subject(post: post, brand: brand, capabilities: capabilities)
        }
    }

    private func render(_ subject: Subject, isPNG: Bool) async throws -> [UInt8] {
        let card = BrandCard(
            text: subject.post.caption, brandName: subject.brand.name, colors: subject.brand.colors,
            logo: try await logos.logo(of: subject.brand), width: subject.capabilities.cardWidth,
            height: subject.capabilities.cardHeight)
        return try card.render(isPNG ? .png : .jpeg)
    }

    private func reply(_ bytes: [UInt8], isPNG: Bool) -> Reply {
        Reply(
            status: 200,
            headers: [("Content-Type", isPNG ? "image/png" : "image/jpeg"), ("Cache-Control", "public, max-age=300")],
            body: bytes)
    }
}
