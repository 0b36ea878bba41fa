package import Contract
package import Core

/// An account's own numbers, with how they grew.
package struct AccountAnalytics: Sendable {
    package struct Snapshot: Sendable {
        package var capturedAt: Instant
        package var counts: AccountCounts
    }
    package struct Milestone: Sendable {
        package var threshold: Int64
        package var reachedAt: Instant
        package var followers: Int64
    }

    package var watch: AccountWatch
    package var snapshots: [Snapshot]
    package var milestones: [Milestone]
}

extension AccountAnalytics: APIObject {
    package static let name = "AccountAnalytics"
    package static let properties: [Property<Self>] = [
        Property("socialAccountId", "The account.") { $0.watch.accountID },
        Property("platform", "Its platform.") { $0.watch.platform },
        Property("username", "Its name there.") { $0.watch.username },
        Property("followers", "How many follow it; null: not reported, or not read yet.") { $0.watch.counts.followers },
        Property("following", "How many it follows.") { $0.watch.counts.following },
        Property("posts", "How many posts it shows.") { $0.watch.counts.posts },
        Property("asOf", "When that was read.") { $0.watch.capturedAt },
        Property("nextReadingAt", "When it is read next.") { $0.watch.dueAt },
        Property("snapshots", "The readings, oldest first: the newest 400.") { $0.snapshots },
        Property("milestones", "The thresholds reached, newest first.") { $0.milestones },
    ]
    package static let example = AccountAnalytics(
        watch: AccountWatch(
            organizationID: ID("clx789xyz"), accountID: ID("cmb2k7q0x0000000000000005"), brandID: ID("clx456def"),
            platform: .instagram, username: "acme", dueAt: Instant(seconds: 1_770_201_000), failures: 0, requestedAt: nil,
            requestedBy: nil, capturedAt: Instant(seconds: 1_770_114_600),
            counts: AccountCounts(followers: 1003, following: 120, posts: 88), highest: 1003, isSandbox: true),
        snapshots: [.example],
        milestones: [.example])
}

extension AccountAnalytics.Snapshot: APIObject {
    package static let name = "AccountSnapshot"
    package static let properties: [Property<Self>] = [
        Property("capturedAt", "When it was read.") { $0.capturedAt },
        Property("followers", "How many followed the account.") { $0.counts.followers },
        Property("following", "How many it followed.") { $0.counts.following },
        Property("posts", "How many posts it showed.") { $0.counts.posts },
    ]
    package static let example = AccountAnalytics.Snapshot(
        capturedAt: Instant(seconds: 1_770_114_600), counts: AccountCounts(followers: 1003, following: 120, posts: 88))
}

extension AccountAnalytics.Milestone: APIObject {
    package static let name = "Milestone"
    package static let properties: [Property<Self>] = [
        Property("threshold", "The number that was reached.") { $0.threshold },
        Property("reachedAt", "When.") { $0.reachedAt },
        Property("followers", "How many followers there were then.") { $0.followers },
    ]
    package static let example = AccountAnalytics.Milestone(
        threshold: 1000, reachedAt: Instant(seconds: 1_770_114_600), followers: 1003)
}
