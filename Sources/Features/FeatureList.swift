package import Contract
package import Relational

/// Everything the features bring, in one place: a new feature is a folder and one line here.
package enum FeatureList {
    /// The schema's whole history, in order: new steps go to the end of this list, as `+ [XMigrations.second]`, never into
    /// a list that has shipped, for the order of what is applied must stay.
    package static let migrations: [Migration] =
        OrganizationMigrations.all + BrandMigrations.all + KeyMigrations.all + AccountMigrations.all + OutboxMigrations.all
        + WebhookMigrations.all + DeliveryMigrations.all + PostMigrations.all + PublicationMigrations.all
        + SandboxMigrations.all

    /// Every event that webhooks can subscribe to.
    package static let events: [any Event.Type] = [
        PostCreated.self, PostPublished.self, PostFailed.self, PostStatusChanged.self, WebhookTest.self,
    ]
}
