import Contract
package import Core
package import Relational

extension WebhookStore {
    /// Disables the webhook on the caller's transaction: by a person (no reason), or because its receiver said so. One that
    /// is disabled keeps the reason it was disabled for.
    package func disable(
        _ id: WebhookID, in organization: OrganizationID, because reason: String?, on connection: any RelationalConnection
    ) throws {
        try connection.execute(
            """
            UPDATE webhook SET enabled = FALSE, disabled_reason = \(reason), updated_at = \(ambient.now()), version = version + 1
            WHERE organization_id = \(organization) AND id = \(id) AND enabled
            """)
        try connection.execute(DeliveryQueries.close(.pending, of: id, as: .held))
        try connection.execute(DeliveryQueries.close(.retrying, of: id, as: .held))
    }

    /// Disables the webhook because a person wants it: one that the server had disabled is probed, and so enabled, no more.
    func disable(_ id: WebhookID, by caller: Caller, on connection: any RelationalConnection) throws {
        try disable(id, in: caller.organizationID, because: nil, on: connection)
        try connection.execute(HealthQueries.endProbes(id, in: caller.organizationID))
    }

    func enable(
        _ id: WebhookID, in organization: OrganizationID, _ input: EnableInput, on connection: any RelationalConnection
    ) throws {
        let now = ambient.now()
        try connection.execute(
            """
            UPDATE webhook SET enabled = TRUE, disabled_reason = NULL, updated_at = \(now), version = version + 1
            WHERE organization_id = \(organization) AND id = \(id) AND NOT enabled
            """)
        let held = DeliveryQueries.held(of: id, in: organization)
        switch input.recover {
        case .all: break
        case .none: try connection.execute("UPDATE delivery SET state = 'cancelled' WHERE \(held)")
        case .latest:
            try connection.execute(
                """
                UPDATE delivery SET state = 'cancelled' WHERE \(held) AND id NOT IN (
                    SELECT id FROM delivery WHERE \(held) ORDER BY sequence DESC LIMIT \(input.count))
                """)
        }
        try connection.execute("UPDATE delivery SET state = 'pending', wake_at = \(now) WHERE \(held)")
        try connection.execute(DeliveryQueries.blockAll(id))
        for entity in try connection.query(DeliveryQueries.orderedEntities(id), { $0.text(0) }) {
            try connection.execute(DeliveryQueries.unblock(id, entity: entity, now: now, orderBreak: nil))
        }
        // Whoever enables it starts afresh.
        try connection.execute(HealthQueries.clear(id, in: organization))
    }
}
