package import Contract
import Core

/// A post will be published at its time, unless somebody changes it; a new time is told again.
package struct PostScheduled: PostEvent {
    package var post: Post

    package init(_ post: Post) { self.post = post }

    package static let type = "post.scheduled"
    package static let name = "PostScheduledEvent"
    package static let summary = "Post scheduled"
    package static let properties: [Property<Self>] =
        PostFacts.properties.map { $0.lifted { $0.post } } + [
            Property("status", "Its status.") { $0.post.status }
        ]
    package static let example = PostScheduled(Post.example)
}
