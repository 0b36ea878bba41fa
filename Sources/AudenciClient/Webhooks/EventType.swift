/// What can happen.
public struct EventType: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let postCreated: Self = "post.created"
    public static let postPublished: Self = "post.published"
    public static let postFailed: Self = "post.failed"
    public static let postStatusChanged: Self = "post.status_changed"
    public static let postUpdated: Self = "post.updated"
    public static let postDeleted: Self = "post.deleted"
    public static let postScheduled: Self = "post.scheduled"
    public static let postPartiallyPublished: Self = "post.partially_published"
    public static let postApprovalRequested: Self = "post.approval_requested"
    public static let postApproved: Self = "post.approved"
    public static let postRejected: Self = "post.rejected"
    public static let campaignStarted: Self = "campaign.started"
    public static let campaignEnded: Self = "campaign.ended"
    public static let analyticsUpdated: Self = "analytics.updated"
    public static let followerMilestone: Self = "follower.milestone"
    public static let commentReceived: Self = "comment.received"
    public static let mentionDetected: Self = "mention.detected"
    public static let accountConnected: Self = "account.connected"
    public static let accountDisconnected: Self = "account.disconnected"
    public static let accountTokenExpiring: Self = "account.token_expiring"
    public static let mediaUploaded: Self = "media.uploaded"
    public static let planGenerated: Self = "plan.generated"
    public static let planCompleted: Self = "plan.completed"
    public static let imageGenerated: Self = "image.generated"
    public static let keyCreated: Self = "api_key.created"
    public static let keyRevoked: Self = "api_key.revoked"
    public static let webhookTest: Self = "webhook.test"
    public static let webhookDisabled: Self = "webhook.disabled"
    public static let webhookFailing: Self = "webhook.failing"
    public static let webhookRecovered: Self = "webhook.recovered"
    public static let webhookDeliveryExhausted: Self = "webhook.delivery_exhausted"
    public static let webhookSecretRevealed: Self = "webhook.secret_revealed"

    /// Everything that happens to the product.
    public static let everything: Self = "*"
}
