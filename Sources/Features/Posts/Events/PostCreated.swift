package import Contract
import Core

/// A post was created; its status says as what.
package struct PostCreated: PostEvent {
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
