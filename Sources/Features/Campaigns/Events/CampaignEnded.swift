package import Contract
package import Core

/// A campaign's end date has passed.
package struct CampaignEnded: Event {
    package var campaignID: CampaignID
    package var title: String
    package var startsAt: Instant?
    package var endsAt: Instant?

    package init(campaignID: CampaignID, title: String, startsAt: Instant?, endsAt: Instant?) {
        self.campaignID = campaignID
        self.title = title
        self.startsAt = startsAt
        self.endsAt = endsAt
    }

    package static let type = "campaign.ended"
    package static let name = "CampaignEndedEvent"
    package static let summary = "Campaign end date passed"
    package static let isComing = true
    package static let properties: [Property<Self>] = [
        Property("campaignId", "The campaign's id.") { $0.campaignID },
        Property("name", "Its name.") { $0.title },
        Property("startsAt", "When it starts.") { $0.startsAt },
        Property("endsAt", "When it ends.") { $0.endsAt },
    ]
    package static let example = CampaignEnded(
        campaignID: ID("cmb2k7q0x0000000000000011"), title: "Summer Sale", startsAt: Instant(seconds: 1_770_114_600),
        endsAt: Instant(seconds: 1_770_719_400))

    package var scope: EventScope { EventScope(entity: campaignID.rawValue, campaignID: campaignID.rawValue) }
}
