import Core
import Foundation
import TestSupport
import Testing

/// A server, a simulator and a receiver in a world where everything fails: the server is killed, the platforms answer
/// errors after the effect, the receiver refuses.
final class Storm: Sendable {
    static let platforms = ["mastodon", "instagram", "facebook"]

    let server: TestedServer
    let organization: TestedOrganization
    let simulator: RunningProcess
    let simulatorPort: Int
    let receiver: TestReceiver
    let accounts: [JSONValue]
    let webhook: String
    let log: StormLog
    private let seed: UInt64

    init(wishes: [StormLog.Wish], seed: UInt64, failsEveryNth: Int) async throws {
        self.seed = seed
        log = StormLog(wishes)
        let ledger = FileManager.default.temporaryDirectory.path + "/audenci-ledger-\(UUID().uuidString)"
        simulator = try RunningProcess(["simulator", "--port", "0", "--ledger", ledger])
        simulatorPort = try await simulator.number(after: "listen on http://127.0.0.1:")
        receiver = try await TestReceiver.start()
        receiver.answer { request in
            // By what the attempt is, not by its order, so that a run can be repeated.
            let mixed = request.body.reduce(UInt64(request.header("X-Audenci-Attempt").flatMap { UInt64($0) } ?? 1)) {
                ($0 ^ UInt64($1)) &* 0x100_0000_01B3
            }
            guard failsEveryNth > 0, mixed % UInt64(failsEveryNth) == 0 else { return .status(204) }
            return mixed % 2 == 0 ? .status(500) : .closeWithoutAnswer
        }
        server = try await TestedServer(
            ["--log-level", "error"],
            environment: [
                "AUDENCI_OUTBOUND_CA_FILE": receiver.caFile,
                "AUDENCI_OUTBOUND_ALLOW": "127.0.0.1:\(simulatorPort),\(receiver.authority)",
                "AUDENCI_WEBHOOK_RETRY_SCHEDULE": "1s,1s,1s,2s,2s,2s,5s,5s,5s,10s,10s,10s",
            ])
        organization = try await server.organization()
        var connected: [JSONValue] = []
        for platform in Self.platforms {
            let answer = try await organization.call(
                "POST", "/api/social/accounts",
                [
                    "brandId": .string(organization.brand), "platform": .string(platform),
                    "baseUrl": .string("http://127.0.0.1:\(simulatorPort)/\(platform)"),
                    "accessToken": .string("sandbox:\(platform)-storm"), "externalId": .string("\(platform)-storm"),
                ])
            try #require(answer.status == 201, "\(answer.text)")
            connected.append(answer.json["id"] ?? .null)
        }
        accounts = connected
        let made = try await organization.call(
            "POST", "/api/webhooks",
            ["url": .string(receiver.baseURL + "/hook"), "events": ["*"], "timeoutSeconds": 5])
        try #require(made.status == 201, "\(made.text)")
        webhook = made.json["id"]?.string ?? ""
    }

    func stop() async throws {
        try await server.stop()
        try await simulator.stop()
        await receiver.stop()
    }

    /// Works through the wishes. A request is repeated only when it was certainly not carried out: never sent (nobody
    /// listened), or refused.
    func write(pause: Duration) async {
        while let (number, wish) = log.next() {
            var entry = StormLog.Entry(caption: "Post \(number) of storm \(seed)", wish: wish)
            do {
                try await carryOut(&entry)
            } catch {
                // Creation without an answer: the post may be there or not.
                entry.isOpen = true
            }
            log.add(entry)
            try? await Task.sleep(for: pause)
        }
    }

