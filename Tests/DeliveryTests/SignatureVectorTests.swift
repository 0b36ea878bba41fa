import Core
import Testing

/// The published vectors, recomputed: what a receiver's library checks.
@Suite(.serialized) struct SignatureVectorTests {
    /// The seed's example payload, minified, keys in its order: 322 bytes.
    static let seedBody = Array(
        (#"{"event":"post.published","timestamp":"2026-02-03T10:30:00Z","data":{"postId":"clx123abc","#
            + #""title":"Summer Sale Announcement","platforms":["instagram","facebook"],"scheduledFor":"2026-02-03T10:00:00Z","#
            + #""platformResults":{"instagram":{"success":true,"postId":"123456789"}}},"organizationId":"clx789xyz","brandId":"clx456def"}"#)
            .utf8)
    static let secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    @Test func theSeedsExampleHasThePublishedSignature() {
        #expect(Self.seedBody.count == 322)
        #expect(
            Signature.audenci(body: Self.seedBody, secret: Self.secret)
                == "f96e46c0d1594457071c69734ecc0cba0438d253771965557606d410aef4769c")
        #expect(
            Signature.standard(id: "evt_01TEST", timestamp: 1_770_114_600, body: Self.seedBody, secret: Self.secret)
                == "v1,/y+HnyJsgt8YPfbd8jBphOJPa4o+BdVrNGRZXj09tF4=")
    }

    @Test func gitHubsVectorHolds() {
        #expect(
            Signature.audenci(body: Array("Hello, World!".utf8), secret: Secret("It's a Secret to Everybody"))
                == "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
    }

    @Test func convoysVectorHolds() {
        let body = Array(#"{"event":"charge.success","amount":1000,"currency":"NGN"}"#.utf8)
        #expect(
            Signature.audenci(body: body, secret: Secret("convoy-webhook-secret"))
                == "244449b7f48cbc2709060c9dcdc2b3aa47a78f540430579015c579fb12defbb4")
    }

    @Test func standardWebhooksVectorHolds() {
        #expect(
            Signature.standard(
                id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8),
                secret: Self.secret) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func aNewSecretHas32RandomBytes() {
        let secret = Signature.newSecret(.live).reveal()
        #expect(secret.hasPrefix("whsec_"))
        #expect(secret.count == 6 + 44)
        #expect(secret != Signature.newSecret(.live).reveal())
    }
}
