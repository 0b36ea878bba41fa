import Contract
import Core
import Relational

/// The rows behind `Idempotency-Key`: one for each key that had an effect, with the answer sealed, because answers may
/// hold secrets that are shown once.
struct RepeatStore: Sendable {
    let box: SecretBox
    let ambient: Ambient

    /// How long a repeat is recognised.
    static let memory = Duration.seconds(86_400)

    /// The answer that was given to this key.
    /// - Throws: 409 when the key was used for another request.
    func reply(to scope: RequestScope, _ key: RequestScope.RepeatKey, on connection: any RelationalConnection) throws
        -> StoredReply?
    {
        let found = try connection.first(
            """
            SELECT fingerprint, status, location, entity_tag, body_sealed FROM request_repeat
            WHERE organization_id = \(scope.caller.organizationID) AND key_id = \(scope.caller.keyID) AND text = \(key.text)
              AND created_at > \(ambient.now() - Self.memory)
            """
        ) { row in
            (row.text(0), Int(row.int(1)), row.optionalText(2), row.optionalText(3), row.text(4))
        }
        guard let (fingerprint, status, location, tag, sealed) = found else { return nil }
        guard fingerprint == key.fingerprint else {
            throw APIError(
                .idempotencyKeyReused,
                "This Idempotency-Key was used for another request; make a new key for each new request.",
                details: [FieldIssue("Idempotency-Key", "must be new for another method, path, query or body")])
        }
        let body = try box.open(sealed, context: context(scope, key)).reveal()
        return StoredReply(status: status, location: location, entityTag: tag, body: Array(body.utf8))
    }

    /// Keeps the answer, on the transaction that makes its effect or later to complete it.
    func keep(
        _ reply: StoredReply, to scope: RequestScope, _ key: RequestScope.RepeatKey, on connection: any RelationalConnection
    ) throws {
        let sealed = try box.seal(Secret(String(decoding: reply.body, as: UTF8.self)), context: context(scope, key))
        try connection.execute(
            """
            INSERT INTO request_repeat (organization_id, key_id, text, fingerprint, status, location, entity_tag, body_sealed, created_at)
            VALUES (\(scope.caller.organizationID), \(scope.caller.keyID), \(key.text), \(key.fingerprint), \(reply.status),
                    \(reply.location), \(reply.entityTag), \(sealed), \(ambient.now()))
            ON CONFLICT (organization_id, key_id, text) DO UPDATE
            SET fingerprint = excluded.fingerprint, status = excluded.status, location = excluded.location,
                entity_tag = excluded.entity_tag, body_sealed = excluded.body_sealed, created_at = excluded.created_at
            """)
    }

    /// Deletes what is too old to be recognised.
    func prune(limit: Int, on connection: any RelationalConnection) throws -> Int {
        try connection.execute(
            """
            DELETE FROM request_repeat WHERE (organization_id, key_id, text) IN (
                SELECT organization_id, key_id, text FROM request_repeat
                WHERE created_at <= \(ambient.now() - Self.memory) ORDER BY created_at LIMIT \(limit))
            """)
    }

    private func context(_ scope: RequestScope, _ key: RequestScope.RepeatKey) -> String {
        "request_repeat/\(scope.caller.organizationID)/\(scope.caller.keyID)/\(key.text)"
    }
}
