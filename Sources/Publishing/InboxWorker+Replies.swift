package import Core
package import Features
import Platforms

/// What happens after a try: pure, so that every path to a second request can be read and tested in one place.
package enum ReplyPolicy {
    static let retries = Backoff(delays: [.seconds(5), .seconds(30), .seconds(120), .seconds(600), .seconds(1800)])
    /// Between looks for a reply of unknown fate: lists show what is new with a delay.
    static let looks = Backoff(delays: [.seconds(5), .seconds(30), .seconds(120)])

    package enum Step: Hashable, Sendable {
        /// Send it (again): it certainly is not visible, or the platform keeps it from appearing twice.
        case send
        /// Ask the platform whether it is there.
        case look
    }

    /// What to do with a claimed reply.
    /// - Parameter keyLifetime: how long the platform remembers the reply's key.
    package static func step(for reply: InboxReply, keyLifetime: Duration, now: Instant) -> Step {
        guard reply.state == .sending, let armedAt = reply.armedAt else { return .send }
        return now - armedAt < keyLifetime && reply.attempts <= retries.delays.count ? .send : .look
    }
}

extension InboxWorker {
    func send(_ job: InboxStore.ReplyJob) async throws {
        let (reply, item) = (job.reply, job.item)
        let isArmed = reply.state == .sending
        let credential: AccountCredential
        switch try await tokens.credential(item.accountID, in: item.organizationID) {
        case .ready(let usable): credential = usable
        case .missing: return try await giveUp(reply, isArmed, "account_missing", "The social account is gone.")
        case .notNow(let failure):
            let failure = PublishFailure(.beforeEffect, code: failure.code, message: failure.message)
            return try await failed(reply, failure, wasArmed: isArmed)
        }
        let account = credential.account
        guard let connector = PlatformList.inbox(for: item.platform) else {
            return try await giveUp(reply, isArmed, "account_missing", "This version does not answer on this platform.")
        }
        guard account.status.canPublish else {
            let problem = "The social account is \(account.status.rawValue); reconnect or enable it, then reply again."
            return try await giveUp(reply, isArmed, "account_not_active", problem)
        }
        let session = sessions.session(for: account, token: credential.tokens.access)
        let own = InboxAccount(externalID: account.externalID, username: account.username)
        let keyLifetime = type(of: connector).replyKeyLifetime
        switch ReplyPolicy.step(for: reply, keyLifetime: keyLifetime, now: inbox.ambient.now()) {
        case .send:
            let armed = try await inbox.arm(reply, lease: lease)
            switch await connector.reply(Self.request(armed, item), of: own, on: session) {
            case .sent(let id): try await inbox.sent(armed, platformID: id)
            case .failed(let failure):
                if try await hasNewToken(after: failure, armed, credential, wasArmed: isArmed) { return }
                try await failed(armed, failure, wasArmed: isArmed)
            }
        case .look:
            var request = Self.request(reply, item)
            request.others = try await inbox.others(beside: reply, since: request.armedAt - .seconds(3600))
            try await look(for: reply, connector, own, request, session)
        }
    }

    private static func request(_ reply: InboxReply, _ item: InboxItem) -> ReplyRequest {
        ReplyRequest(
            kind: item.kind == .comment ? .comment : .mention, itemID: item.platformItemID, postID: item.platformPostID,
            authorHandle: item.authorHandle, text: reply.text, key: "audenci-reply-\(reply.id)",
            armedAt: reply.armedAt ?? reply.createdAt)
    }

    /// A refused token ends a reply, unless there is a newer one by now, or to be had: then it is tried with that.
    private func hasNewToken(
        after failure: PublishFailure, _ reply: InboxReply, _ credential: AccountCredential, wasArmed: Bool
    ) async throws -> Bool {
        guard failure.failureClass == .auth, reply.attempts <= 2, try await tokens.replace(credential) else { return false }
        try await inbox.again(
            reply, at: inbox.ambient.now(), isArmed: wasArmed, code: failure.code,
            message: "\(Self.words(of: failure)) It is tried again with a new token.")
        return true
    }

    /// - Parameter wasArmed: whether an earlier try may be visible: then this one's failure proves nothing about it.
    private func failed(_ reply: InboxReply, _ failure: PublishFailure, wasArmed: Bool) async throws {
        let now = inbox.ambient.now()
        let message = Self.words(of: failure)
        let isOpen = wasArmed || failure.failureClass == .ambiguous
        if !isOpen, failure.failureClass == .final || failure.failureClass == .auth {
            return try await inbox.settled(reply, as: .failed, code: failure.code, message: message)
        }
        let delay = ReplyPolicy.retries.delay(afterAttempt: reply.attempts, unit: inbox.ambient.unitInterval())
        if !isOpen, delay == nil {
            return try await inbox.settled(reply, as: .failed, code: failure.code, message: message)
        }
        // What may be visible is looked for soon, or sent again under the platform's own key.
        let wait = max(isOpen ? .seconds(5) : delay ?? .seconds(5), failure.retryAfter ?? .zero)
        try await inbox.again(reply, at: now + wait, isArmed: isOpen, code: failure.code, message: message)
    }

    private func look(
        for reply: InboxReply, _ connector: any InboxConnector, _ own: InboxAccount, _ request: ReplyRequest,
        _ session: PlatformSession
    ) async throws {
        let search = await connector.find(request, of: own, on: session)
        if case .found(let id) = search { return try await inbox.sent(reply, platformID: id) }
        var looked = reply
        looked.looks += 1
        guard let delay = ReplyPolicy.looks.delay(afterAttempt: looked.looks, unit: inbox.ambient.unitInterval()) else {
            return try await inbox.settled(looked, as: .unknown, code: "outcome_unknown", message: Self.unknown)
        }
        var wait = delay
        if case .failed(let failure) = search { wait = max(wait, failure.retryAfter ?? .zero) }
        try await inbox.again(
            looked, at: inbox.ambient.now() + wait, isArmed: true, code: "outcome_unknown",
            message: "Whether the reply is visible is not known yet; the platform is asked again.")
    }

    private static let unknown =
        "Whether the reply is visible could not be found out; look at the platform, and reply again if it is not there."

    private func giveUp(_ reply: InboxReply, _ isArmed: Bool, _ code: String, _ message: String) async throws {
        if isArmed { return try await inbox.settled(reply, as: .unknown, code: "outcome_unknown", message: Self.unknown) }
        try await inbox.settled(reply, as: .failed, code: code, message: message)
    }

    private static func words(of failure: PublishFailure) -> String {
        failure.platformMessage.map { "\(failure.message) The platform says: \($0)" } ?? failure.message
    }
}
