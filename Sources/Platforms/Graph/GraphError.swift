import Core
import Outbound

/// Graph's `{"error": {"message", "type", "code", "error_subcode", "is_transient", "error_user_msg", "fbtrace_id"}}`.
/// Read as fields, never searched as text: ids in it can contain any digits.
struct GraphError {
    var code: Int64
    var subcode: Int64?
    var message: String?
    var isTransient: Bool

    init?(_ json: JSONValue) {
        guard let error = json["error"], let code = error["code"]?.int else { return nil }
        self.code = code
        subcode = error["error_subcode"]?.int
        message = error["error_user_msg"]?.string ?? error["message"]?.string
        isTransient = error["is_transient"]?.bool ?? false
    }

    func failure(
        of response: OutboundResponse, _ platform: Platform, _ reach: Reach, _ session: PlatformSession
    ) -> PublishFailure {
        let verdict = verdict(status: response.status)
        let failureClass: PublishFailure.Class
        switch verdict.effect {
        case .none: failureClass = response.status >= 500 ? reach.classOfDoubt : .beforeEffect
        case .uncertain: failureClass = reach.classOfDoubt
        // A 5xx on the visible request is never taken for a clear answer, whatever its code says.
        case .never: failureClass = response.status >= 500 && reach == .visible ? .ambiguous : .final
        case .token: failureClass = response.status >= 500 && reach == .visible ? .ambiguous : .auth
        }
        let doubt = failureClass == .ambiguous ? " The post may be live; we look before anything is sent again." : ""
        let number = subcode.map { "\(code)/\($0)" } ?? String(code)
        return PublishFailure(
            failureClass, code: verdict.code,
            message: "\(platform.properName): \(verdict.message)\(doubt)", platformCode: number,
            platformMessage: session.quoted(message),
            retryAfter: verdict.code == "rate_limited" ? GraphUsage.retryAfter(response) ?? verdict.wait : verdict.wait)
    }

    private func verdict(status: Int) -> GraphErrorTable.Verdict {
        // 190's subcodes only say why the token died; some of their numbers mean other things elsewhere.
        if let subcode, code != 190, let known = GraphErrorTable.subcodes[subcode] { return known }
        if let known = GraphErrorTable.codes[code] { return known }
        switch code {
        case 200...299: return GraphErrorTable.notPermitted
        // Business-use-case limits, one code per product.
        case 80_000...80_014: return GraphErrorTable.rateLimited
        default: break
        }
        if status == 429 { return GraphErrorTable.rateLimited }
        if isTransient || status >= 500 { return GraphErrorTable.temporary }
        return .init(.never, "platform_rejected", "The request was refused (code \(code)).")
    }

    /// An answer that is no success and holds no error object.
    static func failure(without response: OutboundResponse, _ platform: Platform, _ reach: Reach) -> PublishFailure {
        let name = platform.properName
        let number = String(response.status)
        switch response.status {
        case 401:
            return PublishFailure(
                .auth, code: "token_rejected",
                message: "\(name) does not accept the account's token. Connect the account again.",
                platformCode: number)
        case 403:
            return PublishFailure(
                .final, code: "not_permitted", message: "\(name) does not permit this account to do that.", platformCode: number
            )
        case 404, 405, 410:
            return PublishFailure(
                .final, code: "platform_address_wrong",
                message: "The account's address answers, but has no Graph API there. Check it.", platformCode: number)
        case 413:
            return PublishFailure(
                .final, code: "media_rejected", message: "The picture is larger than \(name) takes.", platformCode: number)
        case 429:
            return PublishFailure(
                .beforeEffect, code: "rate_limited", message: "\(name) asks us to wait before this account posts again.",
                platformCode: number, retryAfter: GraphUsage.retryAfter(response))
        case 408, 500...:
            let doubt = reach == .visible ? " The post may be live; we look before anything is sent again." : ""
            return PublishFailure(
                reach.classOfDoubt, code: "platform_error",
                message: "\(name) answered with an error of its own (\(number)).\(doubt)", platformCode: number,
                retryAfter: RetryAdvice.retryAfter(response))
        default:
            // Graph says why in every refusal; a 4xx that does not may come from anything on the way.
            return PublishFailure(unreadable: response.status, from: platform, reach: reach)
        }
    }
}

/// Graph has no `Retry-After`; it says how long in a header of its own.
enum GraphUsage {
    /// `X-Business-Use-Case-Usage: {"<id>": [{"type": "instagram", ..., "estimated_time_to_regain_access": 5}]}`: minutes;
    /// the longest of all counts. Nil when it names none.
    static func retryAfter(_ response: OutboundResponse) -> Duration? {
        if let stated = RetryAdvice.retryAfter(response) { return stated }
        guard let header = response.header("X-Business-Use-Case-Usage"), let usage = try? JSONValue(parsing: header) else {
            return nil
        }
        let minutes = (usage.object ?? []).flatMap { $0.value.array ?? [] }
            .compactMap { $0["estimated_time_to_regain_access"]?.double }.max()
        guard let minutes, minutes > 0 else { return nil }
        return RetryAdvice.clamp(minutes * 60)
    }
}
