package import Core
import Platforms

/// How large a picture for a platform is.
package enum PictureSize {
    /// What the connector says that its platform shows best; for platforms without one, the shape that fills most of a phone
    /// there.
    package static func best(for platform: Platform?) -> (width: Int, height: Int) {
        guard let platform else { return (1080, 1080) }
        if let capabilities = PlatformList.capabilities(of: platform) {
            return (capabilities.cardWidth, capabilities.cardHeight)
        }
        switch platform {
        case .tiktok: return (1080, 1920)
        case .pinterest: return (1000, 1500)
        case .x, .youtube, .discord, .telegram: return (1600, 900)
        case .linkedin, .reddit, .googleBusiness: return (1200, 900)
        case .instagram, .facebook, .threads, .bluesky, .mastodon: return (1080, 1080)
        }
    }
}
