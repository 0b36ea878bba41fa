public import Foundation

/// Sends one HTTP request.
///
/// ``URLSessionTransport`` is the one that is used unless another is given. Write your own to go through another HTTP client
/// or, in tests, through none.
public protocol HTTPTransport: Sendable {
    /// Sends a request once and gives the answer, whatever its status. It follows no redirects: they would carry the key away.
    /// - Throws: ``TransportError``, or another error, when there is no answer. What is no ``TransportError`` counts as
    ///   transient and is tried again.
    func send(_ request: TransportRequest) async throws -> TransportResponse
}

/// A request as it goes out.
public struct TransportRequest: Sendable {
    /// What is sent after the headers.
    public enum Body: Sendable {
        case data(Data)
        /// The contents of a file, from its beginning.
        case file(URL)
    }

    public var method: String
    public var url: URL
    public var headers: [String: String]
    public var body: Body?
    /// How long nothing may arrive before the request is given up.
    public var timeout: Duration

    public init(method: String, url: URL, headers: [String: String] = [:], body: Body? = nil, timeout: Duration = .seconds(60))
    {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }
}

/// An answer as it came in.
public struct TransportResponse: Sendable {
    public var status: Int
    public var body: Data
    private let headers: [String: String]

    public init(status: Int, headers: [String: String] = [:], body: Data = Data()) {
        self.status = status
        self.body = body
        self.headers = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// A header, however it was capitalized.
    public func header(_ name: String) -> String? { headers[name.lowercased()] }
}

/// There was no answer.
public struct TransportError: Error, Sendable, CustomStringConvertible {
    public var message: String
    /// False when trying again cannot help, for example with a certificate that does not verify.
    public var isTransient: Bool

    public init(_ message: String, isTransient: Bool) {
        self.message = message
        self.isTransient = isTransient
    }

    public var description: String { message }
}
