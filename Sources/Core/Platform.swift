/// The platforms that a post can name. Raw values are the API's. Which of them this version can publish to is
/// answered by the connectors that are there.
package enum Platform: String, Sendable, CaseIterable, Codable {
    case instagram, facebook, threads, x, linkedin, tiktok, youtube, pinterest, bluesky, mastodon, telegram, discord, reddit
    case googleBusiness = "google_business"

    /// Accepts the API's names and the alias `twitter`.
    package init?(name: String) {
        if name == "twitter" { self = .x } else { self.init(rawValue: name) }
    }
}
