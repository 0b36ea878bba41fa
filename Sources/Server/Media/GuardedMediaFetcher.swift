import Contract
import Core
import Features
import Outbound

/// Fetches media by URL, through the address guard: never from private addresses, never more than a picture's worth.
struct GuardedMediaFetcher: MediaFetcher {
    let client: any Transport
    private static let longest = 100_000_000

    init(client: any Transport) { self.client = client }

    func fetch(_ url: String) async throws -> [UInt8] {
        guard url.lowercased().hasPrefix("https://") else { throw APIError.invalid("url", "must begin with https://") }
        let response: OutboundResponse
        do {
            response = try await client.send(
                OutboundRequest("GET", url, deadline: .seconds(60), maximumResponseBytes: Self.longest))
        } catch {
            throw APIError.invalid("url", "cannot be fetched: \(error.message)")
        }
        guard response.status == 200 else {
            throw APIError.invalid("url", "answered \(response.status) instead of 200; redirects are not followed")
        }
        guard !response.isTruncated else { throw APIError.invalid("url", "shows more than \(Self.longest) bytes") }
        return response.body
    }
}
