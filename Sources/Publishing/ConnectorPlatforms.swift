package import Contract
package import Core
package import Features
import Platforms

/// What the features want to know of the connectors.
package struct ConnectorPlatforms: PlatformRules, AccountVerifier {
    let sessions: PlatformSessions

    package init(sessions: PlatformSessions) { self.sessions = sessions }

    package var platforms: [Platform] { Self.all }

    /// The platforms of this version, in the order of the list.
    package static let all = PlatformList.connectors.map { $0.platform }

    package func issues(of post: Post, mediaCount: Int, platform: Platform) -> [FieldIssue] {
        CaptionRules.issues(
            caption: post.caption, link: post.link, contentWarning: post.options.contentWarning, mediaCount: mediaCount,
            platform: platform
        ).map { issue in
            FieldIssue(
                issue.kind == .tooManyMedia ? "media" : "caption", "is not accepted by \(platform.rawValue): \(issue.message)")
        }
    }

    package func followUpIssues(
        caption: String, mediaCount: Int, isComment: Bool, platform: Platform
    ) -> [FieldIssue] {
        FollowUpRules.issues(caption: caption, mediaCount: mediaCount, isComment: isComment, platform: platform).map {
            FieldIssue($0.kind == .tooManyMedia ? "media" : "caption", "is not accepted by \(platform.rawValue): \($0.message)")
        }
    }

    package func hasThreads(_ platform: Platform) -> Bool { PlatformList.capabilities(of: platform)?.hasThreads ?? false }

    package func demandsMedia(_ platform: Platform) -> Bool {
        PlatformList.capabilities(of: platform)?.requiresMedia ?? false
    }

    /// Meta's API, for accounts whose owner names no other address.
    static let graphURL = "https://graph.facebook.com/v25.0"

    package func defaultBaseURL(of platform: Platform) -> String? {
        switch platform {
        case .instagram, .facebook: Self.graphURL
        default: nil
        }
    }

    package func verify(platform: Platform, baseURL: String, externalID: String, token: Secret) async throws -> VerifiedProfile
    {
        guard let connector = PlatformList.connector(for: platform) else {
            throw APIError.invalid("platform", "cannot be connected in this version")
        }
        switch await connector.verify(on: sessions.session(baseURL: baseURL, externalID: externalID, token: token)) {
        case .verified(let profile): return VerifiedProfile(profile)
        case .failed(let failure):
            let field = failure.failureClass == .auth ? "accessToken" : "baseUrl"
            throw APIError.invalid(field, "was not accepted: \(failure.message)")
        }
    }
}
