import Contract
import Core
import PayloadFormats

extension WebhookInput {
    /// Writes what is said onto `webhook`; `enabled` apart, which has consequences of its own.
    /// - Throws: ``APIError`` naming the field, for what can be judged only together with what is there.
    func apply(to webhook: inout Webhook) throws {
        webhook.url = url ?? webhook.url
        webhook.description = description.applied(to: webhook.description)
        webhook.events = events ?? webhook.events
        if !headers.isKept { webhook.headers = try Self.headers(headers.value, present: webhook.headers) }
        if !retry.isKept { webhook.retrySchedule = retry.value?.schedule }
        webhook.timeoutSeconds = timeoutSeconds ?? webhook.timeoutSeconds
        webhook.ordering = ordering ?? webhook.ordering
        webhook.filter = filter.applied(to: webhook.filter)
        if !batch.isKept {
            webhook.batchSeconds = batch.value?.seconds ?? 0
            webhook.options.batchSize = batch.value?.maximumEvents ?? 1
        }
        applyShape(to: &webhook)
        if !authentication.isKept {
            webhook.authentication = try Self.authentication(authentication.value?.value, present: webhook.authentication)
        }
        try checkTogether(webhook)
    }

    private func applyShape(to webhook: inout Webhook) {
        if let format {
            webhook.options.format = format
        } else if let url, webhook.options.format == .audenci, let detected = PayloadRenderer.detected(from: url) {
            webhook.options.format = detected
        }
        if !formatOptions.isKept {
            webhook.options.formatOptions =
                formatOptions.value.flatMap { try? FormatOptions(json: $0) } ?? FormatOptions()
        }
        webhook.options.payloadVersion = payloadVersion ?? webhook.options.payloadVersion
        webhook.options.signatureFormat = signatureFormat ?? webhook.options.signatureFormat
        webhook.options.isEd25519Signed = isEd25519Signed ?? webhook.options.isEd25519Signed
        webhook.options.ratePerSecond = ratePerSecond.applied(to: webhook.options.ratePerSecond)
        webhook.options.concurrency = concurrency ?? webhook.options.concurrency
        if !finalStatuses.isKept { webhook.options.finalStatuses = finalStatuses.value ?? [] }
    }

    /// What contradicts itself.
    private func checkTogether(_ webhook: Webhook) throws(APIError) {
        if webhook.batchSeconds > 0 {
            if webhook.ordering != .none {
                throw APIError.invalid("batch", "cannot go with ordering \(webhook.ordering.rawValue); leave one of them out")
            }
            if webhook.options.format != .audenci {
                throw APIError.invalid("batch", "is for the format audenci only")
            }
        }
        let isAuthorized = webhook.authentication.map { $0.kind != .certificate } ?? false
        if isAuthorized, webhook.headers.contains(where: { $0.name.lowercased() == "authorization" }) {
            throw APIError.invalid("headers", "must not set Authorization beside authentication")
        }
        do throws(FormatIssue) {
            try PayloadRenderer.check(webhook.options.format, webhook.options.formatOptions)
        } catch {
            throw APIError.invalid("formatOptions.\(error.field)", error.description)
        }
    }

    /// What each field says by itself, beyond its type.
    var issues: [FieldIssue] {
        var issues: [FieldIssue] = []
        if let retry = retry.value, retry.schedule == nil {
            issues.append(FieldIssue("retry.schedule", "is required, unless there is a preset"))
        }
        if let retry = retry.value, retry.given != nil, retry.preset != nil {
            issues.append(FieldIssue("retry.preset", "must not stand beside a schedule"))
        }
        if let filter = filter.value {
            do throws(PredicateIssue) { _ = try WebhookFilter(filter) } catch { issues.append(error.issue) }
        }
        if let options = formatOptions.value {
            do throws(FormatIssue) { _ = try FormatOptions(json: options) } catch {
                issues.append(FieldIssue("formatOptions.\(error.field)", error.description))
            }
        }
        return issues + (authentication.value?.issues ?? [])
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

    /// The same for the secrets of an authentication, as long as they go where they went.
    private static func authentication(
        _ given: WebhookAuthentication?, present: WebhookAuthentication?
    ) throws(APIError) -> WebhookAuthentication? {
        guard var value = given else { return nil }
        func kept(_ name: String, _ secret: Secret?, _ known: Secret?) throws(APIError) -> Secret? {
            guard let secret, secret.reveal().hasPrefix(Webhook.mask) else { return secret }
            guard let known, Webhook.masked(known) == secret.reveal(), present?.tokenURL == value.tokenURL else {
                throw APIError.invalid("authentication.\(name)", "is a masked value that is not its own; send the value")
            }
            return known
        }
        value.password = try kept("password", value.password, present?.password)
        value.token = try kept("token", value.token, present?.token)
        value.clientSecret = try kept("clientSecret", value.clientSecret, present?.clientSecret)
        return value
    }
}
