package import Contract
import Features
package import Outbound

/// Judges webhook URLs by the same rules that deliveries are sent by, so that a URL that cannot work is refused when it
/// is entered.
package struct GuardedURLCheck: WebhookURLCheck {
    let client: GuardedClient

    package init(client: GuardedClient) { self.client = client }

    package func check(_ url: String) async throws(APIError) {
        do throws(OutboundURLIssue) {
            // A name that does not resolve just now is no reason to refuse: the receiver may not be up yet.
            _ = try await client.vet(url)
        } catch {
            throw APIError(
                Self.code(error.code), "The url cannot be used: \(error.message)", details: [FieldIssue("url", error.message)])
        }
    }

    private static func code(_ code: OutboundURLIssue.Code) -> ErrorCode {
        switch code {
        case .notHTTPS: .webhookURLNotHTTPS
        case .privateAddress, .localName, .badPort, .hasCredentials: .webhookURLRefused
        default: .invalidRequest
        }
    }
}
