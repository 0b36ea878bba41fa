package import Core

/// Connects Facebook pages by ``FacebookLogin``.
package struct FacebookOAuth: FacebookLogin {
    package static let platform = Platform.facebook
    /// Meta, "Permissions reference": list pages, read them, publish, answer comments, read insights.
    package static let scopes = [
        "pages_show_list", "pages_read_engagement", "pages_read_user_content", "pages_manage_posts",
        "pages_manage_engagement", "read_insights", "business_management",
    ]
    package static let fields = FacebookAPI.profileFields

    package init() {}

    package static func profile(behind page: JSONValue) -> PlatformProfile? { FacebookAPI.profile(page) }
}
