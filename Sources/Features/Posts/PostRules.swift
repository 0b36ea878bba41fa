package import Contract
package import Core

/// What the platforms take, as posts need to know it. Implemented where the connectors are.
package protocol PlatformRules: Sendable {
    /// The platforms that this version can publish to.
    var platforms: [Platform] { get }
    /// What is wrong with the post's text and this number of pictures for that platform; each issue names `caption` or
    /// `media`.
    func issues(of post: Post, mediaCount: Int, platform: Platform) -> [FieldIssue]
    /// What is wrong with a part of a post's thread, or its first comment, as what follows a post there; each issue names
    /// `caption` or `media`.
    func followUpIssues(caption: String, mediaCount: Int, isComment: Bool, platform: Platform) -> [FieldIssue]
    /// True when a thread's parts stand beside the post there, as posts; elsewhere they are comments under it.
    func hasThreads(_ platform: Platform) -> Bool
    /// True when the platform shows nothing without a picture.
    func demandsMedia(_ platform: Platform) -> Bool
}

/// Whether a post may be scheduled as it is: pure, and told before the slot instead of in it.
package struct PostRules: Sendable {
    package var platforms: any PlatformRules

    package init(platforms: any PlatformRules) { self.platforms = platforms }

    /// - Returns: what was accepted but should be known.
    /// - Throws: ``APIError`` with one issue for each thing that is wrong.
    package func check(_ post: Post, brandCards: Bool, now: Instant) throws(APIError) -> [String] {
        var issues: [FieldIssue] = []
        var warnings: [String] = []
        let known = platforms.platforms
        for platform in post.platforms {
            guard known.contains(platform) else {
                let list = known.map(\.rawValue).joined(separator: ", ")
                issues.append(
                    FieldIssue("platforms", "\(platform.rawValue) cannot be published to in this version; possible are \(list)")
                )
                continue
            }
            let needsCard = post.media.isEmpty && platforms.demandsMedia(platform)
            if needsCard, !brandCards {
                issues.append(
                    FieldIssue("media", "\(platform.rawValue) demands a picture, and this brand's brand cards are turned off"))
            } else if needsCard {
                warnings.append("\(platform.rawValue) demands a picture: a brand card with the post's text will be published.")
            }
            issues += platforms.issues(of: post, mediaCount: needsCard ? 1 : post.media.count, platform: platform)
            issues += followUpIssues(of: post, on: platform)
            if !post.thread.isEmpty, !platforms.hasThreads(platform) {
                warnings.append("\(platform.rawValue) has no threads: what follows the post is published as comments under it.")
            }
        }
        if let link = post.link, !link.hasPrefix("https://"), !link.hasPrefix("http://") {
            issues.append(FieldIssue("link", "must be an http or https URL"))
        }
        for (index, part) in post.thread.enumerated() {
            for (place, media) in part.media.enumerated() where media.mediaID == nil && !media.url.hasPrefix("https://") {
                issues.append(FieldIssue("thread[\(index)].media[\(place)].url", "must be an https URL"))
            }
        }
        for (index, media) in post.media.enumerated() where media.mediaID == nil && !media.url.hasPrefix("https://") {
            issues.append(FieldIssue("media[\(index)].url", "must be an https URL"))
        }
        if post.status == .scheduled {
            if let time = post.scheduledFor {
                if time <= now { issues.append(FieldIssue("scheduledFor", "must be in the future; it is now \(now)")) }
            } else {
                issues.append(FieldIssue("scheduledFor", "is required for status SCHEDULED"))
            }
        }
        guard issues.isEmpty else { throw .invalid(issues) }
        return warnings
    }

    private func followUpIssues(of post: Post, on platform: Platform) -> [FieldIssue] {
        var issues: [FieldIssue] = []
        for (index, part) in post.thread.enumerated() {
            issues += platforms.followUpIssues(
                caption: part.caption, mediaCount: part.media.count, isComment: false, platform: platform
            ).map { FieldIssue("thread[\(index)].\($0.field)", $0.issue) }
        }
        if let comment = post.firstComment {
            issues += platforms.followUpIssues(caption: comment, mediaCount: 0, isComment: true, platform: platform)
                .map { FieldIssue("firstComment", $0.issue) }
        }
        return issues
    }
}
