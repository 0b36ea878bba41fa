package import Core
package import Relational

/// Mails on their way: written with what they tell of, sent by a duty, tried again for a day. Their content is sealed,
/// because links in it open doors.
package struct MailStore: Sendable {
    private let engine: any RelationalEngine
    private let ambient: Ambient
    private let box: SecretBox
    package let wake = WakeSignal()

    package init(engine: any RelationalEngine, ambient: Ambient, box: SecretBox) {
        self.engine = engine
        self.ambient = ambient
        self.box = box
    }

    /// Queues a mail on the caller's transaction; signal ``wake`` after its commit.
    package func enqueue(_ mail: OutgoingMail, of organization: OrganizationID, on connection: any RelationalConnection) throws
    {
        let id = ambient.newID(ID<MailKind>.self)
        let sealed = try box.seal(Secret(mail.json.text), context: Self.context(id))
        let now = ambient.now()
        try connection.execute(
            """
            INSERT INTO mail (id, organization_id, content_sealed, attempts, next_at, created_at)
            VALUES (\(id), \(organization), \(sealed), 0, \(now), \(now))
            """)
    }

    private enum MailKind {}
    private static func context(_ id: ID<MailKind>) -> String { "mail/\(id)" }

    /// Sends what is due, one after the other.
    /// - Returns: when the next is due.
    package func sendDue(_ send: (OutgoingMail) async -> MailOutcome) async throws -> Instant? {
        let now = ambient.now()
        let due = try await engine.read { connection in
            try connection.query(
                "SELECT id, content_sealed, attempts FROM mail WHERE next_at IS NOT NULL AND next_at <= \(now) ORDER BY next_at LIMIT 50"
            ) { row in (row.id(0, ID<MailKind>.self), row.text(1), Int(row.int(2))) }
        }
        for (id, sealed, attempts) in due {
            let content = try box.open(sealed, context: Self.context(id)).reveal()
            guard let mail = (try? JSONValue(parsing: content)).flatMap(OutgoingMail.init) else { continue }
            let outcome = await send(mail)
            try await record(outcome, of: id, attempts: attempts + 1)
        }
        return try await engine.read { connection in
            try connection.first("SELECT min(next_at) FROM mail WHERE next_at IS NOT NULL") { $0.optionalInstant(0) } ?? nil
        }
    }

    private func record(_ outcome: MailOutcome, of id: ID<MailKind>, attempts: Int) async throws {
        let now = ambient.now()
        var next: Instant?
        var problem: String?
        switch outcome {
        case .sent: break
        case .refused(let reason): problem = reason
        case .delayed(let reason):
            problem = reason
            if attempts < 12 { next = now + .seconds(min(30 << min(attempts, 9), 14_400)) }
        }
        let (later, reason) = (next, problem)
        try await engine.write { connection in
            // A mail that was sent, or never will be, holds nothing any more.
            try connection.execute(
                """
                UPDATE mail SET attempts = \(attempts), next_at = \(later), last_error = \(reason),
                    sent_at = \(reason == nil ? now : nil), content_sealed = CASE WHEN \(later == nil) THEN '' ELSE content_sealed END
                WHERE id = \(id)
                """)
        }
    }
}
