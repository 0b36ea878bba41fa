package import Core
package import Features
package import Publishing

/// Publishes what is due, many accounts at once.
package struct DuePosts: DueWork {
    package static let name = "due posts"
    package static let outlivesStop = true
    package let parallelism = 64
    private let claims: PublicationClaims
    private let publisher: Publisher

    package init(claims: PublicationClaims, publisher: Publisher) {
        self.claims = claims
        self.publisher = publisher
    }

    package var ambient: Ambient { claims.posts.ambient }
    package var wake: WakeSignal { claims.posts.scheduleWake }

    package func claim(limit: Int) async throws -> [Publication] {
        try await claims.claim(limit: limit, lease: publisher.lease)
    }

    package func perform(_ publication: Publication) async { await publisher.run(publication) }

    package func nextDue() async throws -> Instant? { try await claims.posts.publications.nextWake() }
}
