package import Contract
import Core

/// A post waits for somebody's approval.
package struct PostApprovalRequested: PostEvent {
    package var post: Post

    package init(_ post: Post) { self.post = post }

    package static let type = "post.approval_requested"
    package static let name = "PostApprovalRequestedEvent"
    package static let summary = "Post submitted for approval"
    package static let properties: [Property<Self>] =
        PostFacts.properties.map { $0.lifted { $0.post } } + [
            Property("status", "Its status.") { $0.post.status }
        ]
    package static let example = PostApprovalRequested(Post.example)
}
