import Outbound

/// What one try came to. Pure: a decision over the answer.
enum S3Verdict: Sendable {
    /// For the caller to read: success, or that the object is not there (404), changed (412) or ends before the range (416).
    case answer(OutboundResponse)
    /// May go better in a moment.
    case again(StorageIssue)
    case failed(StorageIssue)

    /// - Parameter mayHideError: an answer with status 200 may be an error all the same, as the end of an upload in parts.
    static func judge(_ response: OutboundResponse, mayHideError: Bool, _ settings: S3Settings) -> S3Verdict {
        let place = "\(settings.hostHeader)/\(settings.bucket)"
        let code = errorCode(response, mayHideError: mayHideError)
        if let verdict = code.flatMap({ judge(code: $0, place, settings) }) { return verdict }
        let said = "\(place) answered with status \(response.status)\(code.map { " (\($0))" } ?? "")"
        switch response.status {
        case 200...299, 404, 412, 416: return .answer(response)
        case 300...399:
            return .failed(
                StorageIssue(
                    .missingBucket,
                    "\(said): the bucket is elsewhere. Write its region's own endpoint and region in the S3 URL."))
        case 401, 403: return .failed(StorageIssue(.denied, "\(said). \(rights)"))
        case 507: return .failed(StorageIssue(.full, "\(said): it has no room left."))
        case 408, 429, 500...599:
            return .again(StorageIssue(.unavailable, "\(said). Try again later, or look at that server's log."))
        default: return .failed(StorageIssue(.unexpectedAnswer, "\(said). Is it an S3 server, and is tls= right?"))
        }
    }

    static func judge(_ error: OutboundError) -> S3Verdict {
        let issue = StorageIssue(.unavailable, "The bucket's server cannot be reached. \(error.message)")
        return switch error.errorClass {
        case .dns_error, .connect_refused, .connect_timeout, .network_unreachable, .timeout, .body_timeout, .connection_reset,
            .not_sent:
            .again(issue)
        case .tls_untrusted, .tls_expired, .tls_hostname, .tls_error, .blocked_address, .invalid_url, .invalid_response:
            .failed(issue)
        }
    }

    private static func judge(code: String, _ place: String, _ settings: S3Settings) -> S3Verdict? {
        func failed(_ kind: StorageIssue.Kind, _ what: String) -> S3Verdict {
            .failed(StorageIssue(kind, "\(place): \(what) (\(code))."))
        }
        return switch code {
        case "SignatureDoesNotMatch": failed(.denied, "the secret does not belong to the access key. Correct it in the S3 URL")
        case "InvalidAccessKeyId": failed(.denied, "the access key is not known there. Correct it in the S3 URL")
        case "AccessDenied": failed(.denied, "the access key may not do this. \(rights)")
        case "RequestTimeTooSkewed": failed(.denied, "the clocks of that server and this one differ too much. Set them by NTP")
        case "AuthorizationHeaderMalformed", "PermanentRedirect":
            failed(
                .missingBucket, "the bucket is not in region \(settings.region). Write region= and its endpoint in the S3 URL")
        case "NoSuchBucket": failed(.missingBucket, "the bucket does not exist. Create it, or correct the S3 URL")
        case "QuotaExceeded", "EntityTooLarge", "XMinioStorageFull": failed(.full, "there is no room left for this object")
        case "SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "OperationAborted":
            .again(StorageIssue(.unavailable, "\(place) is busy (\(code)). Try again later."))
        default: nil
        }
    }

    private static let rights =
        "It needs GetObject, PutObject, DeleteObject and AbortMultipartUpload on the bucket's objects and ListBucket on the bucket"

    private static func errorCode(_ response: OutboundResponse, mayHideError: Bool) -> String? {
        guard response.status >= 300 || (mayHideError && response.body.contains("<Error>".utf8)) else { return nil }
        guard let code = XMLText.first("Code", in: Array(response.body.prefix(16_384))) else { return nil }
        let isName =
            (1...60).contains(code.utf8.count)
            && code.utf8.allSatisfy { UInt8(ascii: "A")...UInt8(ascii: "z") ~= $0 || 0x30...0x39 ~= $0 }
        return isName ? code : nil
    }
}
