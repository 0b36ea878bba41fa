package import Contract
package import Core

/// A post with its newest figures, all platforms together.
package struct RankedPost: Sendable {
    package var postID: PostID
    package var title: String?
    package var caption: String
    package var publishedAt: Instant?
    package var platforms: [Platform]
    package var metrics: Metrics
    package var engagementRate: EngagementRate?
}

extension RankedPost: APIObject {
    package static let name = "RankedPost"
    package static let properties: [Property<Self>] = [
        Property("postId", "The post.") { $0.postID },
        Property("title", "Its title.") { $0.title },
        Property("caption", "The beginning of its caption.") { $0.caption },
        Property("publishedAt", "When it became visible.") { $0.publishedAt },
        Property("platforms", "Where it was read.") { $0.platforms },
        Property("metrics", "Its newest figures.") { $0.metrics },
        Property("interactions", "Likes, comments, shares and saves together.") { $0.metrics.interactions },
        Property("engagementRate", "Interactions divided by what the platforms report.") { $0.engagementRate },
    ]
    package static let example = RankedPost(
        postID: ID("clx123abc"), title: "Summer Sale Announcement", caption: "Check out our new product!",
        publishedAt: Instant(seconds: 1_770_112_801), platforms: [.instagram],
        metrics: Metrics([(.reach, 1200), (.likes, 96), (.comments, 4)]), engagementRate: .example)
}

/// A pillar's share of the posts, and the share it should have.
package struct PillarShare: Sendable {
    package var pillarID: PillarID?
    package var title: String?
    package var posts: Int64
    package var share: Double
    package var target: Double?
}

extension PillarShare: APIObject {
    package static let name = "PillarShare"
    package static let properties: [Property<Self>] = [
        Property("pillarId", "The pillar; null: posts without one.") { $0.pillarID },
        Property("name", "Its name.") { $0.title },
        Property("posts", "How many posts serve it.") { $0.posts },
        Property("percentage", "Their share of all posts published.") { $0.share },
        Property("targetPercentage", "The share that it should have.") { $0.target },
    ]
    package static let example = PillarShare(
        pillarID: ID("cmb2k7q0x0000000000000041"), title: "Educational", posts: 3, share: 60, target: 40)
}

/// An account's followers over a period.
package struct AccountGrowth: Sendable {
    package var accountID: SocialAccountID
    package var platform: Platform
    package var username: String
    package var followers: Int64?
    package var gained: Int64?
    package var asOf: Instant?
}

extension AccountGrowth: APIObject {
    package static let name = "AccountGrowth"
    package static let properties: [Property<Self>] = [
        Property("socialAccountId", "The account.") { $0.accountID },
        Property("platform", "Its platform.") { $0.platform },
        Property("username", "Its name there.") { $0.username },
        Property("followers", "How many follow it at the period's end.") { $0.followers },
        Property("followersGained", "How many more these are than at its beginning, or at the first reading.") { $0.gained },
        Property("asOf", "When that was read.") { $0.asOf },
    ]
    package static let example = AccountGrowth(
        accountID: ID("cmb2k7q0x0000000000000005"), platform: .instagram, username: "acme", followers: 1003, gained: 14,
        asOf: Instant(seconds: 1_770_114_600))
}

/// A post's figures on each of its accounts, with how they grew.
package struct PostAnalytics: Sendable {
    package var postID: PostID
    package var total: Metrics
    package var engagementRate: EngagementRate?
    package var publications: [PublicationAnalytics]
}

extension PostAnalytics: APIObject {
    package static let name = "PostAnalytics"
    package static let properties: [Property<Self>] = [
        Property("postId", "The post.") { $0.postID },
        Property("metrics", "Its newest figures, all platforms together.") { $0.total },
        Property("interactions", "Likes, comments, shares and saves together.") { $0.total.interactions },
        Property("engagementRate", "Interactions divided by what the platforms report.") { $0.engagementRate },
        Property("publications", "The same on each account.") { $0.publications },
    ]
    package static let example = PostAnalytics(
        postID: ID("clx123abc"), total: Metrics([(.likes, 96)]), engagementRate: .example, publications: [.example])
}

package struct PublicationAnalytics: Sendable {
    package var watch: PostWatch
    package var snapshots: [PostSnapshot]
}

extension PublicationAnalytics: APIObject {
    package static let name = "PublicationAnalytics"
    package static let properties: [Property<Self>] = [
        Property("publicationId", "The publication.") { $0.watch.publicationID },
        Property("socialAccountId", "The account.") { $0.watch.accountID },
        Property("platform", "Its platform.") { $0.watch.platform },
        Property("publishedAt", "When it became visible.") { $0.watch.publishedAt },
        Property("metrics", "The newest figures; null: the platform does not report it.") { $0.watch.metrics },
        Property("asOf", "When they were read; null: not yet.") { $0.watch.capturedAt },
        Property("nextReadingAt", "When they are read next; null: not any more.") { $0.watch.dueAt },
        Property("final", "Whether they stay as they are, because the plan of readings is over.") {
            $0.watch.dueAt == nil && $0.watch.capturedAt != nil
        },
        Property("lastError", "Why the last reading failed.") { $0.watch.lastError },
        Property("snapshots", "The readings, oldest first: the newest 200.") { $0.snapshots },
    ]
    package static let example: PublicationAnalytics = {
        let watch = PostWatch(
            organizationID: ID("clx789xyz"), publicationID: ID("cmb2k7q0x0000000000000006"), postID: ID("clx123abc"),
            accountID: ID("cmb2k7q0x0000000000000005"), brandID: ID("clx456def"), platform: .instagram,
            platformPostID: "123456789", publishedAt: Instant(seconds: 1_770_112_801),
            dueAt: Instant(seconds: 1_770_115_501), failures: 0, lastError: nil, requestedAt: nil, requestedBy: nil,
            capturedAt: Instant(seconds: 1_770_114_600), toldAt: nil, untold: [],
            isSandbox: true, metrics: Metrics([(.likes, 96)]))
        return PublicationAnalytics(watch: watch, snapshots: [.example])
    }()
}

extension PostSnapshot: APIObject {
    package static let name = "PostSnapshot"
    package static let properties: [Property<Self>] = [
        Property("sequence", "Its number; later ones are larger.") { $0.sequence },
        Property("capturedAt", "When it was read.") { $0.capturedAt },
        Property("metrics", "As the platform said it.") { $0.metrics },
        Property("gained", "What came since the reading before; negative when the platform took something back.") { $0.gained },
    ]
    package static let example = PostSnapshot(
        organizationID: ID("clx789xyz"), sequence: 7, capturedAt: Instant(seconds: 1_770_114_600),
        publicationID: ID("cmb2k7q0x0000000000000006"), postID: ID("clx123abc"), accountID: ID("cmb2k7q0x0000000000000005"),
        metrics: Metrics([(.likes, 96)]), gained: Metrics([(.likes, 12)]))
}
