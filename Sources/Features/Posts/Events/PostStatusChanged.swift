package import Contract
import Core

/// A post took a step of its life.
package struct PostStatusChanged: PostEvent {
    package var post: Post
    package var previous: PostStatus

    package init(_ post: Post, from previous: PostStatus) {
        self.post = post
        self.previous = previous
    }

    package static let type = "post.status_changed"
    package static let name = "PostStatusChangedEvent"
    package static let summary = "Status transition occurred"
    package static let properties: [Property<Self>] =
        PostFacts.properties.map { $0.lifted { $0.post } } + [
            Property("previousStatus", "What it was.") { $0.previous },
            Property("status", "What it is now.") { $0.post.status },
        ]
    package static let example = PostStatusChanged(Post.example, from: .publishing)
}
