// The kinds of things that have ids, named once so that every layer can speak of them without importing the feature.

package enum OrganizationKind {}
package enum UserKind {}
package enum BrandKind {}
package enum KeyKind {}
package enum SocialAccountKind {}
package enum ConnectionKind {}
package enum PostKind {}
package enum PublicationKind {}
package enum CampaignKind {}
package enum EventKind {}
package enum WebhookKind {}
package enum DeliveryKind {}
package enum ReplayKind {}
package enum BinKind {}
package enum InboxItemKind {}
package enum InboxReplyKind {}
package enum AuditEntryKind {}
package enum MediaKind {}
package enum MediaFolderKind {}
package enum MediaUploadKind {}
package enum CategoryKind {}
package enum PillarKind {}
package enum TagKind {}
package enum ContentPlanKind {}
package enum PlanItemKind {}
package enum InviteKind {}
package enum AutomationKind {}
package enum AutomationRunKind {}
package enum AutomationTaskKind {}
package enum NotificationKind {}
package enum RevisionKind {}
package enum CommentKind {}
package enum DecisionKind {}
package enum QueueKind {}
package enum ExportKind {}
package enum JobKind {}
package enum CreditBatchKind {}

package typealias OrganizationID = ID<OrganizationKind>
package typealias UserID = ID<UserKind>
package typealias BrandID = ID<BrandKind>
package typealias KeyID = ID<KeyKind>
package typealias SocialAccountID = ID<SocialAccountKind>
package typealias ConnectionID = ID<ConnectionKind>
package typealias PostID = ID<PostKind>
package typealias PublicationID = ID<PublicationKind>
package typealias CampaignID = ID<CampaignKind>
package typealias EventID = ID<EventKind>
package typealias WebhookID = ID<WebhookKind>
package typealias DeliveryID = ID<DeliveryKind>
package typealias ReplayID = ID<ReplayKind>
package typealias BinID = ID<BinKind>
package typealias InboxItemID = ID<InboxItemKind>
package typealias InboxReplyID = ID<InboxReplyKind>
package typealias AuditEntryID = ID<AuditEntryKind>
package typealias MediaID = ID<MediaKind>
package typealias MediaFolderID = ID<MediaFolderKind>
package typealias MediaUploadID = ID<MediaUploadKind>
package typealias CategoryID = ID<CategoryKind>
package typealias PillarID = ID<PillarKind>
package typealias TagID = ID<TagKind>
package typealias ContentPlanID = ID<ContentPlanKind>
package typealias PlanItemID = ID<PlanItemKind>
package typealias InviteID = ID<InviteKind>
package typealias AutomationID = ID<AutomationKind>
package typealias AutomationRunID = ID<AutomationRunKind>
package typealias AutomationTaskID = ID<AutomationTaskKind>
package typealias NotificationID = ID<NotificationKind>
package typealias RevisionID = ID<RevisionKind>
package typealias CommentID = ID<CommentKind>
package typealias DecisionID = ID<DecisionKind>
package typealias QueueID = ID<QueueKind>
package typealias ExportID = ID<ExportKind>
package typealias JobID = ID<JobKind>
package typealias CreditBatchID = ID<CreditBatchKind>
