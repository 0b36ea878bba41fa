package import Core
package import Outbound

/// Tells an app of remarks as Meta does: a signed POST to its callback URL. What Instagram only names, this only names.
package struct SimulatedWebhook: Sendable {
    private let callback: String
    private let appSecret: Secret
    private let transport: any Transport

    package init(callback: String, appSecret: Secret, transport: any Transport) {
        self.callback = callback
        self.appSecret = appSecret
        self.transport = transport
    }

    /// What the callback answered; nil when it did not, or when the platform has no webhooks.
    func tell(_ remark: Remark) async -> Int? {
        guard let change = Self.change(remark) else { return nil }
        let notification: JSONValue = [
            "object": remark.platform == .facebook ? "page" : "instagram",
            "entry": [
                [
                    "id": .string(remark.account), "time": .int(remark.createdAt.seconds),
                    "changes": [["field": .string(change.field), "value": change.value]],
                ]
            ],
        ]
        let body = notification.bytes
        let signature = "sha256=" + Signature.audenci(body: body, secret: appSecret)
        let request = OutboundRequest(
            "POST", callback, headers: [("Content-Type", "application/json"), ("X-Hub-Signature-256", signature)], body: body,
            deadline: .seconds(5))
        return try? await transport.send(request).status
    }

    private static func change(_ remark: Remark) -> (field: String, value: JSONValue)? {
        let authorID = "9" + String(Signature.sha256(remark.author.utf8).prefix(12))
        let post = remark.postID ?? remark.id
        switch (remark.platform, remark.kind) {
        case (.facebook, .comment):
            return (
                "feed",
                [
                    "item": "comment", "verb": "add", "comment_id": .string(remark.id), "post_id": .string(post),
                    "parent_id": .string(post), "from": ["id": .string(authorID), "name": .string(remark.author)],
                    "message": .string(remark.text), "created_time": .int(remark.createdAt.seconds),
                ]
            )
        case (.facebook, .mention):
            return (
                "mention",
                ["item": "post", "verb": "add", "post_id": .string(remark.id), "sender_id": .string(authorID)]
            )
        case (.instagram, .comment):
            return (
                "comments",
                [
                    "id": .string(remark.id), "text": .string(remark.text), "media": ["id": .string(post)],
                    "from": ["id": .string(authorID), "username": .string(remark.author)],
                ]
            )
        case (.instagram, .mention):
            return ("mentions", ["media_id": .string(remark.id)])
        default:
            return nil
        }
    }
}
