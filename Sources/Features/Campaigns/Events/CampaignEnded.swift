package import Contract
import Core

/// A campaign's end date has passed.
package struct CampaignEnded: CampaignEvent {
    package var campaign: Campaign

    package static let type = "campaign.ended"
    package static let name = "CampaignEndedEvent"
    package static let summary = "Campaign end date passed"
    package static let properties: [Property<Self>] = CampaignFacts.properties.map { $0.lifted { $0.campaign } }
    package static let example = CampaignEnded(campaign: .example)
}
