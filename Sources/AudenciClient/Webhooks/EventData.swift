/// What an event tells, by its type.
public enum EventData: Hashable, Sendable {
    case postCreated(PostEvent)
    case postPublished(PostOutcomeEvent)
    case postFailed(PostOutcomeEvent)
    case postStatusChanged(PostStatusEvent)
    case postUpdated(PostUpdateEvent)
    case postDeleted(PostEvent)
    case postScheduled(PostEvent)
    case postPartiallyPublished(PostOutcomeEvent)
    case postApprovalRequested(PostEvent)
    case postApproved(PostEvent)
    case postRejected(PostEvent)
    case campaignStarted(CampaignEvent)
    case campaignEnded(CampaignEvent)
    case analyticsUpdated(AnalyticsEvent)
    case followerMilestone(FollowerMilestoneEvent)
    case commentReceived(InboxEvent)
    case mentionDetected(InboxEvent)
    case accountConnected(AccountEvent)
    case accountDisconnected(AccountEvent)
    case accountTokenExpiring(AccountEvent)
    case mediaUploaded(MediaEvent)
    case planGenerated(PlanEvent)
    case planCompleted(PlanCompletedEvent)
    case imageGenerated(ImageEvent)
    case keyCreated(KeyEvent)
    case keyRevoked(KeyEvent)
    case webhookTest(WebhookTestEvent)
    case webhookDisabled(WebhookDisabledEvent)
    case webhookFailing(WebhookFailingEvent)
    case webhookRecovered(WebhookRecoveredEvent)
    case webhookDeliveryExhausted(WebhookDeliveryExhaustedEvent)
    case webhookSecretRevealed(WebhookSecretRevealedEvent)
    /// A type that this library does not know, or less than the type's data: a `thin` payload, or one that was too large and
    /// says where the rest is (``WebhookEvent/json``).
    case other
}

extension EventData {
    /// Reads the data of an event of a type; ``other`` when it is not the whole of it.
    init(_ type: EventType, _ source: EventDataSource) {
        self =
            switch type {
            case .postCreated: source.read(Self.postCreated)
            case .postPublished: source.read(Self.postPublished)
            case .postFailed: source.read(Self.postFailed)
            case .postStatusChanged: source.read(Self.postStatusChanged)
            case .postUpdated: source.read(Self.postUpdated)
            case .postDeleted: source.read(Self.postDeleted)
            case .postScheduled: source.read(Self.postScheduled)
            case .postPartiallyPublished: source.read(Self.postPartiallyPublished)
            case .postApprovalRequested: source.read(Self.postApprovalRequested)
            case .postApproved: source.read(Self.postApproved)
            case .postRejected: source.read(Self.postRejected)
            case .campaignStarted: source.read(Self.campaignStarted)
            case .campaignEnded: source.read(Self.campaignEnded)
            case .analyticsUpdated: source.read(Self.analyticsUpdated)
            case .followerMilestone: source.read(Self.followerMilestone)
            case .commentReceived: source.read(Self.commentReceived)
            case .mentionDetected: source.read(Self.mentionDetected)
            case .accountConnected: source.read(Self.accountConnected)
            case .accountDisconnected: source.read(Self.accountDisconnected)
            case .accountTokenExpiring: source.read(Self.accountTokenExpiring)
            case .mediaUploaded: source.read(Self.mediaUploaded)
            case .planGenerated: source.read(Self.planGenerated)
            case .planCompleted: source.read(Self.planCompleted)
            case .imageGenerated: source.read(Self.imageGenerated)
            case .keyCreated: source.read(Self.keyCreated)
            case .keyRevoked: source.read(Self.keyRevoked)
            case .webhookTest: source.read(Self.webhookTest)
            case .webhookDisabled: source.read(Self.webhookDisabled)
            case .webhookFailing: source.read(Self.webhookFailing)
            case .webhookRecovered: source.read(Self.webhookRecovered)
            case .webhookDeliveryExhausted: source.read(Self.webhookDeliveryExhausted)
            case .webhookSecretRevealed: source.read(Self.webhookSecretRevealed)
            // Types are open: a newer server has more of them.
            default: .other
            }
    }
}

/// Where an event's data is read from.
struct EventDataSource {
    let container: KeyedDecodingContainer<WebhookEvent.CodingKeys>

    func read<Value: Decodable>(_ make: (Value) -> EventData) -> EventData {
        guard let value = try? container.decode(Value.self, forKey: .data) else { return .other }
        return make(value)
    }
}
