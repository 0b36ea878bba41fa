import Core
package import Outbound

/// Every platform's simulator under one base, and the API that arms faults and shows the ledger: what
/// `audenci simulator` serves over HTTP, as a function.
///
/// `/mastodon/...`, `/instagram/...` and `/facebook/...` are the platforms' own APIs: an account's base URL is the base
/// followed by the platform's name. The rest is for tests and demonstrations:
/// - `POST /__sim/faults` `{"platform","account"?,"step","mode","status"?,"count"?}`: the next `count` (1) requests of
///   that step meet the fault. Steps: ``SimulatedFault/steps``; modes: ``SimulatedFault/Mode``. 201.
/// - `DELETE /__sim/faults`: forgets them. 204.
/// - `GET /__sim/ledger`: `{"posts":[{"platform","id","account","text","mediaCount","permalink","createdAt"}]}`, oldest first.
/// - `DELETE /__sim/ledger`: takes every post away. 204.
/// - `POST /__sim/comments` `{"platform","postId","author","text"}`, `POST /__sim/mentions`
///   `{"platform","account","author","text"}`: somebody writes it. 201 with the remark;
///   with a webhook, `X-Webhook-Status` says what its callback answered.
/// - `GET /__sim/remarks`: `{"remarks":[{"platform","kind","id","account","postId"?,"parentId"?,"author","own","text",
///   "hidden","createdAt"}]}`: comments, mentions and the accounts' own replies, oldest first.
/// - `POST /__sim/oauth` `{"platform","account"?,"profiles"?,"denies"?,"expiresIn"?,"rotates"?}`: who agrees when an account
///   is connected by OAuth, and how (``SimulatedOAuth/Person``). 201.
/// - `POST /__sim/revoke` `{"platform","account"}`: every token of the account or person ends. 204.
/// - `POST /__sim/accounts` `{"platform","account","followerCount"?,"metrics"?}`: what is counted from now on. 204.
/// - `GET /__sim/livez`: 200.
package struct SimulatorRouter: Sendable {
    let world: MemoryWorld
    let webhook: SimulatedWebhook?

    /// - Parameter webhook: told of what strangers write on Instagram and Facebook, as Meta tells an app.
    package init(world: MemoryWorld, webhook: SimulatedWebhook? = nil) {
        self.world = world
        self.webhook = webhook
    }

    /// Answers one request. `request.url` may be whole or start at its path.
    package func respond(to request: OutboundRequest) async -> SimulatedAnswer {
        let (path, query) = SplitURL.split(request.url)
        let first = path.dropFirst().prefix { $0 != "/" }
        if first == "__sim" { return .answer(await control(request, String(path.dropFirst("/__sim".count)))) }
        guard let platform = Platform(rawValue: String(first)), let simulator = PlatformList.simulator(for: platform) else {
            return .answer(Self.problem(404, "No such platform. There are: \(Self.names.joined(separator: ", "))."))
        }
        let rest = path.dropFirst(1 + first.count)
        return await simulator.respond(to: request, path: rest.isEmpty ? "/" : String(rest), query: query, in: world)
    }

    static var names: [String] { PlatformList.simulators.map { $0.platform.rawValue } }

    static func problem(_ status: Int, _ message: String) -> OutboundResponse {
        .json(["error": .string(message)], status: status)
    }

    private func control(_ request: OutboundRequest, _ path: String) async -> OutboundResponse {
        switch (request.method, path) {
        case ("GET", "/livez"):
            return .json(["status": "ok"])
        case ("GET", "/ledger"):
            var json = JSONWriter()
            json.beginObject()
            json.key("posts")
            json.beginArray()
            for post in world.posts { post.write(to: &json) }
            json.endArray()
            json.endObject()
            return OutboundResponse(
                status: 200, headers: [("Content-Type", "application/json; charset=utf-8")], body: json.bytes)
        case ("DELETE", "/ledger"):
            do {
                try world.removePosts()
                return OutboundResponse(status: 204)
            } catch {
                return Self.problem(500, "The ledger could not be emptied: \(error).")
            }
        case ("POST", "/faults"):
            return arm(request.body)
        case ("POST", "/oauth"), ("POST", "/revoke"):
            return await steerOAuth(request.body, revokes: path == "/revoke")
        case ("POST", "/accounts"):
            return await setNumbers(request.body)
        case ("DELETE", "/faults"):
            world.disarm()
            return OutboundResponse(status: 204)
        case ("GET", "/remarks"):
            return Self.list(world.remarks)
        case ("POST", "/comments"), ("POST", "/mentions"):
            return await inject(request.body, isComment: path == "/comments")
        default:
            return Self.problem(404, "No such route.")
        }
    }

    private func steerOAuth(_ body: [UInt8], revokes: Bool) async -> OutboundResponse {
        guard let json = try? JSONValue(parsing: body), json.object != nil else {
            return Self.problem(400, "The body must be a JSON object.")
        }
        guard let platform = json["platform"]?.string.flatMap(Platform.init(rawValue:)),
            PlatformList.simulator(for: platform) != nil
        else { return Self.problem(422, "platform must be one of \(Self.names.joined(separator: ", ")).") }
        let oauth = SimulatedOAuth(platform: platform, world: world)
        do {
            guard revokes else {
                try await oauth.setPerson(json)
                return .json(json, status: 201)
            }
            guard let account = json["account"]?.string else { return Self.problem(422, "account is needed.") }
            try await oauth.revoke(account)
            return OutboundResponse(status: 204)
        } catch {
            return Self.problem(500, "The simulator cannot remember that: \(error).")
        }
    }

    private func arm(_ body: [UInt8]) -> OutboundResponse {
        guard let json = try? JSONValue(parsing: body), json.object != nil else {
            return Self.problem(400, "The body must be a JSON object.")
        }
        guard let platform = json["platform"]?.string.flatMap(Platform.init(rawValue:)),
            PlatformList.simulator(for: platform) != nil
        else { return Self.problem(422, "platform must be one of \(Self.names.joined(separator: ", ")).") }
        guard let step = json["step"]?.string, SimulatedFault.steps.contains(step) else {
            return Self.problem(422, "step must be one of \(SimulatedFault.steps.joined(separator: ", ")).")
        }
        guard let mode = json["mode"]?.string.flatMap(SimulatedFault.Mode.init(rawValue:)) else {
            let modes = SimulatedFault.Mode.allCases.map(\.rawValue).joined(separator: ", ")
            return Self.problem(422, "mode must be one of \(modes).")
        }
        let status = json["status"]?.int
        guard (status ?? 500) >= 400, (status ?? 500) <= 599 else { return Self.problem(422, "status must be 400 to 599.") }
        let count = json["count"]?.int ?? 1
        guard (1...1_000_000).contains(count) else { return Self.problem(422, "count must be 1 to 1000000.") }
        let armed = world.arm(
            SimulatedFault(mode: mode, status: status.map { Int($0) }), platform: platform, account: json["account"]?.string,
            step: step, count: Int(count))
        return armed ? .json(["armed": .int(count)], status: 201) : Self.problem(429, "Too many faults are waiting.")
    }
}
