import Contract
import Core
import Relational

extension PostStore {
    /// Files the post under a campaign and adds labels, on the caller's transaction; ``wake(_:)`` must follow its commit.
    /// Nobody outside sees that, so it is allowed in every status. Nothing happens when the post is filed so already. A post
    /// that comes to a paused campaign is held, and one that leaves it is not any more.
    /// - Parameter campaign: nil leaves it where it is.
    func file(
        _ id: PostID, in campaign: CampaignID?, adding tags: [String], for caller: Caller,
        on connection: any RelationalConnection
    ) throws -> Post {
        let before = try editable(id, for: caller, on: connection)
        var post = before
        post.campaignID = campaign ?? before.campaignID
        for tag in tags where !post.tags.contains(tag) { post.tags.append(tag) }
        guard post.tags.count <= 50 else { throw APIError.invalid("tags", "would be more than 50") }
        var changed: [String] = []
        if post.campaignID != before.campaignID { changed.append("campaignId") }
        if post.tags != before.tags { changed.append("tags") }
        guard !changed.isEmpty else { return before }
        try keepRevision(of: before, changed: changed, by: caller.userID, on: connection)
        try save(&post, from: before.status, by: caller.userID, on: connection)
        if post.campaignID != before.campaignID, [.scheduled, .publishing].contains(post.status) {
            try publications.followCampaign(of: post, on: connection)
        }
        try tell(PostUpdated(post, changed: changed), by: caller.userID, on: connection)
        return post
    }
}
