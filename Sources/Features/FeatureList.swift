package import Contract
package import Relational

/// Everything the features bring, in one place: a new feature is a folder and one line here.
package enum FeatureList {
    /// The features' part of the schema as it first ships. Later steps of any feature are appended one by one, not here but
    /// to ``laterMigrations``: the order of what was applied must never change.
    package static let migrations: [Migration] =
        OrganizationMigrations.all + BrandMigrations.all + KeyMigrations.all + AccountMigrations.all + OutboxMigrations.all
        + WebhookMigrations.all + DeliveryMigrations.all + PostMigrations.all + PublicationMigrations.all
        + SandboxMigrations.all

    /// What came after the first release of the schema, in the order in which it came. New steps go to its end, and so to the
    /// end of the whole history (`OpenedStore.migrations`).
    package static let laterMigrations: [Migration] = [
        OutboxMigrations.feed, WebhookMigrations.options, DeliveryMigrations.order,
        ReplayMigrations.first, BinMigrations.first, DeliveryMigrations.resendKey, AuditMigrations.first,
        OrganizationMigrations.settings, KeyMigrations.addresses, PostMigrations.whole, ContentMigrations.labels,
        CampaignMigrations.first,
        MediaMigrations.first, MemberMigrations.invites,
        SandboxMigrations.remarks, InboxMigrations.first,
        PostMigrations.followUps,
        KeyMigrations.version,
        AccountMigrations.health,
        AnalyticsMigrations.first,
        ContentPlanMigrations.first,
        PrivacyMigrations.first,
        BrandMigrations.voice,
        CreditMigrations.first,
        JobMigrations.first,
        AutomationMigrations.first,
        NotificationMigrations.first,
        BrandMigrations.logo,
        AnalyticsMigrations.refreshItems,
        InboxMigrations.parts,
        InboxMigrations.assignees,
        InboxMigrations.leavers,
        JobMigrations.open,
        PostMigrations.handedOn,
    ]

    /// Every event that webhooks can subscribe to.
    package static let events: [any Event.Type] = [
        PostCreated.self, PostPublished.self, PostFailed.self, PostStatusChanged.self, PostUpdated.self, PostDeleted.self,
        PostScheduled.self, PostPartiallyPublished.self, PostApprovalRequested.self, PostApproved.self, PostRejected.self,
        CampaignStarted.self, CampaignEnded.self, AnalyticsUpdated.self, FollowerMilestone.self, CommentReceived.self,
        MentionDetected.self, AccountConnected.self, AccountDisconnected.self, AccountTokenExpiring.self, MediaUploaded.self,
        PlanGenerated.self, PlanCompleted.self,
        ImageGenerated.self, KeyCreated.self, KeyRevoked.self, WebhookTest.self, WebhookDisabled.self,
        WebhookFailing.self, WebhookRecovered.self, WebhookDeliveryExhausted.self,
        WebhookSecretRevealed.self,
    ]
}
