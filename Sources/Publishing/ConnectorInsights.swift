package import Core
package import Features
import Platforms

/// Reads numbers through the connectors: of real accounts from their platforms, of sandbox accounts from the simulators.
package struct ConnectorInsights: InsightReader {
    private let sessions: PlatformSessions
    private let account: Account
    private let replace: Replacement
    /// After this a reading is given up; its requests have 15 seconds each.
    private static let deadline = Duration.seconds(45)

    /// The account with tokens that work; nil when it is gone or has none now (``TokenKeeper/ready(_:in:)``).
    package typealias Account = @Sendable (SocialAccountID, OrganizationID) async throws -> AccountCredential?
    /// Whether there are other tokens than these, which the platform refused (``TokenKeeper/replace(_:)``).
    package typealias Replacement = @Sendable (AccountCredential) async throws -> Bool

    package init(sessions: PlatformSessions, account: @escaping Account, replace: @escaping Replacement) {
        self.sessions = sessions
        self.account = account
        self.replace = replace
    }

    package func read(_ task: InsightTask) async -> InsightReading {
        let (reading, credential) = await attempt(task)
        guard case .failed(let failure) = reading, failure.kind == .token, let credential else { return reading }
        // As when publishing: a refused token parks the account only when there is no newer one, and none to be had.
        do {
            return try await replace(credential) ? await attempt(task).reading : reading
        } catch {
            return .failed(InsightFailure(.later, "\(failure.message) Another one could not be asked for: \(error)"))
        }
    }

    /// Reads with the tokens of the time; says which these were when the platform was asked.
    private func attempt(_ task: InsightTask) async -> (reading: InsightReading, with: AccountCredential?) {
        func failed(_ kind: InsightFailure.Kind, _ message: String) -> (InsightReading, AccountCredential?) {
            (.failed(InsightFailure(kind, message)), nil)
        }
        guard let connector = PlatformList.connector(for: task.platform) as? any InsightsConnector else {
            return failed(.never, "This version reads no numbers from \(task.platform.rawValue).")
        }
        let credential: AccountCredential
        do {
            guard let found = try await account(task.accountID, task.organizationID) else {
                return failed(.paused, "The social account is gone, or its token ended.")
            }
            credential = found
        } catch {
            return failed(.later, "The account's token could not be read: \(error)")
        }
        let status = credential.account.status
        guard status.canPublish else {
            return failed(.paused, "The social account is \(status.rawValue); its numbers wait until it is ACTIVE.")
        }
        let session = sessions.session(for: credential.account, token: credential.tokens.access)
        let reading = await Self.within(Self.deadline) { await Self.read(task, by: connector, on: session) }
        guard case .failed(var failure) = reading else { return (reading, credential) }
        failure.generation = credential.generation
        return (.failed(failure), credential)
    }

    private static func read(
        _ task: InsightTask, by connector: any InsightsConnector, on session: PlatformSession
    ) async -> InsightReading {
        switch task {
        case .post(let watch):
            switch await connector.metrics(ofPost: watch.platformPostID, on: session) {
            case .numbers(let metrics): .post(metrics)
            case .failed(let failure): .failed(InsightFailure(failure))
            }
        case .account:
            switch await connector.counts(on: session) {
            case .numbers(let counts): .account(counts)
            case .failed(let failure): .failed(InsightFailure(failure))
            }
        }
    }

    private static func within(
        _ limit: Duration, _ work: @escaping @Sendable () async -> InsightReading
    ) async -> InsightReading {
        await withTaskGroup(of: InsightReading?.self) { group in
            group.addTask { await work() }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            let late = InsightFailure(.later, "The platform did not answer in \(limit.inMilliseconds / 1000) seconds.")
            return await group.next().flatMap(\.self) ?? .failed(late)
        }
    }

    package func budget(of task: InsightTask) -> RequestBudget? {
        guard !task.isSandbox, let type = Self.type(of: task.platform) else { return nil }
        return RequestBudget(requests: type.insightsLimit.requests, per: type.insightsLimit.per)
    }

    package func cost(of task: InsightTask) -> Int64 {
        switch task {
        case .post: Self.type(of: task.platform)?.requestsPerPost ?? 1
        case .account: 1
        }
    }

    private static func type(of platform: Platform) -> (any InsightsConnector.Type)? {
        PlatformList.connectors.first { $0.platform == platform } as? any InsightsConnector.Type
    }
}

extension InsightFailure {
    fileprivate init(_ failure: PublishFailure) {
        let kind: Kind =
            switch failure.failureClass {
            case .beforeEffect, .ambiguous: .later
            case .final: .never
            case .auth: .token
            }
        var message = failure.message
        if let words = failure.platformMessage { message += " The platform says: \(words)" }
        self.init(kind, message, retryAfter: failure.retryAfter)
    }
}
