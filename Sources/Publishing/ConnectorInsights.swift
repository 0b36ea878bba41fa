package import Core
package import Features
import Platforms

/// Reads numbers through the connectors: of real accounts from their platforms, of sandbox accounts from the simulators.
package struct ConnectorInsights: InsightReader {
    private let sessions: PlatformSessions
    private let account: Account
    /// After this a reading is given up; its requests have 15 seconds each.
    private static let deadline = Duration.seconds(45)

    /// The account and a token of it that works; nil when it is gone or has none now (``TokenKeeper/usable(_:in:)``).
    package typealias Account =
        @Sendable (SocialAccountID, OrganizationID) async throws -> (account: SocialAccount, token: Secret)?

    package init(sessions: PlatformSessions, account: @escaping Account) {
        self.sessions = sessions
        self.account = account
    }

    package func read(_ task: InsightTask) async -> InsightReading {
        let platform = task.platform.rawValue
        guard let connector = PlatformList.connector(for: task.platform) as? any InsightsConnector else {
            return .failed(InsightFailure(.never, "This version reads no numbers from \(platform)."))
        }
        let session: PlatformSession
        do {
            guard let (account, token) = try await account(task.accountID, task.organizationID) else {
                return .failed(InsightFailure(.paused, "The social account is gone, or its token ended."))
            }
            guard account.status.canPublish else {
                let status = account.status.rawValue
                return .failed(InsightFailure(.paused, "The social account is \(status); its numbers wait until it is ACTIVE."))
            }
            session = sessions.session(for: account, token: token)
        } catch {
            return .failed(InsightFailure(.later, "The account's token could not be read: \(error)"))
        }
        return await Self.within(Self.deadline) { await Self.read(task, by: connector, on: session) }
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
