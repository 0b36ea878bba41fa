package import Contract
import Core

/// A post was rejected by its reviewer.
package struct PostRejected: PostEvent {
    package var post: Post

    package init(_ post: Post) { self.post = post }

    package static let type = "post.rejected"
    package static let name = "PostRejectedEvent"
    package static let summary = "Post rejected"
    package static let properties: [Property<Self>] =
        PostFacts.properties.map { $0.lifted { $0.post } } + [
            Property("status", "Its status.") { $0.post.status }
        ]
    package static let example = PostRejected(Post.example)
}
