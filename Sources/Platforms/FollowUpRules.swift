package import Core

/// What a platform would refuse about a part of a thread or a first comment, found before the slot: pure.
package enum FollowUpRules {
    /// What is wrong with it as what follows a post on that platform; empty when nothing is, or when there is no connector.
    package static func issues(
        caption: String, mediaCount: Int, isComment: Bool, platform: Platform
    ) -> [CaptionIssue] {
        guard let limits = PlatformList.capabilities(of: platform), let inbox = PlatformList.inbox(for: platform) else {
            return []
        }
        return issues(
            caption: caption, mediaCount: mediaCount, maximumLength: type(of: inbox).maximumReplyLength,
            maximumMedia: limits.hasThreads && !isComment ? limits.maximumMedia : 0, platform: platform)
    }

    static func issues(
        caption: String, mediaCount: Int, maximumLength: Int, maximumMedia: Int, platform: Platform
    ) -> [CaptionIssue] {
        let name = platform.properName
        var issues: [CaptionIssue] = []
        let length = CaptionRules.length(of: caption, on: platform)
        if length > maximumLength {
            issues.append(
                CaptionIssue(
                    kind: .captionTooLong, platform: platform, count: length, limit: maximumLength,
                    message: "It has \(length) characters; \(name) takes \(maximumLength) after a post."))
        }
        if mediaCount > maximumMedia {
            let takes = maximumMedia == 0 ? "none after a post" : "\(maximumMedia)"
            issues.append(
                CaptionIssue(
                    kind: .tooManyMedia, platform: platform, count: mediaCount, limit: maximumMedia,
                    message: "It has \(mediaCount) pictures; \(name) takes \(takes)."))
        }
        return issues
    }
}