    private func carryOut(_ entry: inout StormLog.Entry) async throws {
        let isDraft = entry.wish == .draft
        let created = try await sent {
            // Later than the change or the deletion that follows, or at once.
            let due = [.changed, .deleted].contains(entry.wish) ? 4.0 : 2.0
            var body: [JSONValue.Member] = [
                .init("brandId", .string(self.organization.brand)), .init("caption", .string(entry.caption)),
                .init("platforms", .array(Self.platforms.map { .string($0) })),
                .init("socialAccountIds", .array(self.accounts)),
                .init("status", .string(isDraft ? "DRAFT" : "SCHEDULED")),
            ]
            if !isDraft { body.append(.init("scheduledFor", .string(fromNow(due)))) }
            return ("POST", "/api/posts", .object(body))
        }
        guard created.status == 201, let id = created.json["id"]?.string else {
            return log.complain("creating answered \(created.status): \(created.text)")
        }
        entry.id = id
        entry.isDue = !isDraft
        do {
            try await follow(id, &entry)
        } catch {
            entry.isOpen = true
        }
    }

    private func follow(_ id: String, _ entry: inout StormLog.Entry) async throws {
        switch entry.wish {
        case .scheduled: break
        case .draft:
            let answer = try await sent { ("POST", "/api/posts/\(id)/publish", nil) }
            entry.isDue = answer.status == 202
            if answer.status != 202 { log.complain("publishing answered \(answer.status): \(answer.text)") }
        case .changed:
            let words = entry.caption + ", changed"
            let answer = try await sent { ("PUT", "/api/posts/\(id)", ["caption": .string(words)]) }
            if answer.status == 200 {
                entry.changedTo = words
            } else if answer.status != 409, answer.fields != ["scheduledFor"] {
                log.complain("changing answered \(answer.status): \(answer.text)")
            }
        case .deleted:
            let answer = try await sent { ("DELETE", "/api/posts/\(id)", nil) }
            // Deleting a post that is published already is right, too; then it stays on the platforms.
            entry.isDeleted = answer.status == 200
            if ![200, 409].contains(answer.status) { log.complain("deleting answered \(answer.status): \(answer.text)") }
        }
    }

    /// Sends what `make` makes; again only while nobody listens, or when the due time passed during such a wait.
    private func sent(_ make: () -> (String, String, JSONValue?)) async throws -> Answer {
        while true {
            let (method, path, body) = make()
            do {
                let answer = try await organization.call(method, path, body)
                if method == "POST", answer.status == 400, answer.fields == ["scheduledFor"] { continue }
                return answer
            } catch HTTPCall.Failure.notSent {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// Arms a fault for some coming request of a random account.
    func armFault(_ random: inout SeededRandom) async throws {
        let choices: [(step: String, mode: String)] = [
            ("publish", "error_after_effect"), ("publish", "error_after_effect"), ("publish", "status"), ("prepare", "status"),
            ("read", "status"), ("publish", "timeout_after_effect"), ("prepare", "error_after_effect"),
        ]
        let choice = choices[Int(random.next() % UInt64(choices.count))]
        let platform = Self.platforms[Int(random.next() % 3)]
        let body: JSONValue = ["platform": .string(platform), "step": .string(choice.step), "mode": .string(choice.mode)]
        let answer = try await HTTPCall.send(
            port: simulatorPort, "POST", "/__sim/faults", headers: [("Content-Type", "application/json")], body: body.bytes)
        try #require(answer.status == 201, "\(answer.text)")
    }

    func disarm() async throws { _ = try await HTTPCall.send(port: simulatorPort, "DELETE", "/__sim/faults") }

    /// What the public sees: platform and text of every visible post, read from the other process.
    func visible() async throws -> [(platform: String, text: String)] {
        let answer = try await HTTPCall.send(port: simulatorPort, "GET", "/__sim/ledger")
        return (answer.json["posts"]?.array ?? []).map { ($0["platform"]?.string ?? "", $0["text"]?.string ?? "") }
    }
}

/// SplitMix64: the same moments and faults for the same seed.
struct SeededRandom {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Uniform, to the millisecond.
    mutating func duration(_ range: ClosedRange<Int>) -> Duration {
        .milliseconds(Int64(range.lowerBound) + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1)))
    }
}
