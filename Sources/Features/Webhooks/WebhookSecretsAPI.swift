import Contract
import Core

/// The signing keys: showing, replacing, promoting.
extension WebhooksAPI {
    var secrets: [Endpoint] {
        let id = PathParameter("id", as: WebhookID.self, "The webhook.")
        return [
            Endpoint(
                "GET", "/api/webhooks/{id}/secret", id: "webhooks.secret", "Show the keys of the signatures.", scope: .admin, id
            ) { caller, id in OK(keys(try await webhooks.revealSecrets(of: id, for: caller, outbox: feed.outbox))) },
            Endpoint(
                "POST", "/api/webhooks/{id}/secret/rotate", id: "webhooks.rotateSecret",
                "Replace the key of the signatures; both sign while the overlap lasts.", scope: .admin, errors: [.conflict], id,
                JSONBody(SecretRotation.self, optional: true)
            ) { caller, id, input in
                OK(keys(try await webhooks.rotateSecret(of: id, overlap: input.overlap, for: caller, outbox: feed.outbox)))
            },
            Endpoint(
                "POST", "/api/webhooks/{id}/secret/promote", id: "webhooks.promoteSecret",
                "Let the next key make X-Audenci-Signature now; the old one still signs until its time.", scope: .admin,
                errors: [.conflict], id
            ) { caller, id in OK(keys(try await webhooks.promoteSecret(of: id, for: caller, outbox: feed.outbox))) },
        ]
    }

    private func keys(_ ring: SecretRing) -> SigningKeys { SigningKeys(ring, at: webhooks.ambient.now()) }
}
