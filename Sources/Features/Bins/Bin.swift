package import Contract
package import Core

/// A place that takes any request and shows it: to look at what webhooks send, and to rehearse what happens when a receiver
/// misbehaves.
package struct Bin: Sendable {
    /// What it does with a request.
    package enum Behavior: String, Sendable, CaseIterable, APIEnum, QueryValue {
        /// Answers with its status.
        case answer
        /// Never answers.
        case hang
        /// Answers with what is no HTTP.
        case garbage
        /// Closes the connection without an answer.
        case reset
    }

    package var id: BinID
    package var organizationID: OrganizationID
    package var url: String
    package var behavior: Behavior
    package var status: Int
    package var delayMS: Int
    package var responseBody: String
    /// This many requests still get the status; those after them 200. Nil: all get it.
    package var failures: Int?
    package var requestCount: Int64
    package var createdAt: Instant
    package var expiresAt: Instant

    /// Bins live this long.
    package static let life = Duration.seconds(7 * 86_400)
    /// At most this many requests are kept; the oldest go first.
    package static let maximumRequests = 500
    /// At most this many bytes of a body are kept.
    package static let maximumBodyBytes = 262_144
}

extension Bin: APIObject {
    package static let name = "Bin"
    package static let properties: [Property<Self>] = [
        Property("id", "The bin's id.") { $0.id },
        Property("url", "Send requests here; webhooks may point here too.") { $0.url },
        Property("behavior", "What it does with a request: answer, hang, garbage or reset.") { $0.behavior },
        Property("status", "The status of its answers.") { $0.status },
        Property("delayMs", "How long it waits before it answers.") { $0.delayMS },
        Property("responseBody", "The body of its answers.") { $0.responseBody },
        Property("failures", "How many more requests get the status; those after them get 200. Null: all get it.") {
            $0.failures
        },
        Property("requestCount", "How many requests came.") { $0.requestCount },
        Property("createdAt", "When it was made.") { $0.createdAt },
        Property("expiresAt", "When it is removed, with what is in it.") { $0.expiresAt },
    ]
    package static let example = Bin(
        id: ID("cmb2k7q0x0000000000000018"), organizationID: ID("clx789xyz"),
        url: "https://social.example.com/bin/cmb2k7q0x0000000000000018", behavior: .answer, status: 200, delayMS: 0,
        responseBody: "ok", failures: nil, requestCount: 3, createdAt: Instant(seconds: 1_770_114_600),
        expiresAt: Instant(seconds: 1_770_719_400))
}

/// What a request says of a bin.
package struct BinInput: APIInput {
    package var behavior: Bin.Behavior?
    package var status: Int?
    package var delayMS: Int?
    package var responseBody: String?
    package var failures = Change<Int>.keep

    package init() {}

    package static let name = "BinInput"
    package static let fields: [InputField<Self>] = [
        InputField("behavior", "answer (the default), hang, garbage or reset.") { $0.behavior = $1 },
        InputField("status", "The status of its answers; 200 unless said otherwise.", .range(200...599)) { $0.status = $1 },
        InputField("delayMs", "How long it waits before it answers.", .range(0...30_000)) { $0.delayMS = $1 },
        InputField("responseBody", "The body of its answers.", .length(0...10_000)) { $0.responseBody = $1 },
        InputField("failures", "Only this many requests get the status; those after them get 200.", .ifSet(.range(0...1000))) {
            $0.failures = $1
        },
    ]
    package static let example: JSONValue = ["status": 503, "failures": 2]
}

/// A request that a bin took.
package struct BinRequest: APIObject {
    package var number: Int64
    package var receivedAt: Instant
    package var method: String
    package var path: String
    package var headers: [(name: String, value: String)]
    package var body: String
    package var isTruncated: Bool

    package init(
        number: Int64, receivedAt: Instant, method: String, path: String, headers: [(name: String, value: String)],
        body: String, isTruncated: Bool
    ) {
        self.number = number
        self.receivedAt = receivedAt
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.isTruncated = isTruncated
    }

    package static let name = "BinRequest"
    package static let properties: [Property<Self>] = [
        Property("number", "1 for the first.") { $0.number },
        Property("receivedAt", "When it came.") { $0.receivedAt },
        Property("method", "Its method.") { $0.method },
        Property("path", "Its path and query.") { $0.path },
        Property("headers", "Its headers, in order; of repeated ones the last.") { NamedValues($0.headers) },
        Property("body", "Its body.") { $0.body },
        Property("truncated", "Whether there was more of it.") { $0.isTruncated },
    ]
    package static let example = BinRequest(
        number: 1, receivedAt: Instant(seconds: 1_770_114_600), method: "POST", path: "/bin/cmb2k7q0x0000000000000018",
        headers: [("content-type", "application/json")], body: #"{"event":"webhook.test"}"#, isTruncated: false)
}
