import Contract
import Core
import Foundation
import Outbound

/// `audenci listen`: follows a server's events and forwards each to a URL of the developer's own machine, signed like a
/// delivery with a secret of this session. Reads the feed by long-poll: it works through every proxy, and what happens while
/// the connection is away is fetched when it is back.
package struct EventListener: Sendable {
    private let client: GuardedClient
    private let server: String
    private let key: Secret
    private let forward: String
    private let types: [String]
    private let secret: Secret
    private let say: @Sendable (String) -> Void

    /// - Parameters:
    ///   - server: the server's URL, such as `http://127.0.0.1:8080`.
    ///   - forward: where events go; plain HTTP and private addresses are fine here.
    ///   - types: only these events; all when empty.
    ///   - secret: signs what is forwarded; a new one when nil.
    /// - Throws: ``ListenError`` when a URL cannot be used.
    package init(
        server: String, key: String, forward: String, types: [String], secret: String?,
        say: @escaping @Sendable (String) -> Void = { standardOutput($0) }
    ) throws {
        client = try DeveloperClient.make(["--server": server, "--forward": forward])
        self.server = server.hasSuffix("/") ? String(server.dropLast()) : server
        self.key = Secret(key)
        self.forward = forward
        self.types = types
        self.secret = secret.map { Secret($0) } ?? Signature.newSecret(.live)
        self.say = say
    }

    /// Follows until the task is cancelled, or `count` events have been forwarded.
    /// - Throws: ``ListenError`` for what trying again would not change, such as a key that is not valid.
    package func run(count: Int? = nil) async throws {
        var cursor = try await end()
        say("Forwarding events of \(server) to \(forward). They are signed with \(secret.reveal())")
        var forwarded = 0
        while !Task.isCancelled {
            guard let page = try await read("limit=100&wait=20&cursor=\(cursor)") else {
                try await Task.sleep(for: .seconds(2))
                continue
            }
            for entry in page["data"]?.array ?? [] {
                await send(entry)
                forwarded += 1
                if let count, forwarded >= count { return }
            }
            if let next = page["pagination"]?["nextCursor"]?.string { cursor = next }
        }
    }

    /// Where the feed ends now: what happened before is not forwarded.
    private func end() async throws -> String {
        guard let page = try await read("from=end"), let next = page["pagination"]?["nextCursor"]?.string else {
            throw ListenError(description: "\(server) cannot be reached.")
        }
        return next
    }

    /// A page of the feed; nil when the server could not be reached just now.
    private func read(_ query: String) async throws -> JSONValue? {
        let type = types.isEmpty ? "" : "&type=" + types.joined(separator: ",")
        let request = OutboundRequest(
            "GET", "\(server)/api/events?\(query)\(type)",
            headers: [("Authorization", "Bearer \(key.reveal())")], deadline: .seconds(40), maximumResponseBytes: 64_000_000)
        let answer: OutboundResponse
        do throws(OutboundError) {
            answer = try await client.send(request)
        } catch {
            say("The server does not answer (\(error.message)); trying again.")
            return nil
        }
        let json = try? JSONValue(parsing: answer.body)
        if answer.status == 200 { return json }
        let message = json?["error"]?["message"]?.string ?? "It answered \(answer.status)."
        guard answer.status >= 500 || answer.status == 429 else { throw ListenError(description: message) }
        say("The server cannot answer now: \(message)")
        return nil
    }

    private func send(_ entry: JSONValue) async {
        let id = entry["id"]?.string ?? ""
        let type = entry["type"]?.string ?? ""
        let body = entry["payload"]?.bytes ?? []
        let now = Ambient.live.now().seconds
        var headers: [(name: String, value: String)] = [
            ("Content-Type", "application/json"), ("User-Agent", "Audenci-Listen/\(Version.text)"),
            ("X-Audenci-Signature", Signature.audenci(body: body, secret: secret)), ("X-Audenci-Event", type),
            ("X-Audenci-Event-Id", id), ("X-Audenci-Timestamp", String(now)), ("webhook-id", id),
            ("webhook-timestamp", String(now)),
            ("webhook-signature", Signature.standard(id: id, timestamp: now, body: body, secret: secret)),
        ]
        if entry["test"]?.bool == true { headers.append(("X-Audenci-Test", "true")) }
        let time = Instant(seconds: now).description.dropFirst(11)
        do throws(OutboundError) {
            let answer = try await client.send(
                OutboundRequest("POST", forward, headers: headers, body: body, deadline: .seconds(30)))
            say("\(time) \(type) \(id) -> \(answer.status) in \(Int(answer.phases.total)) ms")
        } catch {
            say("\(time) \(type) \(id) -> \(error.message)")
        }
    }
}

/// Why `audenci listen` cannot go on.
package struct ListenError: Error, CustomStringConvertible {
    package let description: String
}

/// `audenci trigger`: asks a server to send an event's sample to every webhook that wants it.
package struct EventTrigger: Sendable {
    /// - Returns: the event's id.
    /// - Throws: ``ListenError`` with the server's reason.
    package static func run(_ event: String, server: String, key: String) async throws -> String {
        let client = try DeveloperClient.make(["--server": server])
        let base = server.hasSuffix("/") ? String(server.dropLast()) : server
        let body: JSONValue = ["event": .string(event)]
        do {
            let answer = try await client.send(
                OutboundRequest(
                    "POST", "\(base)/api/events/trigger",
                    headers: [("Authorization", "Bearer \(key)"), ("Content-Type", "application/json")],
                    body: body.bytes))
            let json = try? JSONValue(parsing: answer.body)
            guard answer.status == 202, let id = json?["id"]?.string else {
                let detail = json?["error"]?["details"]?[0]?["issue"]?.string
                throw ListenError(
                    description: detail ?? json?["error"]?["message"]?.string ?? "The server answered \(answer.status).")
            }
            return id
        } catch let error as OutboundError {
            throw ListenError(description: "The server does not answer: \(error.message)")
        }
    }
}
