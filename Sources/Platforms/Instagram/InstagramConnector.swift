package import Core

/// Publishes to an Instagram business or creator account through the Graph API (v24 and v25; Facebook Login's host).
///
/// Meta fetches pictures from their public URLs. Each becomes a container, which lives 24 hours; `media_publish` makes a
/// container visible. A container says itself whether it was published, so that a lost answer can be cleared up.
package struct InstagramConnector: Connector {
    package static let platform = Platform.instagram

    /// developers.facebook.com/docs/instagram-platform, "Content publishing" and "IG User media": captions of 2,200
    /// characters, 30 hashtags, 20 mentions; JPEG only; carousels of up to 10.
    package static let capabilities = Capabilities(
        maximumCaptionLength: 2_200, maximumMedia: 10, requiresMedia: true, maximumHashtags: 30, maximumMentions: 20,
        acceptedMimeTypes: ["image/jpeg"])

    package init() {}

    package func prepare(_ request: PublishRequest, on session: PlatformSession) async -> PreparationOutcome {
        if let comment = followUp(request, session) { return comment.prepare(maximumLength: Self.maximumReplyLength) }
        if let failure = CaptionRules.firstFailure(of: request, on: Self.platform) { return .failed(failure) }
        let api = InstagramAPI(session: session)
        do throws(PublishFailure) {
            let caption = request.captionWithLink
            if let only = request.media.first, request.media.count == 1 {
                let container = try await api.createContainer(of: only, caption: caption)
                try await api.waitUntilFinished(container)
                return .ready(PreparedPublication(handles: [container]))
            }
            var children: [String] = []
            for media in request.media { children.append(try await api.createCarouselItem(of: media)) }
            for child in children { try await api.waitUntilFinished(child) }
            let carousel = try await api.createCarousel(of: children, caption: caption)
            try await api.waitUntilFinished(carousel)
            return .ready(PreparedPublication(handles: [carousel]))
        } catch {
            return .failed(error)
        }
    }

    package func publish(
        _ request: PublishRequest, prepared: PreparedPublication, on session: PlatformSession
    ) async -> PublishOutcome {
        if let comment = followUp(request, session) { return await comment.publish() }
        guard let container = prepared.handles.last else { return .failed(Self.unprepared) }
        let api = InstagramAPI(session: session)
        let mediaID: String
        do throws(PublishFailure) {
            mediaID = try await api.publish(container)
        } catch {
            return .failed(await clarified(error, container: container, api: api))
        }
        // Reads right after publishing are known to fail ("object does not exist"): that says nothing about the post.
        return .published(platformPostID: mediaID, permalink: await api.permalink(of: mediaID))
    }

    /// "Not ready" is also what a container answers that was published before: nothing may be prepared anew then.
    private func clarified(_ failure: PublishFailure, container: String, api: InstagramAPI) async -> PublishFailure {
        guard failure.code == "media_not_ready" else { return failure }
        var uncertain = failure
        uncertain.failureClass = .ambiguous
        do throws(PublishFailure) {
            let state = try await api.state(of: container)
            return state == .published ? uncertain : failure
        } catch {
            return uncertain
        }
    }

    package func reconcile(
        _ request: PublishRequest, prepared: PreparedPublication, on session: PlatformSession
    ) async -> ReconcileOutcome {
        if let comment = followUp(request, session) {
            return await comment.reconcile(text: "text", time: "timestamp")
        }
        // Without a container the publish request cannot have been sent.
        guard let container = prepared.handles.last else { return .absent }
        let api = InstagramAPI(session: session)
        do throws(PublishFailure) {
            let state: InstagramAPI.ContainerState?
            do throws(PublishFailure) {
                state = try await api.state(of: container)
            } catch {
                // Containers are forgotten some time after their day is over; the list of posts decides then.
                guard error.code == "not_found" else { throw error }
                state = nil
            }
            switch state {
            case .inProgress, .finished, .failed, .expired: return .absent
            case .published, nil: break
            }
            switch try await api.find(request, since: ReconcileWindow(request, now: session.now())) {
            case .found(let post): return .live(platformPostID: post.id, permalink: post.permalink)
            case .absent where state == nil: return .absent
            case .unfinished where state == nil: return .unknowable
            // Live without a doubt, only its id is not known: the caption was changed since, or is shown in another form.
            case .absent, .unfinished: return .live(platformPostID: "container:\(container)", permalink: nil)
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
            return .verified(try await InstagramAPI(session: session).profile())
        } catch {
            return .failed(error)
        }
    }

    private static let unprepared = PublishFailure(
        .beforeEffect, code: "container_gone", message: "The post was not prepared; it is prepared again.")
}
