package import Contract
package import Core
package import Relational

/// Reads and changes webhooks. Secrets and header values are sealed at rest.
package struct WebhookStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    let box: SecretBox
    /// How long events of a disabled webhook are held.
    let heldFor: Duration
    /// At most this many webhooks in an organization.
    package static let maximumPerOrganization = 50

    package init(
        engine: any RelationalEngine, ambient: Ambient, box: SecretBox, heldFor: Duration = RetentionLimits().held
    ) {
        self.heldFor = heldFor
        self.engine = engine
        self.ambient = ambient
        self.box = box
    }

    /// A row before its secrets are opened: opening costs AES decryptions and parsing, which a cache may save.
    package struct SealedWebhook: Sendable {
        /// Without headers, options, authentication and keys.
        package var webhook: Webhook
        var headersSealed: String
        var authenticationSealed: String?
        var options: String
        var filter: String?
        var secrets: String
    }

    func context(_ what: String, _ organization: OrganizationID, _ id: WebhookID) -> String {
        "webhook|\(what)|\(organization)|\(id)"
    }

    /// The webhook with everything it has, and its signing keys.
    package func open(_ sealed: SealedWebhook) throws -> (webhook: Webhook, secrets: SecretRing) {
        var webhook = sealed.webhook
        let headers = try box.open(
            sealed.headersSealed, context: context("headers", webhook.organizationID, webhook.id))
        let members = (try? JSONValue(parsing: headers.reveal()))?.object ?? []
        webhook.headers = members.map { (name: $0.key, value: Secret($0.value.string ?? "")) }
        if sealed.options != "{}" { webhook.options = WebhookOptions(json: try JSONValue(parsing: sealed.options)) }
        webhook.filter = try sealed.filter.map { try JSONValue(parsing: $0) }
        webhook.authentication = try sealed.authenticationSealed.map { text in
            let opened = try box.open(text, context: context("authentication", webhook.organizationID, webhook.id))
            return WebhookAuthentication(json: try JSONValue(parsing: opened.reveal()))
        }
        return (webhook, try openSecrets(sealed.secrets, of: webhook))
    }

    // MARK: Reading

    package func sealed(
        _ id: WebhookID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> SealedWebhook? {
        try connection.first(
            """
            SELECT \(WebhookQueries.columns) FROM \(WebhookQueries.table)
            WHERE webhook.organization_id = \(organization) AND webhook.id = \(id) AND webhook.deleted_at IS NULL
            """, WebhookQueries.decode)
    }

    /// The webhook as it is stored, or nil when it was deleted or never was.
    package func sealed(_ id: WebhookID, in organization: OrganizationID) async throws -> SealedWebhook? {
        try await engine.readByKey { try self.sealed(id, in: organization, on: $0) }
    }

    /// The webhook, or 404.
    package func get(_ id: WebhookID, in organization: OrganizationID) async throws -> Webhook {
        try await opened(id, in: organization).webhook
    }

    /// The webhook and its signing keys, or 404.
    package func opened(_ id: WebhookID, in organization: OrganizationID) async throws -> (
        webhook: Webhook, secrets: SecretRing
    ) {
        guard let sealed = try await sealed(id, in: organization) else { throw APIError.notFound("webhook") }
        return try open(sealed)
    }

    package func list(in organization: OrganizationID, page: PageRequest) async throws -> Page<Webhook> {
        let sealed = try await engine.read { connection in
            var conditions: [Query] = ["webhook.organization_id = \(organization)", "webhook.deleted_at IS NULL"]
            conditions.append(page.condition("webhook.id"))
            let rows = try connection.query(
                """
                SELECT \(WebhookQueries.columns) FROM \(WebhookQueries.table) WHERE \(Query.all(conditions))
                \(page.tail("webhook.id"))
                """, WebhookQueries.decode)
            return page.page(rows) { Cursor($0.webhook.id) }
        }
        return try sealed.map { try open($0).webhook }
    }

    // MARK: Changing

    /// Adds a webhook with a new secret. What `input` says has been checked.
    package func create(_ input: WebhookInput, url: String, events: [String], for caller: Caller) async throws -> NewWebhook {
        let now = ambient.now()
        var new = Webhook(
            id: ambient.newID(), organizationID: caller.organizationID, url: url, description: nil, events: events,
            isEnabled: input.isEnabled ?? true, disabledReason: nil, headers: [], retrySchedule: nil, timeoutSeconds: 15,
            ordering: .none, batchSeconds: 0, filter: nil, options: WebhookOptions(), authentication: nil, health: nil,
            createdAt: now, updatedAt: now, version: 1)
        try input.apply(to: &new)
        try Self.confine(&new, to: caller)
        let secret = Signature.newSecret(ambient)
        let sealed = try seal(new, SecretRing(keys: [.init(secret: secret, from: now, until: nil)]))
        try await engine.write { connection in
            let count = try connection.first(
                "SELECT count(*) FROM webhook WHERE organization_id = \(caller.organizationID) AND deleted_at IS NULL"
            ) { $0.int(0) }
            guard (count ?? 0) < Self.maximumPerOrganization else {
                throw APIError(
                    .quotaExceeded, "An organization has at most \(Self.maximumPerOrganization) webhooks; delete one first.")
            }
            try connection.execute(WebhookQueries.insert(sealed, by: caller.userID))
        }
        return NewWebhook(webhook: new, secret: secret)
    }

    /// Changes what `input` says, which has been checked. Turning `enabled` off holds what is open; turning it on sends what
    /// was held.
    package func update(_ id: WebhookID, with input: WebhookInput, for caller: Caller) async throws -> Webhook {
        let (present, secrets) = try await opened(id, for: caller)
        try caller.checkVersion(present.version)
        var changed = present
        try input.apply(to: &changed)
        try Self.confine(&changed, to: caller)
        changed.updatedAt = ambient.now()
        let sealed = try seal(changed, secrets)
        return try await engine.write { connection in
            let updated = try connection.execute(WebhookQueries.update(sealed, from: present.version))
            guard updated == 1 else {
                throw APIError(
                    .conflict, "The webhook was changed by another request at the same time; read it again and repeat.")
            }
            if input.isEnabled == true, !present.isEnabled {
                try enable(id, in: caller.organizationID, EnableInput(), on: connection)
            } else if input.isEnabled == false {
                try disable(id, by: caller, on: connection)
            }
            return try current(id, for: caller, on: connection)
        }
    }

    /// The webhook as this transaction leaves it.
    private func current(_ id: WebhookID, for caller: Caller, on connection: any RelationalConnection) throws -> Webhook {
        guard let sealed = try sealed(id, in: caller.organizationID, on: connection), sealed.isVisible(to: caller)
        else { throw APIError.notFound("webhook") }
        return try open(sealed).webhook
    }

    /// Changes `webhook` without saving it, for a preview.
    func apply(_ input: WebhookInput, to webhook: inout Webhook) throws {
        let issues = input.issues
        guard issues.isEmpty else { throw APIError.invalid(issues) }
        try input.apply(to: &webhook)
    }

    /// The events that the webhook's filter kept back, newest first.
    package func filtered(
        by id: WebhookID, for caller: Caller, page: PageRequest
    ) async throws -> Page<FilteredEvent> {
        try await engine.read { connection in
            let rows = try connection.query(FilteredQueries.list(of: id, for: caller, page)) { row in
                FilteredEvent(
                    id: row.id(0), eventID: row.id(1), event: row.text(2), reason: row.text(3), createdAt: row.instant(4))
            }
            return page.page(rows) { Cursor($0.id) }
        }
    }

    /// Sends again, and what was held as `input` says.
    package func enable(_ id: WebhookID, _ input: EnableInput, for caller: Caller) async throws -> Webhook {
        try await engine.write { connection in
            try caller.checkVersion(try current(id, for: caller, on: connection).version)
            try enable(id, in: caller.organizationID, input, on: connection)
            return try current(id, for: caller, on: connection)
        }
    }

    /// Holds everything from now on.
    package func disable(_ id: WebhookID, for caller: Caller) async throws -> Webhook {
        try await engine.write { connection in
            try caller.checkVersion(try current(id, for: caller, on: connection).version)
            try disable(id, by: caller, on: connection)
            return try current(id, for: caller, on: connection)
        }
    }

    /// Removes the webhook; what waits is cancelled, the log stays. An attempt under way is finished and logged; should it
    /// fail, nothing follows.
    package func delete(_ id: WebhookID, for caller: Caller) async throws {
        try await engine.write { connection in
            let now = ambient.now()
            try caller.checkVersion(try current(id, for: caller, on: connection).version)
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

    /// The row of a webhook, everything secret in it sealed.
    func seal(_ webhook: Webhook, _ secrets: SecretRing) throws -> SealedWebhook {
        func seal(_ what: String, _ json: JSONValue) throws -> String {
            try box.seal(Secret(json.text), context: context(what, webhook.organizationID, webhook.id))
        }
        return SealedWebhook(
            webhook: webhook,
            headersSealed: try seal("headers", .object(webhook.headers.map { .init($0.name, .string($0.value.reveal())) })),
            authenticationSealed: try webhook.authentication.map { try seal("authentication", $0.json) },
            options: webhook.options.json.text, filter: webhook.filter?.text, secrets: try sealSecrets(secrets, of: webhook))
    }
}
