import Contract
import Core
import Features
import HTTPServer

/// What receivers read: the public key of ed25519 signatures, and the events as an AsyncAPI document.
struct WebhookDocuments: Sendable {
    let world: World

    var routes: [PlainRoute] {
        [
            .document(
                "/.well-known/audenci-webhook-keys.json", contentType: "application/json", world.signer.keySet.bytes),
            .document("/asyncapi.json", contentType: "application/json", asyncAPI.bytes),
        ]
    }

    /// AsyncAPI 3.0: one channel, the receiver's URL; one message for each event.
    private var asyncAPI: JSONValue {
        var schemas = SchemaCollection()
        var messages: [JSONValue.Member] = []
        for event in FeatureList.events {
            event.collect(into: &schemas)
            messages.append(
                .init(
                    event.type,
                    [
                        "name": .string(event.type), "summary": .string(event.summary), "contentType": "application/json",
                        "payload": OpenAPIDocument.envelopeSchema(event),
                        "examples": [["payload": OpenAPIDocument.envelopeExample(event)]],
                    ]))
        }
        let references = messages.map { message in
            JSONValue.Member(message.key, ["$ref": .string("#/components/messages/\(message.key)")])
        }
        return [
            "asyncapi": "3.0.0",
            "info": ["title": "Audenci webhooks", "version": .string(Version.text)],
            "channels": ["webhook": ["address": .null, "messages": .object(references)]],
            "operations": ["send": ["action": "send", "channel": ["$ref": "#/channels/webhook"]]],
            "components": ["messages": .object(messages), "schemas": .object(schemas.members)],
        ]
    }
}
