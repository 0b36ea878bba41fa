/// What Graph's error numbers mean for a publication. Sources: Meta's "Instagram content publishing error codes", "Pages
/// API error codes" and "Graph API rate limiting", and the incidents named below. Data, so that a new number is one line.
enum GraphErrorTable {
    enum Effect {
        /// Nothing became visible; it may work later.
        case none
        /// On the visible request it may be live all the same.
        case uncertain
        /// It never will.
        case never
        /// The token is not accepted.
        case token
    }

    struct Verdict {
        let effect: Effect
        let code: String
        let message: String
        let wait: Duration?

        init(_ effect: Effect, _ code: String, _ message: String, wait: Duration? = nil) {
            self.effect = effect
            self.code = code
            self.message = message
            self.wait = wait
        }
    }

    static let rateLimited = Verdict(.none, "rate_limited", "The limit of requests is reached; we have to wait.")
    static let notPermitted = Verdict(
        .never, "not_permitted", "The account may not do this. Connect it again and grant the permission to publish.")
    static let temporary = Verdict(.uncertain, "platform_error", "The platform had an error of its own.")
    static let token = Verdict(.token, "token_rejected", "The account's token is not accepted. Connect the account again.")

    private static func media(_ why: String) -> Verdict { Verdict(.never, "media_rejected", why) }
    private static func content(_ why: String) -> Verdict { Verdict(.never, "content_rejected", why) }

    static let codes: [Int64: Verdict] = [
        // "Please retry your request later", with HTTP 500: posts are known to be live afterwards (arsduo/koala#699, seven
        // duplicates from retrying).
        1: temporary, 2: temporary,
        4: rateLimited, 17: rateLimited, 32: rateLimited, 341: rateLimited, 613: rateLimited,
        9: Verdict(.none, "daily_limit", "The account has published as much as it may in a day.", wait: .seconds(3600)),
        3: notPermitted, 10: notPermitted,
        24: Verdict(.none, "container_gone", "The prepared picture is gone; it is prepared again."),
        100: Verdict(.never, "platform_rejected", "The request was refused as invalid."),
        102: token, 190: token,
        368: Verdict(
            .never, "action_blocked", "The platform blocks this account's action, or takes the post for a repetition."),
        506: Verdict(.uncertain, "duplicate_reported", "The same post was published already."),
        6000: Verdict(.none, "media_processing_failed", "The upload was not processed; it is tried again."),
        9004: media("The picture cannot be used; Instagram takes JPEG from a public address."),
        9007: Verdict(.none, "media_not_ready", "The picture is not ready yet.", wait: .seconds(30)),
        36000: media("The picture is too large."),
        36001: media("The picture's format is not supported; Instagram takes JPEG."),
        36003: media("The picture's shape is not supported; Instagram takes 4:5 to 1.91:1."),
    ]

    static let subcodes: [Int64: Verdict] = [
        33: Verdict(.never, "not_found", "The object does not exist, or this token may not see it."),
        2_207_001: temporary,
        2_207_003: Verdict(.none, "media_fetch_failed", "The picture took too long to download."),
        2_207_004: media("The picture is too large."),
        2_207_005: media("The picture's format is not supported; Instagram takes JPEG."),
        2_207_006: Verdict(.none, "container_gone", "The prepared picture is gone; it is prepared again."),
        2_207_009: media("The picture's shape is not supported; Instagram takes 4:5 to 1.91:1."),
        2_207_010: Verdict(.never, "caption_too_long", "The caption is too long; Instagram takes 2,200 characters."),
        2_207_020: Verdict(.none, "container_expired", "The prepared picture has expired; it is prepared again."),
        2_207_023: media("The kind of picture is not known."),
        2_207_026: media("The video's format is not supported."),
        2_207_027: Verdict(.none, "media_not_ready", "The picture is not ready yet.", wait: .seconds(30)),
        2_207_028: Verdict(.never, "too_many_media", "A carousel takes 2 to 10 pictures."),
        2_207_032: Verdict(.none, "media_processing_failed", "The picture could not be prepared; it is tried again."),
        2_207_053: Verdict(.none, "media_processing_failed", "The picture could not be prepared; it is tried again."),
        2_207_040: Verdict(.never, "too_many_mentions", "The caption mentions too many accounts; Instagram takes 20."),
        2_207_042: Verdict(
            .none, "daily_limit", "The account has published as much as it may in a day.", wait: .seconds(3600)),
        2_207_050: Verdict(
            .never, "account_restricted", "The account is restricted. Open the app and follow its instructions."),
        // Comes with code 4 and sometimes with a post that is live (gitroomhq/postiz-app#1681).
        2_207_051: Verdict(.uncertain, "action_blocked", "The platform took the action for spam."),
        2_207_052: Verdict(.none, "media_fetch_failed", "The picture could not be downloaded from its address."),
        2_207_057: media("The cover's time lies outside the video."),
        2_207_077: Verdict(.none, "media_processing_failed", "The upload was not processed; it is tried again."),
        2_207_081: Verdict(.never, "not_permitted", "The account cannot publish trial reels."),
        2_207_082: Verdict(.none, "media_processing_failed", "The upload was not processed; it is tried again."),
        1_346_003: content("The content was reported as abusive."),
        1_363_047: temporary,
        1_366_046: media("The picture is too large; Facebook advises at most 4 MB."),
        1_366_051: Verdict(.uncertain, "duplicate_reported", "These pictures were posted already."),
        1_390_008: Verdict(.none, "rate_limited", "The account posts too fast; we have to wait.", wait: .seconds(300)),
        1_404_006: content("The content goes against the community standards."),
        1_404_078: Verdict(.never, "not_permitted", "The page needs the publishing authorization. Open Facebook to get it."),
        1_404_102: content("The content goes against the community standards."),
        1_404_112: Verdict(
            .never, "account_restricted", "The account is restricted. Open Facebook and follow its instructions."),
        1_609_008: content("Facebook takes no links to itself here."),
        1_609_010: temporary,
        2_061_006: content("The link's address is not accepted."),
        4_854_002: Verdict(.never, "account_restricted", "Facebook wants the account's identity confirmed first."),
    ]
}
