import Contract
import Core
import Features
import HTTPServer

/// The page behind a review link: somebody outside sees one post and decides on it.
struct ReviewPage: Sendable {
    let links: ReviewLinkStore

    var routes: [PlainRoute] {
        [
            PlainRoute("GET", "/review/{token}") { request in
                await answer { Self.form(try await links.post(try links.open(Self.token(request)))) }
            },
            PlainRoute("POST", "/review/{token}") { request in
                await answer {
                    let fields = try FormFields.parse(request.body)
                    func field(_ name: String) -> String { fields.first { $0.name == name }?.value ?? "" }
                    let (name, note) = (field("name"), field("note"))
                    guard (1...120).contains(name.count) else { throw APIError.invalid("name", "is required") }
                    guard note.count <= 5000 else { throw APIError.invalid("note", "must have at most 5000 characters") }
                    guard let verdict = Decision.Verdict(rawValue: field("decision")) else {
                        throw APIError.invalid("decision", "must be one of \(Decision.Verdict.words)")
                    }
                    _ = try await links.decide(
                        try links.open(Self.token(request)), verdict, name: name, note: note.isEmpty ? nil : note)
                    return SmallPage.reply(
                        "Thank you", "<h1>Thank you</h1><p>Your decision is recorded: \(verdict.rawValue).</p>")
                }
            },
        ]
    }

    private func answer(_ work: () async throws -> Reply) async -> Reply {
        do {
            return try await work()
        } catch let error as APIError {
            return SmallPage.problem("Review", error)
        } catch {
            return SmallPage.problem("Review", APIError(.internalError, "Something failed; try again."))
        }
    }

    private static func token(_ request: APIRequest) -> String { request.pathParameters.first?.value ?? "" }

    private static func form(_ post: Post) -> Reply {
        let pictures = post.media.map {
            "<p><img src=\"\($0.url.htmlEscaped)\" alt=\"\(($0.altText ?? "").htmlEscaped)\"></p>"
        }
        let time = post.scheduledFor.map { "<p>To be published at \($0)</p>" } ?? ""
        return SmallPage.reply(
            "Review",
            """
            <h1>Review a post</h1>
            <p>For \(post.platforms.map(\.rawValue).joined(separator: ", ").htmlEscaped)</p>
            <blockquote>\(post.caption.htmlEscaped)</blockquote>
            \(post.link.map { "<p>\($0.htmlEscaped)</p>" } ?? "")\(pictures.joined())\(time)
            <form method=post>
            <p><label>Your name<br><input name=name required maxlength=120></label></p>
            <p><label>What should change (needed unless you approve)<br><textarea name=note rows=4 maxlength=5000></textarea></label></p>
            <p><button name=decision value=APPROVE>Approve</button></p>
            <p><button name=decision value=REQUEST_CHANGES>Request changes</button></p>
            <p><button name=decision value=REJECT>Reject</button></p>
            </form>
            """)
    }
}
