package import Contract
package import Core

/// A post's figures were read again from its platform.
package struct AnalyticsUpdated: Event {
    package var postID: PostID
    package var platform: Platform
    package var metrics: NamedValues<Double>
    package var changed: [String]
    package var asOf: Instant

    package init(postID: PostID, platform: Platform, metrics: NamedValues<Double>, changed: [String], asOf: Instant) {
        self.postID = postID
        self.platform = platform
        self.metrics = metrics
        self.changed = changed
        self.asOf = asOf
    }

    package static let type = "analytics.updated"
    package static let name = "AnalyticsUpdatedEvent"
    package static let summary = "Post analytics refreshed"
    package static let isComing = true
    package static let properties: [Property<Self>] = [
        Property("postId", "The post's id.") { $0.postID },
        Property("platform", "The platform.") { $0.platform },
        Property("metrics", "The figures as they are now.") { $0.metrics },
        Property("changedMetrics", "Those that have changed.") { $0.changed },
        Property("asOf", "When they were read.") { $0.asOf },
    ]
    package static let example = AnalyticsUpdated(
        postID: ID("clx123abc"), platform: .instagram, metrics: NamedValues([("impressions", 1200), ("likes", 96)]),
        changed: ["likes"], asOf: Instant(seconds: 1_770_114_600))

    package var scope: EventScope { EventScope(entity: postID.rawValue, platforms: [platform.rawValue]) }
}
