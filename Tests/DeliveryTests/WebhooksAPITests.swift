import Contract
import Core
import Delivery
import Features
import Foundation
import Outbound
import Relational
import SQLiteEngine
import TestSupport
import Testing

/// The endpoints, called as the router calls them.
@Suite(.serialized, .timeLimit(.minutes(2))) struct WebhooksAPITests {
    /// The API over a world of its own; what it sends goes to `receiver`.
    private struct Served: Sendable {
        let world: DeliveryWorld
        let receiver: TestReceiver
        let api: WebhooksAPI

        init() async throws {
            world = try await DeliveryWorld()
            receiver = try await TestReceiver.start()
            let client = try world.client(receiver)
            api = WebhooksAPI(
                webhooks: world.webhooks, deliveries: world.deliveries,
                feed: EventStore(engine: world.engine, outbox: world.outbox), urls: GuardedURLCheck(client: client),
                tester: LiveWebhookTester(
                    deliveries: world.deliveries, webhooks: world.webhooks, maker: world.maker(client)),
                events: FeatureList.events)
        }

        func call(
            _ endpoint: String, _ id: String? = nil, body: JSONValue? = nil, query: [(name: String, value: String)] = [],
            as caller: Caller? = nil
        ) async throws -> JSONValue {
            let endpoint = try #require(api.endpoints.withPatches.first { $0.id == endpoint })
            let request = APIRequest(
                method: endpoint.method, path: endpoint.path, pathParameters: id.map { [(name: "id", value: $0)] } ?? [],
                query: query, body: body?.bytes ?? [])
            let reply = try await endpoint.respond(caller ?? world.caller, request)
            #expect(reply.status == endpoint.status)
            return try JSONValue(parsing: reply.body)
        }

        /// The error that a call must end with.
        func refusal(
            _ endpoint: String, _ id: String? = nil, body: JSONValue? = nil, query: [(name: String, value: String)] = [],
            as caller: Caller? = nil
        ) async throws -> APIError? {
            do {
                _ = try await call(endpoint, id, body: body, query: query, as: caller)
                return nil
            } catch let error as APIError {
                return error
            }
        }

        var hook: JSONValue { ["url": .string("\(receiver.baseURL)/hook"), "events": ["*", "webhook.test"]] }

        func create(_ more: [JSONValue.Member] = []) async throws -> JSONValue {
            try await call("webhooks.create", body: hook.adding(more))
        }
    }

    @Test func theSecretIsInThe201AnswerAndAtItsOwnDoorOnly() async throws {
        let served = try await Served()
        let made = try await served.create([.init("headers", ["Authorization": "Bearer canary-0123456789"])])
        let id = try #require(made["id"]?.string)
        let secret = try #require(made["secret"]?.string)
        #expect(secret.hasPrefix("whsec_"))
        let shown =
            [
                try await served.call("webhooks.get", id), try await served.call("webhooks.list"),
                try await served.call("webhooks.patch", id, body: ["description": "x"]),
                try await served.call("webhooks.disable", id), try await served.call("webhooks.enable", id),
            ].map(\.text) + [made["headers"]?.text ?? ""]
        for text in shown { #expect(!text.contains(secret) && !text.contains("canary")) }
        #expect(made["headers"]?["Authorization"]?.string == "••••6789")
        #expect(try await served.call("webhooks.secret", id)["secret"]?.string == secret)
        #expect(served.api.endpoints.first { $0.id == "webhooks.secret" }?.scope == .admin)
        let admins = ["webhooks.secret", "webhooks.rotateSecret", "webhooks.promoteSecret", "deliveries.expunge"]
        #expect(served.api.endpoints.filter { $0.scope == .admin }.map(\.id) == admins)
        let harmless = ["webhooks.explain", "webhooks.preview"]
        for endpoint in served.api.endpoints where !admins.contains(endpoint.id) {
            let isReading = endpoint.method == "GET" || harmless.contains(endpoint.id)
            #expect(endpoint.scope == (isReading ? .readOnly : .readWrite), "\(endpoint.id)")
        }
    }

    @Test func noNumberThatAReaderSaysEndsTheServer() async throws {
        let served = try await Served()
        let id = try await served.create()["id"]?.string
        for number in [1, 10_000, Int.max - 9_998, Int.max] {
            let report = try await served.call("webhooks.gaps", id, query: [(name: "from", value: String(number))])
            #expect(report["from"]?.int == Int64(number))
            #expect(report["complete"] == true)
        }
    }

    @Test func aReaderGetsNothingSigned() async throws {
        let served = try await Served()
        let made = try await served.create()
        let forged: JSONValue = .string(#"{"event":"post.published","data":{"postId":"forged"}}"#)
        let body: JSONValue = ["webhook": ["format": "template", "formatOptions": ["template": forged]]]
        let id = try #require(made["id"]?.string)
        let secret = Secret(try #require(made["secret"]?.string))
        let signature = Signature.audenci(body: Array((forged.string ?? "").utf8), secret: secret)
        let signed = try await served.call("webhooks.preview", id, body: body)
        #expect(signed["headers"]?["X-Audenci-Signature"]?.string == signature)
        var reader = served.world.caller
        reader.scope = .readOnly
        let shown = try await served.call("webhooks.preview", id, body: body, as: reader)
        #expect(shown["body"] == forged)
        #expect(shown["headers"]?["X-Audenci-Signature"] == "[redacted]")
        #expect(shown["headers"]?["webhook-signature"] == "[redacted]")
        #expect(!shown.text.contains(signature) && !shown.text.contains("v1,"))
    }

    @Test func nothingSecretIsInTheDatabase() async throws {
        let served = try await Served()
        let made = try await served.create([.init("headers", ["Authorization": "Bearer canary-0123456789"])])
        let secret = try #require(made["secret"]?.string)
        let rows = try await served.world.engine.read { connection in
            try connection.query("SELECT headers_sealed, secrets, url, events FROM webhook") { row in
                (0...3).map { row.text($0) }.joined()
            }
        }.joined()
        #expect(!rows.isEmpty)
        #expect(!rows.contains("canary"))
        #expect(!rows.contains(secret.dropFirst(6)))
    }

    @Test(
        arguments: [
            (["url": .null], "url"), (["url": 7], "url"), (["url": ""], "url"), (["events": .null], "events"),
            (["events": []], "events"),
            (["events": "*"], "events"), (["events": ["post.exploded"]], "events[0]"),
            (["events": ["*", "post"]], "events[1]"),
            (["events": ["*.created"]], "events[0]"), (["enabled": "yes"], "enabled"),
            (["timeoutSeconds": 0], "timeoutSeconds"),
            (["timeoutSeconds": 31], "timeoutSeconds"), (["timeoutSeconds": 1.5], "timeoutSeconds"),
            (["retry": [:]], "retry.schedule"),
            (["retry": ["schedule": ["soon"]]], "retry.schedule[0]"), (["retry": ["schedule": ["0s"]]], "retry.schedule"),
            (["retry": ["schedule": ["3d"]]], "retry.schedule"), (["retry": ["schedule": "5s"]], "retry.schedule"),
            (["description": 1], "description"), (["urls": "x"], "urls"), (["secret": "whsec_x"], "secret"),
            (["headers": ["Host": "x"]], "headers"), (["headers": ["content-type": "x"]], "headers"),
            (["headers": ["Proxy-Authorization": "x"]], "headers"), (["headers": ["Webhook-Id": "x"]], "headers"),
            (["headers": ["x-audenci-event": "x"]], "headers"), (["headers": ["User-Agent": "x"]], "headers"),
            (["headers": ["TraceParent": "x"]], "headers"), (["headers": ["A": "b\r\nC: d"]], "headers"),
            (["headers": ["A": "b\nc"]], "headers"), (["headers": ["a b": "c"]], "headers"),
            (["headers": ["": "c"]], "headers"),
            (["headers": ["A": "1", "a": "2"]], "headers"), (["headers": ["A": 1]], "headers.A"),
            (["headers": ["A": "••••abcd"]], "headers"),
        ] as [(JSONValue, String)])
    func whatIsWrongIsNamed(fields: JSONValue, field: String) async throws {
        let served = try await Served()
        let body = served.hook.adding(fields.object ?? [])
        let error = try #require(try await served.refusal("webhooks.create", body: body))
        #expect(error.code.status == 400)
        #expect(error.details.map(\.field) == [field])
        #expect(error.details.allSatisfy { $0.issue.count > 5 })
        #expect(try await served.call("webhooks.list")["data"] == [])
    }

    @Test func theLimitsAreWhereTheyAreSaidToBe() async throws {
        let served = try await Served()
        func headers(_ count: Int, value: String = "v") -> JSONValue {
            .object((0..<count).map { JSONValue.Member("X-H\($0)", .string(value)) })
        }
        func refused(_ field: String, _ value: JSONValue) async throws -> Bool {
            try await served.refusal("webhooks.create", body: served.hook.adding([.init(field, value)])) != nil
        }
        let base = "\(served.receiver.baseURL)/"
        let cases: [(String, JSONValue, JSONValue)] = [
            ("headers", headers(20), headers(21)),
            (
                "headers", headers(1, value: String(repeating: "x", count: 4096)),
                headers(1, value: String(repeating: "x", count: 4097))
            ),
            (
                "headers", headers(4, value: String(repeating: "x", count: 4000)),
                headers(5, value: String(repeating: "x", count: 4000))
            ),
            ("description", .string(String(repeating: "x", count: 500)), .string(String(repeating: "x", count: 501))),
            (
                "url", .string(base + String(repeating: "x", count: 2048 - base.utf8.count)),
                .string(base + String(repeating: "x", count: 2049 - base.utf8.count))
            ),
            (
                "retry", ["schedule": .array(Array(repeating: "1s", count: 25))],
                ["schedule": .array(Array(repeating: "1s", count: 26))]
            ),
            (
                "retry", ["schedule": .array(Array(repeating: "2d", count: 7))],
                ["schedule": .array(Array(repeating: "2d", count: 8))]
            ),
        ]
        for (field, last, tooMuch) in cases {
            #expect(try await !refused(field, last), "\(field)")
            #expect(try await refused(field, tooMuch), "\(field)")
        }
        for _ in cases.count..<50 { _ = try await served.create() }
        #expect(try await served.refusal("webhooks.create", body: served.hook)?.code == .quotaExceeded)
    }

    @Test(arguments: [
        ("http://example.com/", ErrorCode.webhookURLNotHTTPS), ("ftp://example.com/", .webhookURLNotHTTPS),
        ("https://user:pw@example.com/", .webhookURLRefused), ("https://10.0.0.1/", .webhookURLRefused),
        ("https://[::1]/", .webhookURLRefused), ("https://169.254.169.254/", .webhookURLRefused),
        ("https://localhost/", .webhookURLRefused), ("https://example.com:22/", .webhookURLRefused),
        ("https://0x7f000001/", .invalidRequest), ("https://example.com/#part", .invalidRequest), ("nonsense", .invalidRequest),
        ("https://exämple.com/", .invalidRequest),
    ])
    func aURLThatMustNotBeCalledIsRefusedWhereverItIsEntered(url: String, code: ErrorCode) async throws {
        let served = try await Served()
        let id = try #require(try await served.create()["id"]?.string)
        let refusals = [
            try await served.refusal("webhooks.create", body: ["url": .string(url), "events": ["*"]]),
            try await served.refusal("webhooks.patch", id, body: ["url": .string(url)]),
        ]
        for error in refusals {
            #expect(error?.code == code)
            #expect(error?.details.map(\.field) == ["url"])
        }
        #expect(try await served.call("webhooks.get", id)["url"]?.string == "\(served.receiver.baseURL)/hook")
    }

    @Test(arguments: ["webhooks.update", "webhooks.patch"])
    func changesMerge(endpoint: String) async throws {
        let served = try await Served()
        let made = try await served.create([
            .init("description", "CRM"), .init("headers", ["Authorization": "Bearer 0123456789", "X-Old": "old"]),
            .init("retry", ["schedule": ["5s", 90]]), .init("timeoutSeconds", 3),
        ])
        let id = try #require(made["id"]?.string)
        #expect(made["retry"]?["schedule"] == ["5s", "90s"])
        let nothing = try await served.call(endpoint, id, body: [:])
        #expect(nothing["description"]?.string == "CRM")
        #expect(nothing["timeoutSeconds"] == 3)
        // A client reads, changes one thing, and puts the headers back as they were shown.
        let back = try await served.call(endpoint, id, body: ["headers": ["authorization": "••••6789", "X-New": "new"]])
        #expect(back["headers"]?.text == #"{"authorization":"••••6789","X-New":"••••"}"#)
        let stored = try await served.world.webhooks.get(ID(id), in: served.world.organization.organizationID)
        #expect(stored.headers.map { $0.value.reveal() } == ["Bearer 0123456789", "new"])
        let cleared = try await served.call(
            endpoint, id, body: ["description": .null, "retry": .null, "headers": .null, "events": ["post.*"]])
        #expect(cleared["description"] == .null)
        #expect(cleared["retry"] == .null)
        #expect(cleared["headers"] == [:])
        #expect(cleared["events"] == ["post.*"])
        #expect(cleared["version"] == 4)
        #expect(try await served.refusal(endpoint, id, body: ["url": .null])?.code == .invalidRequest)
    }

    @Test func aMaskedSecretStaysWhatItWasAndGoesNowhereElse() async throws {
        let served = try await Served()
        let basic: JSONValue = ["type": "basic", "username": "crm", "password": "0123456789abcdef"]
        let made = try await served.create([.init("authentication", basic)])
        let id = try #require(made["id"]?.string)
        let shown = try #require(made["authentication"])
        #expect(shown["password"] == "••••cdef")
        _ = try await served.call("webhooks.update", id, body: ["authentication": shown.adding([.init("username", "CRM")])])
        let organization = served.world.organization.organizationID
        let stored = try await served.world.webhooks.get(ID(id), in: organization).authentication
        #expect(stored?.username == "CRM")
        #expect(stored?.password?.reveal() == "0123456789abcdef")
        let other: JSONValue = ["type": "basic", "username": "crm", "password": "••••0000"]
        let refused = try await served.refusal("webhooks.update", id, body: ["authentication": other])
        #expect(refused?.details.map(\.field) == ["authentication.password"])
        let new = served.hook.adding([.init("authentication", shown)])
        #expect(try await served.refusal("webhooks.create", body: new)?.details.map(\.field) == ["authentication.password"])
        let client: JSONValue = ["type": "oauth2", "clientId": "c", "clientSecret": "0123456789abcdef"]
        let from: JSONValue = .string("\(served.receiver.baseURL)/token")
        let there = try await served.call(
            "webhooks.update", id, body: ["authentication": client.adding([.init("tokenUrl", from)])])
        let elsewhere = try #require(there["authentication"]).adding([.init("tokenUrl", .string("https://token.example/t"))])
        let taken = try await served.refusal("webhooks.update", id, body: ["authentication": elsewhere])
        #expect(taken?.details.map(\.field) == ["authentication.clientSecret"])
    }

    @Test func anotherOrganizationSeesNothing() async throws {
        let served = try await Served()
        let id = try #require(try await served.create()["id"]?.string)
        try await served.world.emit()
        let delivery = try #require(
            try await served.call("webhooks.deliveries", id)["data"]?.array?.first?["id"]?.string)
        var stranger = served.world.caller
        stranger.organizationID = ID("somebodyelse")
        for endpoint in served.api.endpoints where endpoint.path.contains("{id}") {
            let target = endpoint.id.hasPrefix("deliveries") ? delivery : id
            let bodies: [String: JSONValue] = [
                "webhooks.update": ["enabled": false], "webhooks.patch": ["enabled": false],
                "webhooks.explain": ["eventId": "e"], "webhooks.replay": ["since": "2026-02-03T10:30:00Z"],
            ]
            let body = bodies[endpoint.id]
            let error = try await served.refusal(endpoint.id, target, body: body, as: stranger)
            #expect(error?.code == .notFound, "\(endpoint.id)")
        }
        #expect(try await served.call("webhooks.list", as: stranger)["data"] == [])
        #expect(try await served.call("webhooks.get", id)["enabled"] == true)
    }

    @Test(arguments: [nil, "post.published", "post.failed"])
    func aTestIsARealSignedAttempt(event: String?) async throws {
        let served = try await Served()
        // A webhook that is not enabled yet, and would not want this event.
        let made = try await served.create([.init("enabled", false), .init("events", ["post.created"])])
        let id = try #require(made["id"]?.string)
        served.receiver.answer(with: .status(201, body: "thanks"))
        let result = try await served.call("webhooks.test", id, body: event.map { ["event": .string($0)] })
        #expect(result["success"] == true)
        #expect(result["attempt"]?["trigger"]?.string == "test")
        #expect(result["attempt"]?["statusCode"] == 201)
        #expect(result["attempt"]?["response"]?["body"]?.string == "thanks")
        let request = try #require(served.receiver.requests.first)
        #expect(request.header("X-Audenci-Test") == "true")
        #expect(request.header("X-Audenci-Event") == event ?? "webhook.test")
        let body = try JSONValue(parsing: request.body)
        #expect(body["event"]?.string == event ?? "webhook.test")
        #expect(body.object?.map(\.key) == ["event", "timestamp", "data", "organizationId", "brandId", "userId"])
        let secret = Secret(try #require(made["secret"]?.string))
        #expect(request.header("X-Audenci-Signature") == Signature.audenci(body: request.body, secret: secret))
        let log = try await served.call("webhooks.deliveries", id)
        #expect(log["data"]?.array?.map { $0["state"]?.string } == ["succeeded"])
        let attempts = try await served.call("deliveries.attempts", try #require(result["delivery"]?["id"]?.string))
        #expect(attempts["data"]?.array?.first == result["attempt"])
    }

    @Test func aTestThatFailsSaysWhyAndIsNotTriedAgain() async throws {
        let served = try await Served()
        let id = try #require(try await served.create()["id"]?.string)
        served.receiver.answer(with: .status(500))
        let result = try await served.call("webhooks.test", id)
        #expect(result["success"] == false)
        #expect(result["attempt"]?["errorClass"]?.string == "http_5xx")
        #expect(result["delivery"]?["state"]?.string == "failed")
        #expect(try await served.world.deliveries.openWork().isEmpty)
        let unknown = try await served.refusal("webhooks.test", id, body: ["event": "post.exploded"])
        #expect(unknown?.details.map(\.field) == ["event"])
    }

    @Test func theLogIsFilteredAndPagedWithoutGapsOrRepeats() async throws {
        let served = try await Served()
        let id = try #require(try await served.create()["id"]?.string)
        try await served.world.emit(count: 25)
        _ = try await served.world.engine.write { connection in
            try connection.execute("UPDATE delivery SET state = 'failed', wake_at = NULL WHERE sequence % 5 = 0")
            try connection.execute("UPDATE delivery SET state = 'succeeded', wake_at = NULL WHERE sequence % 5 = 1")
        }
        func sequences(_ query: [(name: String, value: String)]) async throws -> [Int64] {
            var seen: [Int64] = []
            var cursor: String?
            repeat {
                let more = cursor.map { [(name: "cursor", value: $0)] } ?? []
                let page = try await served.call("webhooks.deliveries", id, query: query + more)
                seen += (page["data"]?.array ?? []).compactMap { $0["sequence"]?.int }
                cursor = page["pagination"]?["nextCursor"]?.string
                #expect(page["pagination"]?["hasMore"] == .bool(cursor != nil))
            } while cursor != nil
            return seen
        }
        #expect(try await sequences([("limit", "7")]) == Array((1...25).reversed()))
        #expect(try await sequences([("limit", "2"), ("state", "failed")]) == [25, 20, 15, 10, 5])
        #expect(try await sequences([("limit", "3"), ("state", "failed,succeeded")]) == [25, 21, 20, 16, 15, 11, 10, 6, 5, 1])
        #expect(try await sequences([("event", "webhook.test"), ("state", "pending")]).count == 15)
        #expect(try await sequences([("event", "post.created")]).isEmpty)
        for query in [("state", "lost"), ("limit", "0"), ("limit", "101"), ("cursor", "zz"), ("stat", "failed")] {
            let error = try await served.refusal("webhooks.deliveries", id, query: [(name: query.0, value: query.1)])
            #expect(error?.details.map(\.field) == [query.0])
        }
    }

    @Test func theCatalogueHasASampleOfEveryEvent() async throws {
        let served = try await Served()
        let entries = try #require(try await served.call("webhooks.events", query: [("limit", "100")])["data"]?.array)
        #expect(entries.map { $0["type"]?.string } == FeatureList.events.map { $0.type }.sorted())
        for entry in entries {
            #expect(entry["sample"]?["event"] == entry["type"])
            let declared = entry["schema"]?["properties"]?.object?.map(\.key)
            #expect(entry["sample"]?["data"]?.object?.map(\.key) == declared)
        }
    }

    @Test func disablingTwiceAndEnablingTwiceChangesNothingMore() async throws {
        let served = try await Served()
        let id = try #require(try await served.create()["id"]?.string)
        try await served.world.engine.write { [webhooks = served.world.webhooks, world = served.world] connection in
            try webhooks.disable(ID(id), in: world.organization.organizationID, because: "410", on: connection)
        }
        let disabled = try await served.call("webhooks.disable", id)
        #expect(disabled["disabledReason"]?.string == "410")
        #expect(disabled["version"] == 2)
        let enabled = try await served.call("webhooks.enable", id)
        #expect(enabled["disabledReason"] == .null)
        #expect(enabled["version"] == 3)
        #expect(try await served.call("webhooks.enable", id)["version"] == 3)
    }
}
