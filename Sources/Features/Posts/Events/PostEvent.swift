package import Contract
import Core

/// An event about a post.
package protocol PostEvent: Event {
    var post: Post { get }
}

extension PostEvent {
    package var scope: EventScope {
        EventScope(
            entity: post.id.rawValue, platforms: post.platforms.map(\.rawValue), campaignID: post.campaignID?.rawValue,
            accountIDs: post.accountIDs.map(\.rawValue))
    }
}

/// What every post event says first, in the seed's order.
enum PostFacts {
    static let properties: [Property<Post>] = [
        Property("postId", "The post's id.") { $0.id },
        Property("title", "Its title, or its caption's first line.") { $0.displayTitle },
        Property("platforms", "Where it goes.") { $0.platforms },
        Property("scheduledFor", "When it is or was to be published.") { $0.scheduledFor },
    ]
}
