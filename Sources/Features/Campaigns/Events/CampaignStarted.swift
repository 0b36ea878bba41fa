package import Contract
import Core

/// A campaign's start date was reached.
package struct CampaignStarted: CampaignEvent {
    package var campaign: Campaign

    package static let type = "campaign.started"
    package static let name = "CampaignStartedEvent"
    package static let summary = "Campaign start date reached"
    package static let properties: [Property<Self>] = CampaignFacts.properties.map { $0.lifted { $0.campaign } }
    package static let example = CampaignStarted(campaign: .example)
}
