package import Contract
import Core

/// A post is visible on at least one platform; `platformResults` says where.
package struct PostPublished: PostEvent {
    package var post: Post

    package init(_ post: Post) { self.post = post }

    package static let type = "post.published"
    package static let name = "PostPublishedEvent"
    package static let summary = "Post went live on platforms"
    package static let properties: [Property<Self>] =
        PostFacts.properties.map { $0.lifted { $0.post } }
        + [Property("platformResults", "What became of it on each platform.") { $0.post.platformResults }]
    package static let example = PostPublished(Post.example)
}
