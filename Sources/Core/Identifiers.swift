// The kinds of things that have ids, named once so that every layer can speak of them without importing the feature.

package enum OrganizationKind {}
package enum UserKind {}
package enum BrandKind {}
package enum KeyKind {}
package enum SocialAccountKind {}
package enum PostKind {}
package enum PublicationKind {}
package enum CampaignKind {}
package enum EventKind {}
package enum WebhookKind {}
package enum DeliveryKind {}
package enum ReplayKind {}
package enum BinKind {}
package enum InboxItemKind {}

package typealias OrganizationID = ID<OrganizationKind>
package typealias UserID = ID<UserKind>
package typealias BrandID = ID<BrandKind>
package typealias KeyID = ID<KeyKind>
package typealias SocialAccountID = ID<SocialAccountKind>
package typealias PostID = ID<PostKind>
package typealias PublicationID = ID<PublicationKind>
package typealias CampaignID = ID<CampaignKind>
package typealias EventID = ID<EventKind>
package typealias WebhookID = ID<WebhookKind>
package typealias DeliveryID = ID<DeliveryKind>
package typealias ReplayID = ID<ReplayKind>
package typealias BinID = ID<BinKind>
package typealias InboxItemID = ID<InboxItemKind>
