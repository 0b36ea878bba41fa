import Core

/// A profile as its platform shows it. What the platform does not say is nil.
package struct PlatformProfile: Sendable, Hashable {
    /// What kind of profile it is; raw values are the API's.
    package enum Kind: String, Sendable, CaseIterable {
        case profile = "PROFILE"
        case page = "PAGE"
        case business = "BUSINESS"
        case bot = "BOT"
    }

    package var externalID: String
    package var username: String
    package var displayName: String?
    package var kind: Kind
    /// Where people see it.
    package var url: String?
    package var avatarURL: String?
    package var followerCount: Int64?

    package init(
        externalID: String, username: String, displayName: String?, kind: Kind, url: String? = nil, avatarURL: String? = nil,
        followerCount: Int64? = nil
    ) {
        self.externalID = externalID
        self.username = username
        self.displayName = displayName
        self.kind = kind
        self.url = url
        self.avatarURL = avatarURL
        self.followerCount = followerCount
    }
}

extension JSONValue {
    /// A name to show, cut to what fits; nil when there is none.
    func displayName(_ key: String) -> String? { self[key]?.string.flatMap { $0.isEmpty ? nil : String($0.prefix(200)) } }
}
