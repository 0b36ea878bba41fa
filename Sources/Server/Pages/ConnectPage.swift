import Contract
import Core
import Features
import HTTPServer
import Logging

/// Where platforms send a person back to: says what became of connecting an account, and lets them choose when they may act
/// for several profiles. Nobody is asked for a key: the state that comes back is known to who began alone.
struct ConnectPage: Sendable {
    let connections: ConnectionStore
    let logger: Logger

    private static let title = "Connect an account"

    var routes: [PlainRoute] {
        [
            PlainRoute("GET", "/oauth/callback") { request in
                await answer {
                    func field(_ name: String) -> String { request.query.first { $0.name == name }?.value ?? "" }
                    let state = field("state")
                    guard !state.isEmpty else {
                        throw APIError(.invalidRequest, "The platform sent no state back. Start again where you came from.")
                    }
                    guard field("error").isEmpty else { return Self.refused(try await connections.abandon(state: state)) }
                    guard (1...4096).contains(field("code").utf8.count) else {
                        _ = try await connections.abandon(state: state)
                        throw APIError(.invalidRequest, "The platform sent no code back. Start again where you came from.")
                    }
                    return Self.page(try await connections.finish(state: state, code: Secret(field("code"))))
                }
            },
            PlainRoute("POST", "/oauth/callback") { request in
                await answer {
                    let fields = try FormFields.parse(request.body)
                    let choice = fields.first { $0.name == "choice" }?.value ?? ""
                    let profiles = fields.filter { $0.name == "profile" }.map(\.value)
                    return Self.page(try await connections.choose(choice, externalIDs: profiles))
                }
            },
        ]
    }

    private func answer(_ work: () async throws -> Reply) async -> Reply {
        do {
            return try await work()
        } catch let error as APIError {
            return SmallPage.problem(Self.title, error)
        } catch {
            logger.error("an account could not be connected", metadata: ["error": "\(error)"])
            return SmallPage.problem(Self.title, APIError(.internalError, "Something failed; start again."))
        }
    }

    private static func page(_ outcome: ConnectionOutcome) -> Reply {
        switch outcome {
        case .connected(let accounts, let brand, let redirectTo): connected(accounts, brand, redirectTo)
        case .choice(let choice, let profiles, let platform): form(choice, profiles, platform)
        }
    }

    private static func connected(_ accounts: [SocialAccount], _ brand: String, _ redirectTo: String?) -> Reply {
        let list = accounts.map { account in
            "<li><strong>\(account.username.htmlEscaped)</strong> on \(account.platform.rawValue.htmlEscaped)</li>"
        }
        return SmallPage.reply(
            "Connected",
            """
            <h1>Connected</h1>
            <p>\(brand.htmlEscaped) can publish as:</p>
            <ul>\(list.joined())</ul>
            \(onwards(redirectTo) ?? "<p>You can close this page.</p>")
            """)
    }

    private static func refused(_ flow: ConnectionFlow) -> Reply {
        SmallPage.reply(
            title,
            """
            <h1>Not connected</h1>
            <p role=alert>\(flow.platform.rawValue.htmlEscaped) says that the permission was not given. Nothing was changed.</p>
            \(onwards(flow.redirectTo) ?? "<p>You can close this page, or start again where you came from.</p>")
            """, status: 403)
    }

    private static func onwards(_ redirectTo: String?) -> String? {
        redirectTo.map { "<p><a href=\"\($0.htmlEscaped)\">Go on</a></p>" }
    }

    private static func form(_ choice: Secret, _ profiles: [VerifiedProfile], _ platform: Platform) -> Reply {
        let boxes = profiles.map { profile in
            let name = profile.displayName.map { " (\($0.htmlEscaped))" } ?? ""
            return """
                <p><label><input type=checkbox name=profile style="width:auto" value="\(profile.externalID.htmlEscaped)">
                \(profile.username.htmlEscaped)\(name)</label></p>
                """
        }
        return SmallPage.reply(
            title,
            """
            <h1>Which profiles?</h1>
            <p>You may act for several on \(platform.rawValue.htmlEscaped). Choose those to connect.</p>
            <form method=post action="/oauth/callback">
            <input type=hidden name=choice value="\(choice.reveal().htmlEscaped)">
            \(boxes.joined(separator: "\n"))
            <p><button>Connect</button></p>
            </form>
            """)
    }
}
