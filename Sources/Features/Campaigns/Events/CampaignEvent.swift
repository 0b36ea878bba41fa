package import Contract
import Core

/// An event about a campaign.
package protocol CampaignEvent: Event {
    var campaign: Campaign { get }
}

extension CampaignEvent {
    package var scope: EventScope { EventScope(entity: campaign.id.rawValue, campaignID: campaign.id.rawValue) }
}

/// What every campaign event says.
enum CampaignFacts {
    static let properties: [Property<Campaign>] = [
        Property("campaignId", "The campaign's id.") { $0.id },
        Property("name", "Its name.") { $0.title },
        Property("startsAt", "When it starts.") { $0.startsAt },
        Property("endsAt", "When it ends.") { $0.endsAt },
    ]
}
