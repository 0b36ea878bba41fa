import AudenciClient
import Crypto
import Foundation
import Testing

/// Events in every shape in which they are sent, against the committed document.
struct EventTests {
    private static let document = (try? Repository.json("docs/openapi.json")) ?? .null
    private static let names = (document["webhooks"]?.object ?? [:]).keys.sorted()

    private func example(_ name: String) throws -> JSONValue {
        let body = Self.document["webhooks"]?[name]?["post"]?["requestBody"]?["content"]?["application/json"]
        return try #require(body?["example"])
    }

    private func read(_ value: JSONValue) throws -> WebhookEvent {
        try AudenciJSON.decode(WebhookEvent.self, from: AudenciJSON.encode(value))
    }

    @Test func theDocumentHasEvents() { #expect(Self.names.count >= 31) }

    /// A new event of the server's is known to the client, or this says which is not.
    @Test(arguments: names) func everyEventOfTheDocumentHasItsType(name: String) throws {
        let event = try read(example(name))
        #expect(event.type.rawValue == name)
        #expect(event.data != .other, "give EventData a case for \(name)")
    }

    @Test func aStandardPayloadHasItsID() throws {
        var members = try #require(try example("post.published").object)
        members["type"] = members.removeValue(forKey: "event")
        members["id"] = "evt_1"
        let event = try read(.object(members))
        #expect(event.id == "evt_1" && event.type == .postPublished && event.data != .other)
    }

    @Test func aCloudEventIsTheSame() throws {
        let own = try example("post.published")
        let event = try read([
            "specversion": "1.0", "id": "evt_1", "source": "https://a.test/organizations/clx789xyz",
            "type": "com.audenci.post.published", "subject": "clx123abc", "time": "2026-02-03T10:30:00Z",
            "datacontenttype": "application/json", "brandid": "clx456def", "data": try #require(own["data"]),
        ])
        #expect(event.type == .postPublished && event.data != .other)
        #expect(event.organizationId == "clx789xyz" && event.brandId == "clx456def")
    }

    @Test func lessThanTheWholeIsOtherAndStillReadable() throws {
        let event = try read([
            "event": "post.published", "timestamp": "2026-02-03T10:30:00Z", "id": "evt_1",
            "url": "https://a.test/api/events/evt_1",
            "data": ["postId": "clx123abc"], "organizationId": "o1", "brandId": nil,
        ])
        #expect(event.data == .other)
        #expect(event.json["postId"]?.string == "clx123abc")
    }

    @Test func anEventThatNobodyForesawIsOther() throws {
        let event = try read([
            "event": "moon.landed", "timestamp": "2026-02-03T10:30:00Z", "data": ["crater": 7], "organizationId": "o1",
            "brandId": nil,
        ])
        #expect(event.type == "moon.landed" && event.data == .other && event.json["crater"]?.int == 7)
    }

    @Test func aBatchHasAllItsEvents() throws {
        let both: JSONValue = .array([try example("post.published"), try example("campaign.started")])
        let body = try AudenciJSON.encode(both)
        let key = SymmetricKey(data: Data("whsec_AAAA".utf8))
        let signature = Data(HMAC<SHA256>.authenticationCode(for: body, using: key)).base64EncodedString()
        let headers = ["X-Audenci-Signature": signature, "webhook-id": "forged", "X-Audenci-Sequence": "4,5"]
        let delivery = try WebhookVerifier(secret: "whsec_AAAA", tolerance: nil).receive(body, headers: headers)
        #expect(delivery.events.map(\.type) == [.postPublished, .campaignStarted])
        #expect(delivery.sequence == [4, 5])
        #expect(delivery.messageId == nil, "no signature covers it")
    }
}
