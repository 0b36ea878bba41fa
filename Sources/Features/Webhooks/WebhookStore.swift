package import Contract
package import Core
package import Relational

/// Reads and changes webhooks. Secrets and header values are sealed at rest.
package struct WebhookStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    private let box: SecretBox
    /// At most this many webhooks in an organization.
    package static let maximumPerOrganization = 50

    package init(engine: any RelationalEngine, ambient: Ambient, box: SecretBox) {
        self.engine = engine
        self.ambient = ambient
        self.box = box
    }

    // MARK: Rows

    private static let columns: Query = """
        organization_id, id, url, description, events, enabled, disabled_reason, headers_sealed, retry_schedule, \
        timeout_seconds, created_at, updated_at, version, secret_sealed
        """

    /// A row before its secrets are opened: opening costs an AES decryption, which a cache may save.
    package struct SealedWebhook: Sendable {
        package var webhook: Webhook
        var headersSealed: String
        var secretSealed: String
    }

    private static func decode(_ row: any ResultRow) throws -> SealedWebhook {
        let schedule = try row.optionalText(8).map { try RetrySchedule($0) }
        let webhook = Webhook(
            id: row.id(1), organizationID: row.id(0), url: row.text(2), description: row.optionalText(3),
            events: StringList.decode(row.text(4)), isEnabled: row.bool(5), disabledReason: row.optionalText(6), headers: [],
            retrySchedule: schedule, timeoutSeconds: Int(row.int(9)), createdAt: row.instant(10), updatedAt: row.instant(11),
            version: row.int(12))
        return SealedWebhook(webhook: webhook, headersSealed: row.text(7), secretSealed: row.text(13))
    }

    private static func context(_ what: String, _ organization: OrganizationID, _ id: WebhookID) -> String {
        "webhook|\(what)|\(organization)|\(id)"
    }

    /// The webhook with its headers, and its secret.
    package func open(_ sealed: SealedWebhook) throws -> (webhook: Webhook, secret: Secret) {
        var webhook = sealed.webhook
        let headers = try box.open(
            sealed.headersSealed, context: Self.context("headers", webhook.organizationID, webhook.id))
        let members = (try? JSONValue(parsing: headers.reveal()))?.object ?? []
        webhook.headers = members.map { (name: $0.key, value: Secret($0.value.string ?? "")) }
        let secret = try box.open(sealed.secretSealed, context: Self.context("secret", webhook.organizationID, webhook.id))
        return (webhook, secret)
    }

    // MARK: Reading

    package func sealed(
        _ id: WebhookID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> SealedWebhook? {
        try connection.first(
            """
            SELECT \(Self.columns) FROM webhook WHERE organization_id = \(organization) AND id = \(id) AND deleted_at IS NULL
            """, Self.decode)
    }

    /// The webhook as it is stored, or nil when it was deleted or never was.
    package func sealed(_ id: WebhookID, in organization: OrganizationID) async throws -> SealedWebhook? {
        try await engine.readByKey { try self.sealed(id, in: organization, on: $0) }
    }

    /// The webhook, or 404.
    package func get(_ id: WebhookID, in organization: OrganizationID) async throws -> Webhook {
        try await secret(of: id, in: organization).webhook
    }

    /// The webhook and its secret, or 404.
    package func secret(of id: WebhookID, in organization: OrganizationID) async throws -> (webhook: Webhook, secret: Secret) {
        guard let sealed = try await sealed(id, in: organization) else { throw APIError.notFound("webhook") }
        return try open(sealed)
    }

    package func list(in organization: OrganizationID, page: PageRequest) async throws -> Page<Webhook> {
        let sealed = try await engine.read { connection in
            var conditions: [Query] = ["organization_id = \(organization)", "deleted_at IS NULL"]
            if let after = page.after { conditions.append("id < \(after.key)") }
            let rows = try connection.query(
                "SELECT \(Self.columns) FROM webhook WHERE \(Query.all(conditions)) ORDER BY id DESC LIMIT \(page.limit + 1)",
                Self.decode)
            return page.page(rows) { Cursor($0.webhook.id) }
        }
        return try sealed.map { try open($0).webhook }
    }

    // MARK: Changing

    /// Adds a webhook with a new secret.
    package func create(_ input: WebhookInput, url: String, events: [String], for caller: Caller) async throws -> NewWebhook {
        let now = ambient.now()
        let new = Webhook(
            id: ambient.newID(), organizationID: caller.organizationID, url: url, description: input.description.value,
            events: events, isEnabled: input.isEnabled ?? true, disabledReason: nil,
            headers: try Self.headers(input.headers.value, present: []), retrySchedule: input.retry.value?.schedule,
            timeoutSeconds: input.timeoutSeconds ?? 15, createdAt: now, updatedAt: now, version: 1)
        let secret = Signature.newSecret(ambient)
        let headersSealed = try seal(new.headers, new)
        let secretSealed = try box.seal(secret, context: Self.context("secret", new.organizationID, new.id))
        try await engine.write { connection in
            let count = try connection.first(
                "SELECT count(*) FROM webhook WHERE organization_id = \(caller.organizationID) AND deleted_at IS NULL"
            ) { $0.int(0) }
            guard (count ?? 0) < Self.maximumPerOrganization else {
                throw APIError(
                    .quotaExceeded, "An organization has at most \(Self.maximumPerOrganization) webhooks; delete one first.")
            }
            try connection.execute(
                """
                INSERT INTO webhook (\(Self.columns), next_sequence, user_id)
                VALUES (\(new.organizationID), \(new.id), \(new.url), \(new.description), \(StringList.encode(new.events)),
                        \(new.isEnabled), \(new.disabledReason), \(headersSealed), \(new.retrySchedule?.text),
                        \(new.timeoutSeconds), \(now), \(now), 1, \(secretSealed), 1, \(caller.userID))
                """)
        }
        return NewWebhook(webhook: new, secret: secret)
    }

    /// Changes what `input` says. Turning `enabled` off holds what is open; turning it on sends what was held.
    package func update(_ id: WebhookID, with input: WebhookInput, for caller: Caller) async throws -> Webhook {
        let (present, _) = try await secret(of: id, in: caller.organizationID)
        var changed = present
        changed.url = input.url ?? changed.url
        changed.description = input.description.applied(to: changed.description)
        changed.events = input.events ?? changed.events
        if !input.headers.isKept { changed.headers = try Self.headers(input.headers.value, present: present.headers) }
        if !input.retry.isKept { changed.retrySchedule = input.retry.value?.schedule }
        changed.timeoutSeconds = input.timeoutSeconds ?? changed.timeoutSeconds
        let headersSealed = try seal(changed.headers, changed)
        let final = changed
        try await engine.write { connection in
            let updated = try connection.execute(
                """
                UPDATE webhook SET url = \(final.url), description = \(final.description),
                    events = \(StringList.encode(final.events)), headers_sealed = \(headersSealed),
                    retry_schedule = \(final.retrySchedule?.text), timeout_seconds = \(final.timeoutSeconds),
                    updated_at = \(ambient.now()), version = version + 1
                WHERE organization_id = \(caller.organizationID) AND id = \(id) AND version = \(present.version)
                """)
            guard updated == 1 else {
                throw APIError(
                    .conflict, "The webhook was changed by another request at the same time; read it again and repeat.")
            }
            if let isEnabled = input.isEnabled, isEnabled != present.isEnabled {
                if isEnabled {
                    try enable(id, in: caller.organizationID, EnableInput(), on: connection)
                } else {
                    try disable(id, in: caller.organizationID, because: nil, on: connection)
                }
            }
        }
        return try await get(id, in: caller.organizationID)
    }

    /// Sends again, and what was held as `input` says.
    package func enable(_ id: WebhookID, _ input: EnableInput, for caller: Caller) async throws -> Webhook {
        try await engine.write { connection in
            guard try sealed(id, in: caller.organizationID, on: connection) != nil else { throw APIError.notFound("webhook") }
            try enable(id, in: caller.organizationID, input, on: connection)
        }
        return try await get(id, in: caller.organizationID)
    }

    /// Holds everything from now on.
    package func disable(_ id: WebhookID, for caller: Caller) async throws -> Webhook {
        try await engine.write { connection in
            guard try sealed(id, in: caller.organizationID, on: connection) != nil else { throw APIError.notFound("webhook") }
            try disable(id, in: caller.organizationID, because: nil, on: connection)
        }
        return try await get(id, in: caller.organizationID)
    }

    /// Removes the webhook; what waits is cancelled, the log stays. An attempt under way is finished and logged; should it
    /// fail, nothing follows.
    package func delete(_ id: WebhookID, for caller: Caller) async throws {
        try await engine.write { connection in
            let now = ambient.now()
            let deleted = try connection.execute(
                """
                UPDATE webhook SET deleted_at = \(now), enabled = FALSE, version = version + 1
                WHERE organization_id = \(caller.organizationID) AND id = \(id) AND deleted_at IS NULL
                """)
            guard deleted == 1 else { throw APIError.notFound("webhook") }
            try connection.execute(DeliveryQueries.close(.pending, of: id, as: .cancelled))
            try connection.execute(DeliveryQueries.close(.retrying, of: id, as: .cancelled))
            try connection.execute(
                "UPDATE delivery SET state = 'cancelled' WHERE \(DeliveryQueries.held(of: id, in: caller.organizationID))")
        }
    }

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

    private func enable(
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
    }

    /// A value that is sent back as it was shown stays what it was: a client may read a webhook, change a field and put the
    /// whole of it back.
    private static func headers(
        _ values: NamedValues<String>?, present: [(name: String, value: Secret)]
    ) throws -> [(name: String, value: Secret)] {
        try (values?.pairs ?? []).map { pair in
            guard pair.value.hasPrefix(Webhook.mask) else { return (name: pair.name, value: Secret(pair.value)) }
            let same = present.first { $0.name.lowercased() == pair.name.lowercased() }
            guard let same, Webhook.masked(same.value) == pair.value else {
                throw APIError.invalid("headers", "has a masked value at \(pair.name) that is not its own; send the value")
            }
            return (name: pair.name, value: same.value)
        }
    }

    private func seal(_ headers: [(name: String, value: Secret)], _ webhook: Webhook) throws -> String {
        let json = JSONValue.object(headers.map { .init($0.name, .string($0.value.reveal())) })
        return try box.seal(Secret(json.text), context: Self.context("headers", webhook.organizationID, webhook.id))
    }
}
