package import Contract
package import Core

/// An account's followers reached a threshold for the first time.
package struct FollowerMilestone: Event {
    package var socialAccountID: SocialAccountID
    package var platform: Platform
    package var username: String
    package var milestone: Int
    package var followerCount: Int

    package init(socialAccountID: SocialAccountID, platform: Platform, username: String, milestone: Int, followerCount: Int) {
        self.socialAccountID = socialAccountID
        self.platform = platform
        self.username = username
        self.milestone = milestone
        self.followerCount = followerCount
    }

    package static let type = "follower.milestone"
    package static let name = "FollowerMilestoneEvent"
    package static let summary = "Follower count milestone reached"
    package static let properties: [Property<Self>] = [
        Property("socialAccountId", "The account.") { $0.socialAccountID },
        Property("platform", "The platform.") { $0.platform },
        Property("username", "Its name on the platform.") { $0.username },
        Property("milestone", "The threshold.") { $0.milestone },
        Property("followerCount", "How many follow it now.") { $0.followerCount },
    ]
    package static let example = FollowerMilestone(
        socialAccountID: ID("cmb2k7q0x0000000000000005"), platform: .instagram, username: "acme", milestone: 1000,
        followerCount: 1003)

    package var scope: EventScope {
        EventScope(
            entity: socialAccountID.rawValue, platforms: [platform.rawValue], accountIDs: [socialAccountID.rawValue])
    }
}
