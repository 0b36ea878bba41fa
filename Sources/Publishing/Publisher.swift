import Core
package import Features
package import Logging
import Platforms
import Relational

/// Publishes one claimed publication, or finds out what became of it.
///
/// The order is the promise: prepare (repeatable) → ARMED, durable → the one visible request → outcome. A crash before
/// ARMED leaves nothing visible and is tried again; a crash after it is answered by asking the platform, never by sending
/// again in hope.
package struct Publisher: Sendable {
    package let recorder: PublicationRecorder
    let tokens: TokenKeeper
    let sessions: PlatformSessions
    let requests: PublishRequests
    let policy: PublishPolicy
    let logger: Logger
    /// How long a claim holds without being renewed.
    package let lease: Duration

    package init(
        recorder: PublicationRecorder, tokens: TokenKeeper, sessions: PlatformSessions, requests: PublishRequests,
        policy: PublishPolicy = .standard, lease: Duration = .seconds(120), logger: Logger
    ) {
        self.recorder = recorder
        self.tokens = tokens
        self.sessions = sessions
        self.requests = requests
        self.policy = policy
        self.lease = lease
        self.logger = logger
    }

    private var ambient: Ambient { recorder.posts.ambient }
    private var publications: PublicationStore { recorder.posts.publications }

    /// Takes the publication as far as it goes now. Never throws: what cannot be recorded is found again when the lease
    /// has run out.
    package func run(_ publication: Publication) async {
        do {
            try await holdingLease(of: publication) { try await advance(publication) }
        } catch is LostClaim {
            logger.info("another worker has taken over a publication", metadata: ["publication": "\(publication.id)"])
        } catch {
            logger.error(
                "a publication could not be recorded; it is looked at again when its lease has run out",
                metadata: ["publication": "\(publication.id)", "error": "\(error)"])
        }
    }

    private func advance(_ publication: Publication) async throws {
        let loaded = try await recorder.posts.engine.read { connection in
            (
                post: try recorder.posts.find(publication.postID, in: publication.organizationID, on: connection),
                journal: try publications.journal(of: publication, on: connection)
            )
        }
        let isArmed = loaded.journal.last.map { [.armed, .unknown].contains($0.state) } ?? false
        guard let post = loaded.post else {
            return try await giveUp(publication, "post_deleted", "The post was deleted.", isArmed: isArmed)
        }
        let credential: AccountCredential
        switch try await tokens.credential(publication.accountID, in: publication.organizationID) {
        case .ready(let usable): credential = usable
        case .missing:
            return try await giveUp(publication, "account_missing", "The social account is gone.", isArmed: isArmed)
        case .notNow(let failure):
            return try await waitForToken(publication, failure, isArmed: isArmed)
        }
        guard let connector = PlatformList.connector(for: publication.platform) else {
            return try await giveUp(
                publication, "platform_unsupported", "This version cannot publish to \(publication.platform.rawValue).",
                isArmed: isArmed)
        }
        let session = sessions.session(for: credential.account, token: credential.tokens.access)
        var target: FollowTarget?
        if publication.part > 0 {
            let visible = try await publications.visibleParts(beside: publication)
            guard let root = visible[0], let before = visible[post.partBefore(publication.part)] else {
                return try await giveUp(
                    publication, "part_before_missing", "What it follows is not visible, or its id is not known.",
                    isArmed: isArmed)
            }
            target = FollowTarget(root: root, before: before)
        }
        if isArmed, let entry = loaded.journal.last(where: { $0.state == .armed }) {
            let others = try await publications.platformPostIDs(beside: publication, since: entry.at - Self.others)
            let request = try await requests.request(
                for: publication, post: post, loadsMedia: false, armedAt: entry.at, others: others, following: target)
            try await look(
                publication, request, prepared: PreparedPublication(handles: entry.handles), since: entry.at, connector,
                session,
                isSandbox: credential.account.isSandbox)
            return
        }
        guard credential.account.status.canPublish else {
            let status = credential.account.status
            let advice =
                status == .disconnected
                ? "connect it anew or choose another account" : "reconnect or enable it, then publish again"
            let problem = PublicationRecorder.Problem(
                errorClass: "final", code: "account_not_active",
                message: "The social account is \(status.rawValue); \(advice).")
            return try await recorder.settled(publication, as: .failed, journal: nil, because: problem)
        }
        try await send(publication, post, following: target, connector, session, credential)
    }

    /// The account's token has ended and its platform could not be asked for another. Nothing can have become visible by it;
    /// what was armed before is looked for when there is a token.
    private func waitForToken(_ publication: Publication, _ failure: OAuthFailure, isArmed: Bool) async throws {
        guard isArmed else {
            let failure = PublishFailure(.beforeEffect, code: failure.code, message: failure.message)
            return try await failed(publication, failure, attempts: publication.attempts + 1, wasArmed: false)
        }
        let problem = PublicationRecorder.Problem(errorClass: "ambiguous", code: failure.code, message: failure.message)
        try await recorder.again(publication, at: ambient.now() + .seconds(60), journal: nil, because: problem)
    }

    /// Prepares, arms and sends.
    private func send(
        _ publication: Publication, _ post: Post, following target: FollowTarget?, _ connector: any Connector,
        _ session: PlatformSession, _ credential: AccountCredential
    ) async throws {
        let request: PublishRequest
        do {
            request = try await requests.request(
                for: publication, post: post, loadsMedia: true, armedAt: nil, following: target)
        } catch let failure as PublishFailure {
            return try await failed(publication, failure, attempts: publication.attempts + 1, wasArmed: false)
        }
        let prepared: PreparedPublication
        switch await connector.prepare(request, on: session) {
        case .ready(let handles): prepared = handles
        case .failed(let failure):
            if try await hasNewToken(after: failure, publication, credential, wasArmed: false) { return }
            return try await failed(publication, failure, attempts: publication.attempts + 1, wasArmed: false)
        }
        let armed = try await recorder.arm(publication, handles: prepared.handles, lease: lease)
        switch await connector.publish(request, prepared: prepared, on: session) {
        case .published(let id, let permalink):
            try await recorder.published(armed, platformPostID: id, permalink: permalink)
        case .failed(let failure):
            if try await hasNewToken(after: failure, armed, credential, wasArmed: true) { return }
            try await failed(armed, failure, attempts: armed.attempts, wasArmed: true)
        }
    }

    /// A refused token ends a publication, unless there is a newer one by now, or to be had: then it is tried with that.
    private func hasNewToken(
        after failure: PublishFailure, _ publication: Publication, _ credential: AccountCredential, wasArmed: Bool
    ) async throws -> Bool {
        let attempts = publication.attempts + (wasArmed ? 0 : 1)
        guard failure.failureClass == .auth, attempts <= 2, try await tokens.replace(credential) else { return false }
        var again = publication
        again.attempts = attempts
        let problem = PublicationRecorder.Problem(
            errorClass: "before_effect", code: failure.code, message: "\(failure.message) It is tried again with a new token.")
        try await recorder.again(again, at: ambient.now(), journal: wasArmed ? .refused : nil, because: problem)
        return true
    }

    /// From how long before the request on what else the account shows is told apart from it.
    private static let others = Duration.seconds(86_400)

    private static let unknown = PublicationRecorder.Problem(
        errorClass: "ambiguous", code: "outcome_unknown",
        message: "Whether the post is visible is not known yet; the platform is asked again.")

    /// Asks the platform what became of an armed publication.
    private func look(
        _ publication: Publication, _ request: PublishRequest, prepared: PreparedPublication, since armedAt: Instant,
        _ connector: any Connector, _ session: PlatformSession, isSandbox: Bool
    ) async throws {
        let outcome = await connector.reconcile(request, prepared: prepared, on: session)
        if case .live(let id, let permalink) = outcome {
            let since = armedAt - Self.others
            if try await recorder.found(publication, platformPostID: id, permalink: permalink, since: since) { return }
            // Another one of the same words was just recorded as that post: the next look knows it, and looks for its own.
            return try await recorder.again(publication, at: ambient.now(), journal: nil, because: Self.unknown)
        }
        var looked = publication
        looked.reconciliations += 1
        let step = policy.step(
            after: outcome, attempts: looked.attempts, looks: looked.reconciliations, sinceArmed: ambient.now() - armedAt,
            grace: isSandbox ? .zero : type(of: connector).settleTime, unit: ambient.unitInterval())
        switch step {
        case .retry(let delay):
            let problem = PublicationRecorder.Problem(
                errorClass: "before_effect", code: "proven_absent",
                message: "The platform shows no such post; it is sent again.")
            try await recorder.again(looked, at: ambient.now() + delay, journal: .absent, because: problem)
        case .look(let delay):
            try await recorder.again(looked, at: ambient.now() + delay, journal: nil, because: Self.unknown)
        case .fail:
            let problem = PublicationRecorder.Problem(
                errorClass: "before_effect", code: "proven_absent",
                message:
                    "It was sent \(looked.attempts) times without a clear answer, and the platform shows no such post. Look at the platform's state, then publish again."
            )
            try await recorder.settled(looked, as: .failed, journal: .absent, because: problem)
        case .askPerson:
            let problem = PublicationRecorder.Problem(
                errorClass: "ambiguous", code: "outcome_unknown",
                message:
                    "Whether the post is visible could not be found out; look at the account and say so. Nothing is sent again."
            )
            try await recorder.settled(looked, as: .needsAttention, journal: .unknown, because: problem)
        }
    }

    private func failed(_ publication: Publication, _ failure: PublishFailure, attempts: Int, wasArmed: Bool) async throws {
        var publication = publication
        publication.attempts = attempts
        var message = failure.message
        if let words = failure.platformMessage { message += " The platform says: \(words)" }
        let problem = PublicationRecorder.Problem(
            errorClass: failure.failureClass.rawValue, code: failure.code, message: message)
        switch policy.step(after: failure, attempts: attempts, wasArmed: wasArmed, unit: ambient.unitInterval()) {
        case .retry(let delay):
            try await recorder.again(
                publication, at: ambient.now() + delay, journal: wasArmed ? .refused : nil, because: problem)
        case .look(let delay):
            try await recorder.again(publication, at: ambient.now() + delay, journal: nil, because: problem)
        case .fail:
            try await recorder.settled(publication, as: .failed, journal: wasArmed ? .refused : nil, because: problem)
        case .askPerson:
            try await recorder.settled(publication, as: .needsAttention, journal: .unknown, because: problem)
        }
    }

    /// Nobody can go on with it. What was armed without an answer may be visible and nobody is left to ask: that is
    /// NEEDS_ATTENTION, never FAILED, for FAILED may be sent again.
    private func giveUp(_ publication: Publication, _ code: String, _ message: String, isArmed: Bool) async throws {
        let problem = PublicationRecorder.Problem(
            errorClass: isArmed ? "ambiguous" : "final", code: code,
            message: isArmed ? message + " Whether the post is visible could not be found out." : message)
        try await recorder.settled(
            publication, as: isArmed ? .needsAttention : .failed, journal: isArmed ? .unknown : nil, because: problem)
    }

    /// Runs `work` while the lease is renewed every third of its length; a lost lease ends the work.
    private func holdingLease(of publication: Publication, _ work: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await work()
                return true
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: lease / 3)
                    try await recorder.renew(publication, lease: lease)
                }
            }
            defer { group.cancelAll() }
            _ = try await group.next()
        }
    }
}
