import AudenciClient
import Foundation
import Testing

/// The vectors over which every verification function of docs/verify is run, and what only this one does.
struct VerifierTests {
    struct Vector: Decodable, CustomTestStringConvertible {
        let name: String
        let kind: String
        let valid: Bool
        let secret: String
        let now: Double
        let headers: [String: String]
        let body: String

        var testDescription: String { "\(kind): \(name)" }

        func verifier(tolerance: Duration? = .seconds(300)) -> WebhookVerifier {
            WebhookVerifier(secret: secret, tolerance: tolerance, now: { Date(timeIntervalSince1970: now) })
        }
    }

    private static let vectors = (try? Repository.json("docs/verify/vectors.json", as: [Vector].self)) ?? []
    private static func seed(_ kind: String) throws -> Vector { try #require(vectors.first { $0.kind == kind && $0.valid }) }

    @Test func thereAreVectorsOfBothKinds() {
        #expect(Self.vectors.filter { $0.kind == "audenci" }.count >= 8)
        #expect(Self.vectors.filter { $0.kind == "standard" }.count >= 17)
    }

    @Test(arguments: vectors.filter { $0.kind == "audenci" }) func itsOwnSignature(vector: Vector) {
        let verifier = vector.verifier(tolerance: nil)
        let body = Data(vector.body.utf8)
        #expect(verifier.isGenuine(body, signature: vector.headers["x-audenci-signature"] ?? "") == vector.valid)
        #expect(((try? verifier.verify(body, headers: vector.headers)) != nil) == vector.valid)
    }

    @Test(arguments: vectors.filter { $0.kind == "standard" }) func standardWebhooks(vector: Vector) {
        let isAccepted = (try? vector.verifier().verify(Data(vector.body.utf8), headers: vector.headers)) != nil
        #expect(isAccepted == vector.valid)
    }

    @Test func aSignatureWithoutATimeIsOnlyTrustedWhenNobodyAsksForTheTime() throws {
        let vector = try Self.seed("audenci")
        #expect(throws: WebhookVerificationError.withoutTimestamp) {
            try vector.verifier().verify(Data(vector.body.utf8), headers: vector.headers)
        }
    }

    @Test func anyOfTheSecretsWillDo() throws {
        let vector = try Self.seed("standard")
        let now = Date(timeIntervalSince1970: vector.now)
        let other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
        for secrets in [[other, vector.secret], [vector.secret, other]] {
            try WebhookVerifier(secrets: secrets, now: { now }).verify(Data(vector.body.utf8), headers: vector.headers)
        }
        #expect(throws: WebhookVerificationError.wrongSignature) {
            try WebhookVerifier(secrets: [other], now: { now }).verify(Data(vector.body.utf8), headers: vector.headers)
        }
    }

    @Test(arguments: [[], [""], ["whsec_"]]) func noSecretAcceptsNothing(secrets: [String]) throws {
        let vector = try Self.seed("standard")
        let verifier = WebhookVerifier(secrets: secrets, tolerance: nil)
        #expect(throws: WebhookVerificationError.wrongSignature) {
            try verifier.verify(Data(vector.body.utf8), headers: vector.headers)
        }
        // HMAC-SHA256 of nothing by an empty key: whoever forgot the secret must not trust it.
        let empty = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        #expect(!verifier.isGenuine(Data(), signature: empty))
    }

    @Test func theWholeDeliveryIsRead() throws {
        let vector = try Self.seed("standard")
        var headers = vector.headers.reduce(into: [:]) { $0[$1.key.uppercased()] = $1.value }
        headers["X-Audenci-Sequence"] = "17"
        headers["X-Audenci-Attempt"] = "2"
        let delivery = try vector.verifier().receive(Data(vector.body.utf8), headers: headers)
        #expect(delivery.messageId == "evt_01TEST")
        #expect(delivery.sequence == [17] && delivery.attempt == 2 && !delivery.isTest)
        let event = try #require(delivery.events.first)
        #expect(event.type == .postPublished)
        #expect(event.timestamp == Date(timeIntervalSince1970: 1_770_114_600))
        #expect(event.organizationId == "clx789xyz" && event.brandId == "clx456def" && event.userId == nil)
        guard case .postPublished(let post) = event.data else {
            Issue.record("\(event.data)")
            return
        }
        #expect(post.title == "Summer Sale Announcement")
        #expect(post.platformResults[.instagram]?.success == true)
    }

    @Test(arguments: [("1770114299", 301), ("1770114901", -301)]) func theErrorSaysByHowMuchTheTimeIsOff(
        stamp: String, age: Int64
    ) {
        let verifier = WebhookVerifier(secret: "whsec_AAAA", now: { Date(timeIntervalSince1970: 1_770_114_600) })
        let headers = ["webhook-id": "e", "webhook-timestamp": stamp, "webhook-signature": "v1,AAAA"]
        #expect(throws: WebhookVerificationError.outsideTolerance(seconds: age)) {
            try verifier.verify(Data(), headers: headers)
        }
    }

    @Test(arguments: ["-1", "", "1e9", "99999999999999999999", "1770114600 "]) func aTimeThatIsNoneIsRefused(stamp: String) {
        let headers = ["webhook-id": "e", "webhook-timestamp": stamp, "webhook-signature": "v1,AAAA"]
        #expect(throws: WebhookVerificationError.unreadableTimestamp) {
            try WebhookVerifier(secret: "whsec_AAAA").verify(Data(), headers: headers)
        }
    }
}
