package import Contract
package import Core

/// The keys that sign now: the answer of `GET /api/webhooks/{id}/secret` and of a rotation.
package struct SigningKeys: APIObject {
    package var ring: SecretRing
    package var now: Instant

    package init(_ ring: SecretRing, at now: Instant) {
        self.ring = ring
        self.now = now
    }

    package static let name = "WebhookSecret"
    package static let properties: [Property<Self>] = [
        Property("secret", "The key of X-Audenci-Signature.") { $0.ring.current(at: $0.now)?.secret.reveal() ?? "" },
        Property("nextSecret", "The key of X-Audenci-Signature-Next, during a rotation.") { keys in
            keys.ring.next(at: keys.now)?.secret.reveal()
        },
        Property("promotesAt", "When nextSecret takes over by itself.") { keys in keys.ring.next(at: keys.now)?.from },
        Property("keys", "Every key that signs now: webhook-signature has one value for each.") { keys in
            keys.ring.live(at: keys.now).map { SigningKey(key: $0) }
        },
    ]
    package static let example = SigningKeys(
        SecretRing(keys: [
            .init(
                secret: Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), from: Instant(seconds: 1_770_114_600), until: nil)
        ]), at: Instant(seconds: 1_770_114_600))
}

/// One key that signs.
package struct SigningKey: APIObject {
    var key: SecretRing.Key

    package static let name = "SigningKey"
    package static let properties: [Property<Self>] = [
        Property("secret", "The key.") { $0.key.secret.reveal() },
        Property("from", "From when on it makes X-Audenci-Signature.") { $0.key.from },
        Property("until", "When it stops signing; null: it stays.") { $0.key.until },
    ]
    package static let example = SigningKey(
        key: .init(secret: Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), from: Instant(seconds: 1_770_114_600), until: nil))
}

/// How a key is replaced.
package struct SecretRotation: APIInput {
    package enum Mode: String, Sendable, CaseIterable, APIEnum { case overlap, immediate }
    package var mode = Mode.overlap
    package var overlapSeconds = 86_400

    package init() {}

    package static let name = "SecretRotationInput"
    package static let fields: [InputField<Self>] = [
        InputField("mode", "overlap (the default): both keys sign for a while; immediate: the old one is dropped now.") {
            $0.mode = $1
        },
        InputField("overlapSeconds", "How long both sign, at most a week; a day unless said otherwise.", .range(0...604_800)) {
            $0.overlapSeconds = $1
        },
    ]
    package static let example: JSONValue = ["mode": "overlap", "overlapSeconds": 86_400]

    /// How long both keys sign.
    package var overlap: Duration { mode == .immediate ? .zero : .seconds(overlapSeconds) }
}
