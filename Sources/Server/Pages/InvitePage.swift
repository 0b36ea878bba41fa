import Contract
import Core
import Features
import HTTPServer

/// The page behind an invitation's link: whoever has the link joins.
struct InvitePage: Sendable {
    let invites: InviteStore

    var routes: [PlainRoute] {
        [
            PlainRoute("GET", "/invite/{token}", isLogged: true) { request in
                await answer { Self.form(try await invites.open(Self.token(request))) }
            },
            PlainRoute("POST", "/invite/{token}") { request in
                await answer {
                    let fields = try FormFields.parse(request.body)
                    let name = fields.first { $0.name == "name" }?.value ?? ""
                    guard name.utf8.count <= 200 else { throw APIError.invalid("name", "must have at most 200 characters") }
                    return Self.welcome(try await invites.accept(Self.token(request), name: name))
                }
            },
        ]
    }

    private func answer(_ work: () async throws -> Reply) async -> Reply {
        do {
            return try await work()
        } catch let error as APIError {
            return SmallPage.problem("Invitation", error)
        } catch {
            return SmallPage.problem("Invitation", APIError(.internalError, "Something failed; try again."))
        }
    }

    private static func token(_ request: APIRequest) -> String { request.pathParameters.first?.value ?? "" }

    private static func form(_ invite: Invite) -> Reply {
        SmallPage.reply(
            "Invitation",
            """
            <h1>Join on Audenci</h1>
            <p>\(invite.email.htmlEscaped) is invited as <strong>\(invite.role.rawValue)</strong>.</p>
            <form method=post>
            <p><label>Your name<br><input name=name required maxlength=120 autofocus></label></p>
            <p><button>Accept the invitation</button></p>
            </form>
            """)
    }

    private static func welcome(_ key: NewKey) -> Reply {
        SmallPage.reply(
            "Welcome",
            """
            <h1>You are a member</h1>
            <p>Your personal API key (\(key.key.scope.rawValue)), shown this once. Store it now:</p>
            <p><code>\(key.secret.reveal().htmlEscaped)</code></p>
            """)
    }
}
