package import Core

/// Connects Instagram business profiles by ``FacebookLogin``: each is tied to a page of the person's.
package struct InstagramOAuth: FacebookLogin {
    package static let platform = Platform.instagram
    /// Meta, "Instagram API with Facebook Login": find the profile behind a page, publish, answer comments, read insights.
    package static let scopes = [
        "instagram_basic", "instagram_content_publish", "instagram_manage_comments", "instagram_manage_insights",
        "pages_show_list", "pages_read_engagement", "business_management",
    ]
    package static let fields = "instagram_business_account{\(InstagramAPI.profileFields)}"

    package init() {}

    package static func profile(behind page: JSONValue) -> PlatformProfile? {
        page["instagram_business_account"].flatMap { InstagramAPI.profile($0) }
    }
}
