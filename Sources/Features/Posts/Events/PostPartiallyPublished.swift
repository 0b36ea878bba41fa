package import Contract
import Core

/// Some platforms show the post, the others will not without a retry. `post.published` and `post.failed` tell it too.
package struct PostPartiallyPublished: PostEvent {
    package var post: Post

    package init(_ post: Post) { self.post = post }

    package static let type = "post.partially_published"
    package static let name = "PostPartiallyPublishedEvent"
    package static let summary = "Post went live on some of its platforms only"
    package static let properties: [Property<Self>] =
        PostFacts.properties.map { $0.lifted { $0.post } } + [
            Property("platformResults", "What became of it on each platform.") { $0.post.platformResults },
            Property("failureSummary", "Why not everywhere, in one line.") { $0.post.failure },
        ]
    package static let example = PostPartiallyPublished(Post.example)
}
