package import Contract
package import Core
package import Features
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

    package func check(_ authentication: WebhookAuthentication, now: Instant) async throws(APIError) {
        if let url = authentication.tokenURL {
            do throws(OutboundURLIssue) {
                _ = try await client.vet(url)
            } catch {
                throw APIError.invalid("authentication.tokenUrl", error.message)
            }
        }
        guard let certificate = authentication.certificate, let key = authentication.privateKey else { return }
        do throws(ClientIdentity.Issue) {
            _ = try ClientIdentity(certificate: certificate, privateKey: key, now: now)
        } catch {
            throw APIError.invalid("authentication.\(error.field)", error.description)
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
