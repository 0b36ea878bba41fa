package import Contract
import Core

/// A post was created; its status says as what.
package struct PostCreated: Event {
    package var post: Post

    package init(_ post: Post) { self.post = post }

    package static let type = "post.created"
    package static let name = "PostCreatedEvent"
    package static let summary = "New post created"
    package static let properties: [Property<Self>] =
        PostFacts.properties.map { $0.lifted { $0.post } } + [
            Property("status", "The status it was created with.") { $0.post.status }
        ]
    package static let example = PostCreated(Post.example)
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
