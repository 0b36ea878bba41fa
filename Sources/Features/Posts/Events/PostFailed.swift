package import Contract
import Core

/// A post will not become visible on at least one platform unless somebody retries.
package struct PostFailed: PostEvent {
    package var post: Post

    package init(_ post: Post) { self.post = post }

    package static let type = "post.failed"
    package static let name = "PostFailedEvent"
    package static let summary = "Publishing failed"
    package static let properties: [Property<Self>] =
        PostFacts.properties.map { $0.lifted { $0.post } } + [
            Property("platformResults", "What became of it on each platform.") { $0.post.platformResults },
            Property("failureSummary", "Why, in one line.") { $0.post.failure },
        ]
    package static let example = PostFailed(Post.example)
}
