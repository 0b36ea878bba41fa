import Core

/// The steps of the demo, each checked against what really came back.
struct DemoScript: Sendable {
    let client: DemoClient
    let receiver: DemoReceiver
    let receiverPort: Int
    let brand: String
    let say: @Sendable (String) -> Void

    private static let expected = ["post.created", "post.status_changed", "post.published"]

    func run() async throws -> Bool {
        let (webhookID, secret) = try await createWebhook()
        let post = try await createPost()
        try await waitUntilPublished(post)
        let arrived = await receiver.wait(atMost: .seconds(30)) { received in
            Self.expected.allSatisfy { type in received.dropFirst().contains { Self.type($0) == type } }
        }
        guard arrived else { throw DemoFailure("the webhooks did not all arrive within 30 s") }
        try verify(secret)
        try await showLog(webhookID)
        say("\nAll of it really happened.")
        return true
    }

    private func createWebhook() async throws -> (id: String, secret: Secret) {
        let answer = try await client.call(
            "POST", "/api/webhooks",
            [
                "url": .string("https://127.0.0.1:\(receiverPort)/webhook"), "events": ["*"],
                "headers": ["Authorization": "Bearer demo-token"],
            ])
        guard answer.status == 201, let id = answer.body["id"]?.string, let secret = answer.body["secret"]?.string else {
            throw DemoFailure("creating the webhook answered \(answer.status): \(answer.body.text)")
        }
        say("POST /api/webhooks                 201  \(id), wants every event")
        return (id, Secret(secret))
    }

    private func createPost() async throws -> String {
        let due = Ambient.live.now() + .seconds(3)
        let answer = try await client.call(
            "POST", "/api/posts",
            [
                "brandId": .string(brand), "caption": "Check out our new product!", "platforms": ["instagram", "facebook"],
                "scheduledFor": .string(due.description), "status": "SCHEDULED",
            ])
        guard answer.status == 201, let id = answer.body["id"]?.string else {
            throw DemoFailure("creating the post answered \(answer.status): \(answer.body.text)")
        }
        say("POST /api/posts                    201  \(id), scheduled for \(due)")
        for warning in answer.body["warnings"]?.array ?? [] {
            say("                                        note: \(warning.string ?? "")")
        }
        return id
    }

    private func waitUntilPublished(_ id: String) async throws {
        var status = ""
        for _ in 0..<300 {
            let answer = try await client.call("GET", "/api/posts/\(id)")
            status = answer.body["status"]?.string ?? "\(answer.status)"
            if status == "PUBLISHED" {
                say("GET  /api/posts/{id}               200  PUBLISHED \(answer.body["platformResults"]?.text ?? "")")
                return
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw DemoFailure("the post is \(status) after 30 s, not PUBLISHED")
    }

    /// Every signature, both kinds, over the bytes that arrived.
    private func verify(_ secret: Secret) throws {
        say("\nreceived over HTTPS (the first one was answered 500 on purpose):")
        for request in receiver.all {
            let signature = request.header("x-audenci-signature")
            guard signature == Signature.audenci(body: request.body, secret: secret) else {
                throw DemoFailure("X-Audenci-Signature does not verify")
            }
            guard let id = request.header("webhook-id"), let time = request.header("webhook-timestamp").flatMap(Int64.init),
                request.header("webhook-signature")
                    == Signature.standard(id: id, timestamp: time, body: request.body, secret: secret)
            else { throw DemoFailure("webhook-signature does not verify") }
            guard request.header("authorization") == "Bearer demo-token" else {
                throw DemoFailure("the custom header is missing")
            }
            say("  \(Self.type(request)) attempt \(request.header("x-audenci-attempt") ?? "?")  signatures verified")
        }
        if let published = receiver.all.last(where: { Self.type($0) == "post.published" }) {
            say("  \(String(decoding: published.body, as: UTF8.self))")
        }
    }

    private func showLog(_ webhook: String) async throws {
        // The last attempt's bookkeeping follows its answer by a moment.
        var states: [String] = []
        for _ in 0..<50 {
            let answer = try await client.call("GET", "/api/webhooks/\(webhook)/deliveries?limit=100")
            states = (answer.body["data"]?.array ?? []).map { $0["state"]?.string ?? "" }
            if !states.isEmpty, states.allSatisfy({ $0 == "succeeded" }) {
                say("\nGET  /api/webhooks/{id}/deliveries 200")
                for delivery in (answer.body["data"]?.array ?? []).reversed() { try await showDelivery(delivery) }
                return
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw DemoFailure("the delivery log says \(states), not that all succeeded")
    }

    private func showDelivery(_ delivery: JSONValue) async throws {
        let id = delivery["id"]?.string ?? ""
        let attempts = try await client.call("GET", "/api/deliveries/\(id)/attempts").body["data"]?.array ?? []
        let line = attempts.map { attempt in
            let status = attempt["statusCode"]?.int.map(String.init) ?? attempt["errorClass"]?.string ?? "?"
            return "\(status) after \(attempt["durationMs"]?.int ?? 0) ms"
        }.joined(separator: ", then ")
        say("  #\(delivery["sequence"]?.int ?? 0) \(delivery["event"]?.string ?? "")  \(line)")
    }

    private static func type(_ request: DemoReceiver.Received) -> String { request.header("x-audenci-event") ?? "?" }
}
