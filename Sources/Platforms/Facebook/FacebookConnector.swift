package import Core

/// Publishes to a Facebook page through the Graph API (v24 and v25) with a page token.
///
/// Pictures are uploaded unpublished and attached to the one `/feed` request that makes the post visible. Facebook has no
/// idempotency key: after a lost answer only the list of published posts can tell.
package struct FacebookConnector: Connector {
    package static let platform = Platform.facebook

    /// 63,206 characters and 10 pictures in a post: Meta's business help ("post length") and Pages API, `attached_media`.
    package static let capabilities = Capabilities(
        maximumCaptionLength: 63_206, maximumMedia: 10, requiresMedia: false, cardWidth: 1200, cardHeight: 630)

    package init() {}

    package func prepare(_ request: PublishRequest, on session: PlatformSession) async -> PreparationOutcome {
        if let comment = followUp(request, session) { return comment.prepare(maximumLength: Self.maximumReplyLength) }
        if let failure = CaptionRules.firstFailure(of: request, on: Self.platform) { return .failed(failure) }
        let api = FacebookAPI(session: session)
        do throws(PublishFailure) {
            var handles: [String] = []
            for (index, media) in request.media.enumerated() {
                handles.append(try await api.uploadUnpublished(media, number: index, key: request.idempotencyKey))
            }
            return .ready(PreparedPublication(handles: handles))
        } catch {
            return .failed(error)
        }
    }

    package func publish(
        _ request: PublishRequest, prepared: PreparedPublication, on session: PlatformSession
    ) async -> PublishOutcome {
        if let comment = followUp(request, session) { return await comment.publish() }
        let api = FacebookAPI(session: session)
        let postID: String
        do throws(PublishFailure) {
            postID = try await api.post(request, photoIDs: prepared.handles)
        } catch {
            return .failed(error)
        }
        return .published(platformPostID: postID, permalink: await api.permalink(of: postID))
    }

    package func reconcile(
        _ request: PublishRequest, prepared: PreparedPublication, on session: PlatformSession
    ) async -> ReconcileOutcome {
        if let comment = followUp(request, session) {
            return await comment.reconcile(text: "message", time: "created_time")
        }
        do throws(PublishFailure) {
            let window = ReconcileWindow(request, now: session.now())
            switch try await FacebookAPI(session: session).find(request, photos: prepared.handles.count, since: window) {
            case .found(let post): return .live(platformPostID: post.id, permalink: post.permalink)
            case .absent: return .absent
            case .unfinished: return .unknowable
            }
        } catch {
            return .unreachable(error)
        }
    }

    private func followUp(_ request: PublishRequest, _ session: PlatformSession) -> GraphFollowUp? {
        request.following.map { GraphFollowUp(request: request, target: $0, session: session, platform: Self.platform) }
    }

    package func verify(on session: PlatformSession) async -> VerifyOutcome {
        do throws(PublishFailure) {
            return .verified(try await FacebookAPI(session: session).page())
        } catch {
            return .failed(error)
        }
    }
}
