import AudenciClient
import Foundation
import Synchronization

/// A client over a ``FakeTransport`` that never sleeps: it writes down for how long it would.
struct FakeClient {
    static let now = Date(timeIntervalSince1970: 1_770_114_600)

    let client: APIClient
    let transport: FakeTransport
    private let log = Log()

    var waits: [Duration] { log.waits.withLock { $0 } }
    var lines: [String] { transport.requests.map(\.line) }

    final class Log: Sendable {
        let waits = Mutex<[Duration]>([])
        let keys = Mutex(0)
    }

    /// - Parameter jitter: 1: every wait is as long as it can be.
    init(_ replies: FakeTransport.Reply..., retries: RetryPolicy = .standard, jitter: Double = 1) {
        self.init(replies, retries: retries, jitter: jitter)
    }

    init(
        _ replies: [FakeTransport.Reply], retries: RetryPolicy = .standard, jitter: Double = 1, base: String = "https://a.test"
    ) {
        transport = FakeTransport(replies)
        let surroundings = Surroundings(
            now: { Self.now },
            sleep: { [log] wait in
                try Task.checkCancellation()
                log.waits.withLock { $0.append(wait) }
            },
            jitter: { jitter },
            idempotencyKey: { [log] in
                log.keys.withLock {
                    $0 += 1
                    return "key-\($0)"
                }
            })
        client = APIClient(
            baseURL: URL(string: base) ?? URL(filePath: "/"), key: "sk_test", retries: retries, transport: transport,
            surroundings: surroundings)
    }
}

/// JSON as the API's documentation has it.
enum Sample {
    static let post = """
        {"id":"c1","organizationId":"o1","brandId":"b1","userId":"u1","title":null,"caption":"Check out our new product!",
        "link":null,"platforms":["instagram","mastodon"],"socialAccountIds":["s1"],"media":[],"visibility":null,
        "contentWarning":null,"status":"SCHEDULED","scheduledFor":"2026-02-04T15:00:00Z","campaignId":null,"warnings":[],
        "platformResults":{"instagram":{"success":true,"postId":"123456789"}},"failureSummary":null,"publishedAt":null,
        "createdAt":"2026-02-03T10:00:00Z","updatedAt":"2026-02-03T10:00:00Z","version":3}
        """

    static func page(_ elements: [String], next: String? = nil) -> String {
        let cursor = next.map { "\"\($0)\"" } ?? "null"
        return """
            {"data":[\(elements.joined(separator: ","))],"pagination":{"nextCursor":\(cursor),"hasMore":\(next != nil)}}
            """
    }

    static func error(_ code: String, _ message: String = "no") -> String {
        """
        {"error":{"code":"\(code)","message":"\(message)","details":[],"requestId":"req_1","docUrl":"https://a.test/docs"}}
        """
    }
}
