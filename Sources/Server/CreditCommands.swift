import Contract
import Core
import Features
import Relational

/// `audenci credits`: works while the server runs and while it does not. Giving credits is the operator's, not a key's.
package struct CreditCommands: Sendable {
    private let store: OpenedStore
    private let credits: CreditStore
    private let organization: OrganizationID

    /// - Parameter organization: may be left out when there is exactly one.
    package init(settings: Settings, organization: String?) async throws {
        store = try await OpenedStore(settings: settings)
        let world = try World(store: store, settings: settings)
        credits = world.credits
        self.organization = try await world.organization(named: organization)
    }

    /// - Parameters:
    ///   - source: `grant` or `purchase`.
    ///   - expiresAt: an ISO 8601 instant; nil: they never end.
    package func grant(_ amount: Int, source: String, expiresAt: String?, note: String?) async throws -> String {
        let sources: [String: CreditBatch.Source] = ["grant": .grant, "purchase": .purchase]
        guard let source = sources[source] else { throw SettingError("--source=\(source): allowed are grant and purchase") }
        let end = try expiresAt.map { text in
            guard let end = Instant(iso8601: text) else {
                throw SettingError("--expires-at=\(text): allowed is an ISO 8601 instant such as 2027-01-01T00:00:00Z")
            }
            return end
        }
        let (credits, organization) = (credits, organization)
        let batch = try await credits.engine.write { connection in
            try credits.grant(
                Int64(amount), as: source, expiresAt: end, note: note, to: organization, on: connection)
        }
        let balance = try await credits.balance(of: organization)
        await store.close()
        let until = batch.expiresAt.map { "until \($0)" } ?? "without an end"
        return "\(batch.id)  \(amount) credits \(until)   (balance \(Self.text(balance.available)))"
    }

    package func show() async throws -> String {
        let balance = try await credits.balance(of: organization)
        await store.close()
        let head = "balance \(Self.text(balance.available)), reserved \(balance.held), renewed \(balance.period.upperBound)"
        let lines = balance.batches.map { batch in
            let until = batch.expiresAt.map { "until \($0)" } ?? "without an end"
            return "\(batch.id)  \(batch.source.rawValue)  \(Self.text(batch.available)) left  \(until)  \(batch.note ?? "")"
        }
        return ([head] + lines).joined(separator: "\n")
    }

    private static func text(_ credits: Int64?) -> String { credits.map { String($0) } ?? "unlimited" }
}

extension World {
    /// The organization that a command means.
    /// - Parameter id: may be left out when there is exactly one.
    func organization(named id: String?) async throws -> OrganizationID {
        if let id {
            guard try await organizations.find(OrganizationID(id)) != nil else {
                throw SettingError("--organization=\(id): no such organization")
            }
            return OrganizationID(id)
        }
        let all = try await organizations.ids(limit: 2)
        guard let only = all.first, all.count == 1 else {
            throw SettingError(
                all.isEmpty
                    ? "there is no organization yet; run audenci init"
                    : "--organization is missing: there are several organizations; say which one")
        }
        return only
    }
}
