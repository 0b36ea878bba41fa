package import Contract
import Core

/// A post was removed from the lists; what it published stays on the platforms.
package struct PostDeleted: PostEvent {
    package var post: Post

    package init(_ post: Post) { self.post = post }

    package static let type = "post.deleted"
    package static let name = "PostDeletedEvent"
    package static let summary = "Post deleted"
    package static let properties: [Property<Self>] =
        PostFacts.properties.map { $0.lifted { $0.post } } + [
            Property("status", "The status it had.") { $0.post.status }
        ]
    package static let example = PostDeleted(Post.example)
}
