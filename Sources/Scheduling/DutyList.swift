package import Features
package import Logging
package import Metering
package import Publishing

/// Every duty, in one place: a new one is a file and one line here.
package enum DutyList {
    /// What duties work with.
    package struct Means: Sendable {
        package var keys: KeyStore
        package var webhooks: WebhookStore
        package var outbox: Outbox
        package var tester: any WebhookTester
        package var replays: ReplayStore
        package var retention: RetentionStore
        package var bins: BinStore
        package var ledger: RepeatLedger
        package var campaigns: CampaignStore
        package var uploads: MediaUploadStore
        package var mails: MailStore
        package var tokens: TokenKeeper
        package var accounts: AccountStore
        package var plans: ContentPlanStore
        package var exports: DataExportStore
        package var erasures: ErasureStore
        /// Nil: there is no mail server, mails wait.
        package var sendMail: (@Sendable (OutgoingMail) async -> MailOutcome)?
        package var automations: AutomationRunStore
        package var automationCaller: any AutomationCaller
        /// Nil: there are no models.
        package var automationGenerator: (any AutomationGenerator)?
        package var logger: Logger

        package init(
            keys: KeyStore, webhooks: WebhookStore, outbox: Outbox, tester: any WebhookTester, replays: ReplayStore,
            retention: RetentionStore, bins: BinStore, ledger: RepeatLedger, campaigns: CampaignStore,
            uploads: MediaUploadStore, mails: MailStore, tokens: TokenKeeper, accounts: AccountStore, plans: ContentPlanStore,
            exports: DataExportStore, erasures: ErasureStore,
            sendMail: (@Sendable (OutgoingMail) async -> MailOutcome)?, automations: AutomationRunStore,
            automationCaller: any AutomationCaller, automationGenerator: (any AutomationGenerator)?, logger: Logger
        ) {
            self.keys = keys
            self.webhooks = webhooks
            self.outbox = outbox
            self.tester = tester
            self.replays = replays
            self.retention = retention
            self.bins = bins
            self.ledger = ledger
            self.campaigns = campaigns
            self.uploads = uploads
            self.mails = mails
            self.tokens = tokens
            self.accounts = accounts
            self.plans = plans
            self.exports = exports
            self.erasures = erasures
            self.sendMail = sendMail
            self.automations = automations
            self.automationCaller = automationCaller
            self.automationGenerator = automationGenerator
            self.logger = logger
        }
    }

    package static func duties(_ means: Means) -> [any Duty] {
        [
            KeyUse(keys: means.keys), Replays(replays: means.replays),
            WebhookHealthCheck(
                webhooks: means.webhooks, outbox: means.outbox, tester: means.tester, logger: means.logger),
            Retention(store: means.retention), BinCleaning(bins: means.bins),
            RepeatCleaning(ledger: means.ledger), CampaignClock(campaigns: means.campaigns),
            UploadCleaning(uploads: means.uploads), ContentPlanWork(plans: means.plans),
            DataExports(exports: means.exports), Erasures(erasures: means.erasures),
            AccountHealth(tokens: means.tokens, wake: means.accounts.careWake),
            AutomationFeed(runs: means.automations),
            AutomationTasks(
                runs: means.automations, caller: means.automationCaller, generator: means.automationGenerator),
            AutomationCleaning(runs: means.automations),
        ] + (means.sendMail.map { [MailOut(mails: means.mails, send: $0)] } ?? [])
    }
}
