import Publishing
import Scheduling

extension World {
    /// Reads the numbers that are due.
    var insightReadings: InsightReadings {
        InsightReadings(
            insights: insights,
            reader: ConnectorInsights(
                sessions: PlatformSessions(client: platformClient, sandbox: sandbox, ambient: ambient),
                account: { [tokens] in try await tokens.ready($0, in: $1) },
                replace: { [tokens] in try await tokens.replace($0) }),
            logger: logger)
    }
}
