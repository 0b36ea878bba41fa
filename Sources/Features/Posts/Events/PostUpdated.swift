package import Contract
import Core

/// What a post says, or when and where it goes, was changed. A step of its life alone is `post.status_changed`.
package struct PostUpdated: PostEvent {
    package var post: Post
    /// Names of the fields that the request sent.
    package var changed: [String]

    package init(_ post: Post, changed: [String]) {
        self.post = post
        self.changed = changed
    }

    package static let type = "post.updated"
    package static let name = "PostUpdatedEvent"
    package static let summary = "Post changed"
    package static let properties: [Property<Self>] =
        PostFacts.properties.map { $0.lifted { $0.post } } + [
            Property("status", "Its status.") { $0.post.status },
            Property("changedFields", "What the request changed.") { $0.changed },
            Property("version", "The post's version since.") { $0.post.version },
        ]
    package static let example = PostUpdated(Post.example, changed: ["caption"])
}
