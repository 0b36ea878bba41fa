import Contract
import Core
import Features
import HTTPServer
import Synchronization

/// The page behind the one-time URL that a first start prints: makes the first organization and shows its key.
final class SetupPage: Sendable {
    private let token: Mutex<String?>
    private let setup: OrganizationSetupStore

    /// - Parameter token: what the URL must hold; nil: there is nothing to set up.
    init(token: String?, setup: OrganizationSetupStore) {
        self.token = Mutex(token)
        self.setup = setup
    }

    var routes: [PlainRoute] {
        [
            PlainRoute("GET", "/setup") { request in
                guard self.isOpen(request.query.first { $0.name == "token" }?.value) else { return Self.closed }
                return Self.page(Self.form(token: request.query.first { $0.name == "token" }?.value ?? "", issue: nil))
            },
            PlainRoute("POST", "/setup") { try await self.submit($0) },
        ]
    }

    private func isOpen(_ candidate: String?) -> Bool {
        token.withLock { token in
            guard let token, let candidate else { return false }
            return Signature.sha256(token.utf8) == Signature.sha256(candidate.utf8)
        }
    }

    private func submit(_ request: APIRequest) async throws -> Reply {
        let fields = try FormFields.parse(request.body)
        func field(_ name: String) -> String { fields.first { $0.name == name }?.value ?? "" }
        guard isOpen(field("token")), try await setup.isFirst() else { return Self.closed }
        let outline: OrganizationOutline
        do {
            outline = try Setup.outline(
                organization: field("organization"), plan: "enterprise", brand: field("brand"), email: field("email"),
                requestsPerHour: nil)
        } catch {
            return Self.page(Self.form(token: field("token"), issue: error.message), status: 400)
        }
        // Taken before the work: of two submissions at once, one makes the organization.
        let held = token.withLock { token -> String? in
            defer { token = nil }
            return token
        }
        guard held != nil else { return Self.closed }
        do {
            let made = try await setup.create(outline)
            return Self.page(Self.done(made))
        } catch {
            token.withLock { $0 = held }
            throw error
        }
    }

    private static let closed = page(
        "<h1>Setup is closed</h1><p>This link was used, or it belongs to an earlier start. While there is no organization, every start of <code>audenci serve</code> prints a new one; afterwards use <code>audenci init</code>.</p>",
        status: 404)

    private static func form(token: String, issue: String?) -> String {
        """
        <h1>Welcome to Audenci</h1>
        \(issue.map { "<p role=alert><strong>\($0.htmlEscaped)</strong></p>" } ?? "")
        <p>Create your organization. You get an admin key; sandbox accounts let you try everything without any platform.</p>
        <form method=post action=/setup>
        <input type=hidden name=token value="\(token.htmlEscaped)">
        <p><label>Organization<br><input name=organization required maxlength=120 autofocus></label></p>
        <p><label>First brand<br><input name=brand required maxlength=120></label></p>
        <p><label>Your e-mail address<br><input name=email type=email required maxlength=254></label></p>
        <p><button>Create</button></p>
        </form>
        """
    }

    private static func done(_ made: NewOrganization) -> String {
        """
        <h1>Your organization is ready</h1>
        <p>Your admin key, shown this once. Store it now:</p>
        <p><code>\(made.apiKey.reveal().htmlEscaped)</code></p>
        <p>Your brand's id: <code>\(made.brandID.rawValue.htmlEscaped)</code></p>
        """
    }

    private static func page(_ body: String, status: Int = 200) -> Reply {
        SmallPage.reply("Audenci setup", body, status: status)
    }
}
