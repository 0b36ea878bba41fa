package import Core

/// A connector that can also read numbers. As with ``Connector``, it keeps no state, never retries and never throws:
/// whatever the platform answers becomes an outcome, and a number that makes no sense is one that was not reported.
package protocol InsightsConnector: Connector {
    /// So many requests for numbers it may make for one account, per second count: well below the platform's own limit,
    /// which publishing shares.
    static var insightsLimit: (requests: Int64, per: Duration) { get }
    /// How many requests ``metrics(ofPost:on:)`` takes.
    static var requestsPerPost: Int64 { get }

    /// The numbers of one published post, by its id on the platform.
    func metrics(ofPost id: String, on session: PlatformSession) async -> InsightsOutcome<Metrics>

    /// The account's own numbers.
    func counts(on session: PlatformSession) async -> InsightsOutcome<AccountCounts>
}

/// What became of a question for numbers.
package enum InsightsOutcome<Numbers: Sendable>: Sendable {
    case numbers(Numbers)
    /// The failure's class says whether it may work later (`beforeEffect`), never will (`final`), or needs another token.
    case failed(PublishFailure)

    init(_ read: () async throws(PublishFailure) -> Numbers) async {
        do throws(PublishFailure) {
            self = .numbers(try await read())
        } catch {
            self = .failed(error)
        }
    }
}

extension JSONValue {
    /// A count: a whole number from 0 to 2^53. Anything else was not reported.
    func count(_ key: String) -> Int64? { self[key]?.count }

    var count: Int64? {
        guard let value = int, (0...InjectedNumbers.maximum).contains(value) else { return nil }
        return value
    }
}
