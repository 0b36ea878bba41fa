package import Contract
package import Core

/// A post's figures were read again from one platform, and some of them are new.
package struct AnalyticsUpdated: Event {
    package var postID: PostID
    package var platform: Platform
    package var accountID: SocialAccountID
    package var metrics: NamedValues<Int64>
    package var changed: [String]
    package var asOf: Instant

    package init(
        postID: PostID, platform: Platform, accountID: SocialAccountID, metrics: NamedValues<Int64>, changed: [String],
        asOf: Instant
    ) {
        self.postID = postID
        self.platform = platform
        self.accountID = accountID
        self.metrics = metrics
        self.changed = changed
        self.asOf = asOf
    }

    /// The newest known values, with all that changed since they were last told.
    init(_ watch: PostWatch, asOf: Instant) {
        self.init(
            postID: watch.postID, platform: watch.platform, accountID: watch.accountID,
            metrics: NamedValues(watch.metrics.known.map { (name: $0.metric.rawValue, value: $0.value) }),
            changed: watch.untold, asOf: asOf)
    }

    package static let type = "analytics.updated"
    package static let name = "AnalyticsUpdatedEvent"
    package static let summary = "Post analytics refreshed"
    package static let properties: [Property<Self>] = [
        Property("postId", "The post's id.") { $0.postID },
        Property("platform", "The platform.") { $0.platform },
        Property("socialAccountId", "The account that shows it.") { $0.accountID },
        Property("metrics", "The figures as they are now; what the platform does not report is not among them.") {
            $0.metrics
        },
        Property("changedMetrics", "Those that have changed since they were last told.") { $0.changed },
        Property("asOf", "When they were read.") { $0.asOf },
    ]
    package static let example = AnalyticsUpdated(
        postID: ID("clx123abc"), platform: .instagram, accountID: ID("cmb2k7q0x0000000000000005"),
        metrics: NamedValues([("reach", 1200), ("likes", 96)]), changed: ["likes"], asOf: Instant(seconds: 1_770_114_600))

    package var scope: EventScope {
        EventScope(entity: postID.rawValue, platforms: [platform.rawValue], accountIDs: [accountID.rawValue])
    }
}
