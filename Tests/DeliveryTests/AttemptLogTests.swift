import Contract
import Core
import Delivery
import Features
import Foundation
import Glibc
import Outbound
import Relational
import SQLiteEngine
import TestSupport
import Testing

/// What the log says of an attempt, over real TLS.
@Suite(.serialized, .timeLimit(.minutes(2))) struct AttemptLogTests {
    /// One event, one attempt, and what was written down.
    private func attempt(
        _ receiver: TestReceiver, path: String = "/hook", headers: [(name: String, value: String)] = [], timeout: Int = 5
    ) async throws -> (delivery: Delivery, attempt: Attempt, world: DeliveryWorld) {
        try await attempt(at: receiver.baseURL + path, allowing: receiver.authority, headers: headers, timeout: timeout)
    }

    private func attempt(
        at url: String, allowing authority: String, headers: [(name: String, value: String)] = [], timeout: Int = 5
    ) async throws -> (delivery: Delivery, attempt: Attempt, world: DeliveryWorld) {
        let world = try await DeliveryWorld()
        var input = WebhookInput()
        input.timeoutSeconds = timeout
        input.headers = .set(NamedValues(headers))
        let webhook = try await world.webhooks.create(input, url: url, events: ["webhook.test"], for: world.caller)
        try await world.emit()
        try await world.dispatching(try world.client(allowing: authority)) {
            _ = try await world.until(webhook) { $0.first?.attempts == 1 }
        }
        let delivery = try #require(try await world.log(of: webhook).first)
        return (delivery, try #require(try await world.attempts(of: delivery).first), world)
    }

    /// A port of 127.0.0.1 that is taken, so that no other test gets it, and where nobody listens.
    private final class TakenPort {
        let number: Int
        private let socket: Int32

        init() throws {
            socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let descriptor = socket
            let failed = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, length) != 0 || getsockname(descriptor, $0, &length) != 0
                }
            }
            if failed { throw POSIXError(.EADDRNOTAVAIL) }
            number = Int(UInt16(bigEndian: address.sin_port))
        }

        deinit { close(socket) }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aRedirectIsAFailureThatSaysWhereToAndIsNeverFollowed(status: Int) async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer("/hook", with: .status(status, headers: [("Location", "\(receiver.baseURL)/elsewhere")]))
        let (delivery, attempt, _) = try await attempt(receiver)
        #expect(delivery.state == .retrying)
        #expect(attempt.errorClass == "http_3xx")
        #expect(attempt.statusCode == status)
        #expect(attempt.error?.contains("\(receiver.baseURL)/elsewhere") == true)
        #expect(receiver.requests.map(\.path) == ["/hook"])
    }

    @Test func aCertificateThatNobodyVouchesForIsRefusedWithAReason() async throws {
        let stranger = try await TestReceiver.start(.tls(try TestAuthority.selfSigned(["127.0.0.1"])))
        let (delivery, attempt, _) = try await attempt(stranger)
        #expect(delivery.state == .retrying)
        #expect(attempt.errorClass == "tls_untrusted")
        #expect(attempt.statusCode == nil)
        #expect(attempt.response == nil)
        #expect(attempt.error?.lowercased().contains("self-signed") == true, "\(attempt.error ?? "")")
        #expect(stranger.requests.isEmpty)
    }

    @Test func aPortWhereNobodyListensIsAFailureWithoutAStatus() async throws {
        let port = try TakenPort()
        let authority = "127.0.0.1:\(port.number)"
        let (delivery, attempt, _) = try await attempt(at: "https://\(authority)/hook", allowing: authority)
        #expect(delivery.state == .retrying)
        #expect(attempt.errorClass == "connect_refused")
        #expect(attempt.statusCode == nil)
        withExtendedLifetime(port) {}
    }

    @Test func aBodyWithoutEndIsCutAtTheTimeOut() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .drip(200, every: .milliseconds(20)))
        let (delivery, attempt, _) = try await attempt(receiver, timeout: 1)
        #expect(delivery.state == .retrying)
        #expect(["timeout", "body_timeout"].contains(attempt.errorClass))
        #expect((900...5000).contains(attempt.durationMS))
    }

    @Test func theReceiversWaitDecidesWhenItIsTriedAgain() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(429, headers: [("Retry-After", "600")]))
        let (delivery, _, world) = try await attempt(receiver)
        let wait = try #require(delivery.wakeAt) - world.clock.now
        #expect((Duration.seconds(600)...Duration.seconds(660)).contains(wait))
        #expect(delivery.autoAttempts == 1)
    }

    @Test func aLongAnswerIsKeptUpToSixteenKibibytes() async throws {
        let receiver = try await TestReceiver.start()
        // Two bytes each, so that the cut falls inside a character for one of the two lengths.
        receiver.answer(with: .status(500, body: "x" + String(repeating: "é", count: 50_000)))
        let (_, attempt, _) = try await attempt(receiver)
        let response = try JSONValue(parsing: try #require(attempt.response).text)
        #expect(response["truncated"] == .bool(true))
        #expect(response["base64"] == .bool(false))
        let body = try #require(response["body"]?.string)
        #expect(body.hasPrefix("xéé"))
        #expect((16_381...16_384).contains(body.utf8.count))
    }

    @Test func anAnswerThatIsNoTextIsKeptAsBase64() async throws {
        let receiver = try await TestReceiver.start()
        let bytes: [UInt8] = [0xFF, 0x00, 0xFE, 0x80]
        receiver.answer(with: .status(500, bytes: bytes))
        let (_, attempt, _) = try await attempt(receiver)
        let response = try JSONValue(parsing: try #require(attempt.response).text)
        #expect(response["base64"] == .bool(true))
        #expect(response["body"]?.string == Data(bytes).base64EncodedString())
        #expect(response["truncated"] == .bool(false))
    }

    @Test func secretsReachTheReceiverAndNeverTheLog() async throws {
        let receiver = try await TestReceiver.start()
        let (_, attempt, world) = try await attempt(
            receiver, path: "/hook?token=canary-query", headers: [("Authorization", "Bearer canary-header")])
        let request = try #require(receiver.requests.first)
        #expect(request.header("Authorization") == "Bearer canary-header")
        #expect(request.target == "/hook?token=canary-query")
        let logged = try JSONValue(parsing: attempt.request.text)
        #expect(logged["headers"]?["Authorization"]?.string == "[redacted]")
        #expect(logged["url"]?.string == "\(receiver.baseURL)/hook?[redacted]")
        let rows = try await world.engine.read { connection in
            try connection.query("SELECT request, coalesce(response, ''), coalesce(error, ''), phases FROM attempt") { row in
                (0...3).map { row.text($0) }.joined()
            }
        }.joined()
        #expect(!rows.contains("canary"))
    }

    @Test func everyAttemptIsSignedAnewUnderTheSameEventID() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(503), .status(200))
        let webhook = try await world.webhook("\(receiver.baseURL)/hook", schedule: [.seconds(60)])
        try await world.dispatching(try world.client(receiver)) {
            try await world.emit(PostPublished(Self.post))
            let waiting = try await world.delivery(of: webhook) { $0.state == .retrying }
            world.clock.set(try #require(waiting.wakeAt))
            world.outbox.wake.signal()
            _ = try await world.delivery(of: webhook) { $0.state == .succeeded }
        }
        let requests = receiver.requests
        #expect(requests.count == 2)
        #expect(Set(requests.map { $0.header("webhook-id") }).count == 1)
        #expect(Set(requests.map { $0.header("webhook-timestamp") }).count == 2)
        #expect(Set(requests.map { $0.header("X-Audenci-Delivery") }).count == 2)
        #expect(Set(requests.map { $0.header("traceparent")?.prefix(35) }).count == 1)
        #expect(requests.map { $0.header("X-Audenci-Attempt") } == ["1", "2"])
        #expect(requests.map { $0.header("X-Audenci-Sequence") } == ["1", "1"])
        #expect(Set(requests.map(\.body)).count == 1)
        for request in requests {
            #expect(request.text.contains("Grüße 🌞 \\\"quoted\\\" \\\\ /"))
            #expect(request.header("X-Audenci-Signature") == Signature.audenci(body: request.body, secret: webhook.secret))
            let timestamp = try #require(request.header("webhook-timestamp").flatMap { Int64($0) })
            let id = try #require(request.header("webhook-id"))
            #expect(
                request.header("webhook-signature")
                    == Signature.standard(id: id, timestamp: timestamp, body: request.body, secret: webhook.secret))
        }
    }

    /// A post whose text needs escaping.
    private static var post: Post {
        var post = Post.example
        post.title = "Grüße 🌞 \"quoted\" \\ /"
        return post
    }
}
