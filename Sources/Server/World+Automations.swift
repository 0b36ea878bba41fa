import Contract
import Core
import Delivery
import Features

/// What runs by itself when something happens.
extension World {
    /// Writes captions and draws pictures for automations.
    var automationGenerator: (any AutomationGenerator)? {
        JobsForAutomations(images: ImageOrderStore(jobs: jobs), captions: captionOrders)
    }

    private var automations: AutomationStore {
        AutomationStore(
            engine: posts.engine, ambient: ambient, box: SecretBox(masterKey: store.masterKey), members: members,
            canGenerate: automationGenerator != nil)
    }

    private var notifications: NotificationStore { NotificationStore(engine: posts.engine, ambient: ambient) }

    var automationRuns: AutomationRunStore {
        AutomationRunStore(
            automations: automations, posts: posts, campaigns: campaigns, events: events, mails: mails,
            notifications: notifications)
    }

    var automationRequests: AutomationRequests {
        AutomationRequests(
            client: BinTransport(bins: bins, next: webhookClient), userAgent: "Audenci-Automations/\(Version.text)",
            ambient: ambient)
    }

    var automationEndpoints: [Endpoint] {
        let urls = BinURLCheck(publicURL: bins.publicURL, next: GuardedURLCheck(client: webhookClient))
        return AutomationsAPI(automations: automations, runs: automationRuns, urls: urls).endpoints
            + NotificationsAPI(notifications: notifications).endpoints
    }
}
