package import Contract
import Core

/// What a post is, given its publications: pure.
package enum PostSettlement {
    /// The post's status once every publication has settled; nil while one has not.
    package static func status(of publications: [Publication]) -> PostStatus? {
        guard !publications.isEmpty, publications.allSatisfy(\.state.isSettled) else { return nil }
        if publications.contains(where: { $0.state == .needsAttention }) { return .needsAttention }
        let visible = publications.filter { $0.state == .published }.count
        if visible == publications.count { return .published }
        return visible > 0 ? .partiallyPublished : .failed
    }

    /// Why it failed, in the words of the first publication that did; nil when none did.
    package static func failure(of publications: [Publication]) -> PostFailure? {
        publications.first { $0.state == .failed || $0.state == .needsAttention }.map { publication in
            let message = publication.errorMessage ?? "no reason was recorded"
            let place = publication.part == 0 ? "" : ", part \(publication.part) of what follows the post"
            return PostFailure(
                code: publication.errorCode ?? "unknown", message: "\(publication.platform.rawValue)\(place): \(message)")
        }
    }

    /// `{"instagram":{"success":true,"postId":"..."}}` over the settled publications; a platform with several accounts is
    /// a success only when all of them are. What follows the post is not in it: it has the publications.
    package static func results(of publications: [Publication]) -> RawJSON<NamedValues<PlatformResult>> {
        var pairs: [(name: String, value: PlatformResult)] = []
        for publication in publications where publication.part == 0 && publication.state.isSettled {
            let result = result(of: publication)
            if let index = pairs.firstIndex(where: { $0.name == publication.platform.rawValue }) {
                if pairs[index].value.success, !result.success { pairs[index].value = result }
            } else {
                pairs.append((publication.platform.rawValue, result))
            }
        }
        return RawJSON(rendering: NamedValues(pairs))
    }

    private static func result(of publication: Publication) -> PlatformResult {
        guard publication.state == .published else {
            return PlatformResult(
                success: false, postID: nil, url: nil,
                error: PostFailure(
                    code: publication.errorCode ?? "unknown", message: publication.errorMessage ?? "no reason was recorded"))
        }
        return PlatformResult(success: true, postID: publication.platformPostID, url: publication.permalink, error: nil)
    }
}
