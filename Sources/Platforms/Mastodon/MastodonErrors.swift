import Core
import Outbound

/// Mastodon's refusals (docs.joinmastodon.org/entities/Error): `{"error": "...", "error_description": "..."}`.
enum MastodonErrors {
    static func failure(_ response: OutboundResponse, _ reach: Reach, _ session: PlatformSession) -> PublishFailure {
        let json = response.json
        let words = session.quoted(json?["error_description"]?.string ?? json?["error"]?.string)
        let wait = retryAfter(response, now: session.now())
        func failure(_ failureClass: PublishFailure.Class, _ code: String, _ message: String) -> PublishFailure {
            PublishFailure(
                failureClass, code: code, message: message, platformCode: String(response.status), platformMessage: words,
                retryAfter: wait)
        }
        switch response.status {
        case 401:
            return failure(.auth, "token_rejected", "Mastodon does not accept the account's token. Connect the account again.")
        case 403 where words?.contains("scope") == true:
            return failure(
                .auth, "token_scope_missing",
                "The account's token may not do this. Connect the account again and allow posting and uploading.")
        case 403:
            return failure(.final, "not_permitted", "Mastodon does not permit this account to do that.")
        case 404, 405, 410:
            return failure(
                .final, "platform_address_wrong", "The account's address answers, but has no Mastodon API there. Check it.")
        case 413:
            return failure(.final, "media_rejected", "The picture is larger than this Mastodon instance takes.")
        case 422 where words?.contains("not finished processing") == true:
            return failure(.beforeEffect, "media_processing", "Mastodon is still processing the picture.")
        case 422:
            return failure(.final, "content_rejected", "Mastodon does not take this post: \(words ?? "it did not say why").")
        case 429:
            return failure(.beforeEffect, "rate_limited", "Mastodon asks us to wait before this account posts again.")
        case 408, 500...:
            let doubt = reach == .visible ? " The post may be live; we look before anything is sent again." : ""
            return failure(
                reach.classOfDoubt, "platform_error", "Mastodon answered with an error of its own (\(response.status)).\(doubt)"
            )
        case 400..<500:
            return failure(
                .final, "platform_rejected", "Mastodon refused the request (\(response.status)): \(words ?? "no reason given")."
            )
        default:
            return PublishFailure(unreadable: response.status, from: .mastodon, reach: reach)
        }
    }

    /// `X-RateLimit-Reset` is an ISO 8601 time at Mastodon and seconds since 1970 at some of its relatives;
    /// `Retry-After` is what proxies say.
    private static func retryAfter(_ response: OutboundResponse, now: Instant) -> Duration? {
        guard response.status == 429 || response.status == 503 else { return nil }
        if let stated = RetryAdvice.retryAfter(response) { return stated }
        guard response.status == 429, let reset = response.header("X-RateLimit-Reset") else { return nil }
        guard let moment = Instant(iso8601: reset) ?? Int64(reset).map({ Instant(seconds: $0) }) else { return nil }
        return RetryAdvice.clamp((moment - now).inSeconds)
    }
}
