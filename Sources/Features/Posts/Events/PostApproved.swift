package import Contract
import Core

/// A post was approved.
package struct PostApproved: PostEvent {
    package var post: Post

    package init(_ post: Post) { self.post = post }

    package static let type = "post.approved"
    package static let name = "PostApprovedEvent"
    package static let summary = "Post approved"
    package static let properties: [Property<Self>] =
        PostFacts.properties.map { $0.lifted { $0.post } } + [
            Property("status", "Its status.") { $0.post.status }
        ]
    package static let example = PostApproved(Post.example)
}
