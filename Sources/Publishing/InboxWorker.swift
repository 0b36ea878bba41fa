import Contract
package import Core
package import Features
package import Logging
import Platforms

/// Does the inbox's work on the platforms: looks at accounts, sends replies, works through webhooks. Platform calls are
/// made outside transactions; what they found is kept in one each. Nothing here throws: what cannot be recorded is found
/// again when its lease has run out.
package struct InboxWorker: Sendable {
    package let inbox: InboxStore
    let tokens: TokenKeeper
    let sessions: PlatformSessions
    let logger: Logger
    /// How long a claim holds. A look stops taking up posts after ``patience``, and no single question to a platform lasts
    /// longer than its pages times 15 s, so that a look ends within its lease.
    package let lease = Duration.seconds(240)
    private let patience = Duration.seconds(60)

    package init(inbox: InboxStore, tokens: TokenKeeper, sessions: PlatformSessions, logger: Logger) {
        self.inbox = inbox
        self.tokens = tokens
        self.sessions = sessions
        self.logger = logger
    }

    private var ambient: Ambient { inbox.ambient }

    /// One claimed piece of work.
    package enum Job: Sendable {
        case poll(InboxPoll)
        case reply(InboxStore.ReplyJob)
        case notice(InboxNotice)
    }

    /// Takes up to `limit` pieces of a lane's work that are due.
    package func claim(_ lane: InboxLane, limit: Int) async throws -> [Job] {
        switch lane {
        case .replies: try await inbox.claimReplies(limit: limit, lease: lease).map { .reply($0) }
        case .notices: try await inbox.claimNotices(limit: limit, lease: lease).map { .notice($0) }
        case .sandbox, .mastodon, .instagram, .facebook, .other:
            try await inbox.claimPolls(lane, limit: limit, lease: lease).map { .poll($0) }
        }
    }

    /// When the lane's next work is due.
    package func next(_ lane: InboxLane) async throws -> Instant? {
        switch lane {
        case .replies: try await inbox.nextReply()
        case .notices: try await inbox.nextNotice()
        case .sandbox, .mastodon, .instagram, .facebook, .other: try await inbox.nextPoll(lane)
        }
    }

    package func run(_ job: Job) async {
        do {
            switch job {
            case .poll(let poll): try await look(poll)
            case .reply(let job): try await send(job)
            case .notice(let notice): try await work(through: notice)
            }
        } catch is LostReply {
            logger.info("another worker has taken over a reply")
        } catch {
            logger.error("the inbox's work could not be recorded; it is done again", metadata: ["error": "\(error)"])
        }
    }

    // MARK: Looking

    private func look(_ poll: InboxPoll) async throws {
        var look = InboxLook()
        let credential: AccountCredential
        switch try await tokens.credential(poll.accountID, in: poll.organizationID) {
        case .ready(let usable): credential = usable
        case .missing: return try await inbox.finish(poll, look, of: nil)
        case .notNow(let failure):
            note(PublishFailure(.beforeEffect, code: failure.code, message: failure.message), after: poll, in: &look)
            return try await inbox.finish(poll, look, of: nil)
        }
        let account = credential.account
        guard account.status.canPublish, let connector = PlatformList.inbox(for: account.platform) else {
            return try await inbox.finish(poll, look, of: nil)
        }
        let quota = RequestQuota(account.isSandbox ? 1000 : InboxPlan.requestsPerLook)
        var session = sessions.session(for: account, token: credential.tokens.access)
        session.transport = quota.limiting(session.transport)
        let own = InboxAccount(externalID: account.externalID, username: account.username)
        let start = ambient.now()

        var failure: PublishFailure?
        switch await connector.mentions(after: poll.place, since: poll.since, of: own, on: session) {
        case .read(let messages, let place):
            look.since = max(start - InboxPlan.overlap, poll.since)
            let news = try await inbox.news(in: messages.map(Self.remark), for: account)
            if !news.isEmpty || place != poll.place {
                try await inbox.found(news, place: place, poll: poll, of: account)
            }
        case .failed(let problem) where problem.failureClass == .final:
            // Comments may be shown all the same, and come when they are due.
            look.problem = problem.message
            look.mentionsAt = start + min(InboxPlan.pause(afterFailures: poll.failures + 1), InboxPlan.refusedPause)
        case .failed(let problem):
            failure = problem
        }
        for watch in try await inbox.dueWatches(of: account) {
            // A platform that does not answer is not asked again at once, and a slow one not for ever.
            guard failure == nil, quota.isLeft, ambient.now() - start < patience else { break }
            let post = InboxLook.Post(watch: watch, askedAt: ambient.now())
            let since = InboxPlan.since(watch, now: post.askedAt)
            switch await connector.comments(on: watch.platformPostID, since: since, of: own, on: session) {
            case .read(let messages, _):
                let news = try await inbox.news(in: messages.map(Self.remark), for: account)
                if news.isEmpty {
                    look.quiet.append(post)
                } else {
                    try await inbox.found(news, under: post, poll: poll, of: account)
                }
            case .failed(let problem) where problem.failureClass == .final:
                look.quiet.append(InboxLook.Post(watch: watch, askedAt: post.askedAt, isRefused: true))
                look.problem = look.problem ?? problem.message
            case .failed(let problem):
                failure = problem
            }
        }
        // What the quota cut off is due still, and is no failure.
        if let failure, quota.isLeft {
            note(failure, after: poll, in: &look)
            // A token without the right to read may still publish: only a refused one needs a new connection, and that only
            // when there is no newer one by now, nor one to be had; the next look goes on with that.
            if failure.code == "token_rejected", try await !tokens.replace(credential) { look.refused = credential }
        }
        try await inbox.finish(poll, look, of: account)
    }

    private func note(_ failure: PublishFailure, after poll: InboxPoll, in look: inout InboxLook) {
        logger.warning(
            "an account's inbox could not be read", metadata: ["account": "\(poll.accountID)", "code": "\(failure.code)"])
        let pause = InboxPlan.pause(afterFailures: poll.failures + 1)
        look.retryAt = ambient.now() + max(pause, failure.retryAfter ?? .zero)
        look.problem = failure.message
    }

    static func remark(_ message: InboxMessage) -> IncomingRemark {
        IncomingRemark(
            kind: message.kind == .comment ? .comment : .mention, platformItemID: message.id, platformPostID: message.postID,
            parentPlatformItemID: message.parentID, authorHandle: message.authorHandle, authorName: message.authorName,
            authorAvatarURL: message.authorAvatarURL, text: message.text, permalink: message.permalink,
            writtenAt: message.createdAt)
    }

    // MARK: Webhooks

    private func work(through notice: InboxNotice) async throws {
        var isDone = true
        for entry in MetaNotice.parse(Array(notice.body.utf8)) ?? [] {
            for account in try await inbox.recipients(on: entry.platform, externalID: entry.accountID) {
                if try await !take(entry, for: account) { isDone = false }
            }
        }
        try await inbox.finish(notice, isDone: isDone)
    }

    /// False when it could not be looked up now.
    private func take(_ entry: MetaNotice, for account: SocialAccount) async throws -> Bool {
        if let message = entry.message {
            let own = InboxAccount(externalID: account.externalID, username: account.username)
            guard !own.wrote(id: message.authorID, handle: message.authorHandle) else { return true }
            try await inbox.receive([Self.remark(message)], for: account)
            return true
        }
        guard let connector = PlatformList.inbox(for: account.platform) else { return true }
        let credential: AccountCredential
        switch try await tokens.credential(account.id, in: account.organizationID) {
        case .ready(let usable): credential = usable
        case .missing: return true
        case .notNow: return false
        }
        // There may be a token again before the last try.
        guard credential.account.status.canPublish else { return credential.account.status != .needsReconnect }
        let account = credential.account
        let own = InboxAccount(externalID: account.externalID, username: account.username)
        let session = sessions.session(for: account, token: credential.tokens.access)
        switch await connector.lookUp(entry, of: own, on: session) {
        case .read(let messages, _):
            try await inbox.receive(messages.map(Self.remark), for: account)
            return true
        case .failed(let failure):
            return failure.failureClass == .final
        }
    }
}
