public import Foundation

/// A request to the API, for what the typed calls do not cover.
///
/// ```swift
/// let inbox = try await client.send(APIRequest(.get, ["inbox"], query: ["limit": "5"]), as: JSONValue.self)
/// ```
public struct APIRequest: Sendable {
    /// What is done with the resource.
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// What is sent.
    public enum Body: Sendable {
        case json(Data)
        case data(Data, contentType: String)
        case file(URL, contentType: String)
    }

    public var method: Method
    /// The segments of the path below `/api`, as they are: `["posts", id]`.
    public var path: [String]
    public var query: [String: String]
    public var body: Body?
    /// Do it only if the resource has this version.
    public var ifMatch: ETag?
    /// Tells the server that a repeat is a repeat. Made anew for each write when nil; give your own, and keep it, when a write
    /// must survive a restart of your program.
    public var idempotencyKey: String?
    /// How long nothing may arrive before the request is given up.
    public var timeout: Duration

    public init(
        _ method: Method, _ path: [String], query: [String: String] = [:], body: Body? = nil, ifMatch: ETag? = nil,
        idempotencyKey: String? = nil, timeout: Duration = .seconds(60)
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.ifMatch = ifMatch
        self.idempotencyKey = idempotencyKey
        self.timeout = timeout
    }

    /// The same with a JSON body.
    /// - Throws: ``AudenciError`` when the value cannot be written as JSON, for example a number that is not finite.
    public init(
        _ method: Method, _ path: [String], query: [String: String] = [:], json: some Encodable, ifMatch: ETag? = nil,
        idempotencyKey: String? = nil, timeout: Duration = .seconds(60)
    ) throws {
        do {
            self.init(
                method, path, query: query, body: .json(try AudenciJSON.encode(json)), ifMatch: ifMatch,
                idempotencyKey: idempotencyKey, timeout: timeout)
        } catch {
            throw AudenciError(.unusableRequest, "the body cannot be written as JSON: \(error)")
        }
    }
}

/// An answer with what its headers say.
public struct APIReply<Value: Sendable>: Sendable {
    public var value: Value
    public var status: Int
    /// For `ifMatch:`.
    public var etag: ETag?
    /// What the server's log knows the request by.
    public var requestId: String?
    /// How many requests are left in this hour.
    public var rateLimit: RateLimit?
    /// True when the server recognised a repeat by its key, and answered as it had the first time.
    public var isRepeat: Bool
}

/// The organization's requests in this hour.
public struct RateLimit: Hashable, Sendable {
    public var limit: Int
    public var remaining: Int
    public var resetsAt: Date

    init?(_ response: TransportResponse) {
        func number(_ name: String) -> Int? { response.header("X-RateLimit-\(name)").flatMap { Int($0) } }
        guard let limit = number("Limit"), let remaining = number("Remaining"), let reset = number("Reset") else { return nil }
        self.limit = limit
        self.remaining = remaining
        resetsAt = Date(timeIntervalSince1970: Double(reset))
    }
}
