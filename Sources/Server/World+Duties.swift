import Features
import Scheduling

extension World {
    /// Every duty, in one place: a new one is a file and one line here.
    var duties: [any Duty] {
        [
            KeyUse(keys: keys), Replays(replays: replays),
            WebhookHealthCheck(webhooks: webhooks, outbox: outbox, tester: webhookTester, logger: logger),
            Retention(store: retention), BinCleaning(bins: bins), RepeatCleaning(ledger: ledger),
            CampaignClock(campaigns: campaigns), UploadCleaning(uploads: mediaUploads), ContentPlanWork(plans: plans),
            DataExports(exports: exports), Erasures(erasures: erasures),
            AccountHealth(tokens: tokens, wake: accounts.careWake),
        ] + automationDuties + mailDuties
    }

    private var automationDuties: [any Duty] {
        // One store for all of them: with its signal the feed wakes the tasks.
        let runs = automationRuns
        return [
            AutomationFeed(runs: runs),
            AutomationTasks(runs: runs, caller: automationRequests, generator: automationGenerator),
            AutomationCleaning(runs: runs),
        ]
    }

    /// None where there is no mail server: mails wait.
    private var mailDuties: [any Duty] {
        guard let mailer else { return [] }
        return [MailOut(mails: mails) { await mailer.send($0) }]
    }
}
