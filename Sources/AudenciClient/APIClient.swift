public import Foundation

/// An Audenci server, with the rights of one API key.
///
/// ```swift
/// let client = APIClient(baseURL: url, key: key)
/// let post = try await client.posts.create(
///     PostDraft(brandId: brand, caption: "Check out our new product!", platforms: [.instagram, .facebook]))
/// try await client.posts.publish(post.id)
/// ```
///
/// A value that can be copied and shared. Every write carries an `Idempotency-Key`, so a failed request is sent again
/// without being done twice; see ``RetryPolicy``.
public struct APIClient: Sendable {
    /// The server's address, without `/api`.
    public let baseURL: URL
    /// When requests are sent again.
    public var retries: RetryPolicy
    /// Sent with every write: everything is checked and answered as usual, and nothing is kept. See ``rehearsing``.
    private(set) var isRehearsing = false
    let key: APIKeyText
    let transport: any HTTPTransport
    let surroundings: Surroundings

    /// - Parameters:
    ///   - baseURL: such as `https://audenci.your-domain.com`; with or without `/api` at its end.
    ///   - key: `sk_prod_...` or `sk_dev_...`. Over `http` it travels readably: use that on your own machine only.
    public init(
        baseURL: URL, key: String, retries: RetryPolicy = .standard, transport: any HTTPTransport = URLSessionTransport.shared,
        surroundings: Surroundings = .live
    ) {
        self.baseURL = baseURL
        self.key = APIKeyText(text: key)
        self.retries = retries
        self.transport = transport
        self.surroundings = surroundings
    }

    /// The same client for a dry run: writes are checked and answered as usual, and nothing is kept.
    public var rehearsing: APIClient {
        var copy = self
        copy.isRehearsing = true
        return copy
    }

    /// For requests that keep nothing anyway, and know no dry run.
    var inEarnest: APIClient {
        var copy = self
        copy.isRehearsing = false
        return copy
    }
}

/// Keeps the key out of logs and debuggers.
struct APIKeyText: Sendable, CustomStringConvertible, CustomReflectable {
    let text: String

    var description: String { "[redacted]" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
