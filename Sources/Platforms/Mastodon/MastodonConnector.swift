package import Core

/// Publishes to one Mastodon instance, or anything else that speaks its REST API (4.x).
///
/// The publish request carries an `Idempotency-Key`, which Mastodon keeps for an hour: within it, sending again returns
/// the status that is there. It is kept once the status is made (`PostStatusService`), so it does not stop a repeat of a
/// request that still waits for a worker: nothing is sent again blindly, nor before ``settleTime``; reconciliation lists the
/// account's statuses first.
package struct MastodonConnector: Connector {
    package static let platform = Platform.mastodon

    /// `configuration.statuses` and `configuration.media_attachments` of `GET /api/v2/instance` on an instance with
    /// default settings (docs.joinmastodon.org/entities/Instance): 500 characters, each URL as 23, 4 attachments.
    package static let capabilities = Capabilities(
        maximumCaptionLength: 500, countsURLsAs: 23, maximumMedia: 4, requiresMedia: false, cardWidth: 1200, cardHeight: 630,
        countsMentionHosts: false, hasThreads: true)

    package init() {}

    package func prepare(_ request: PublishRequest, on session: PlatformSession) async -> PreparationOutcome {
        if let issue = CaptionRules.firstFailure(of: request, on: Self.platform) { return .failed(issue) }
        let api = MastodonAPI(session: session)
        do throws(PublishFailure) {
            var handles: [String] = []
            for (index, media) in request.media.enumerated() {
                handles.append(try await api.upload(media, number: index, key: request.idempotencyKey))
            }
            return .ready(PreparedPublication(handles: handles))
        } catch {
            return .failed(error)
        }
    }

    package func publish(
        _ request: PublishRequest, prepared: PreparedPublication, on session: PlatformSession
    ) async -> PublishOutcome {
        do throws(PublishFailure) {
            let status = try await MastodonAPI(session: session).post(request, mediaIDs: prepared.handles)
            return .published(platformPostID: status.id, permalink: status.url)
        } catch {
            return .failed(error)
        }
    }

    package func reconcile(
        _ request: PublishRequest, prepared: PreparedPublication, on session: PlatformSession
    ) async -> ReconcileOutcome {
        let api = MastodonAPI(session: session)
        let window = ReconcileWindow(request, now: session.now())
        let wanted = MastodonStatus.Fingerprint(request, mediaIDs: prepared.handles)
        do throws(PublishFailure) {
            let account = try await api.verifyCredentials()
            if let target = request.following {
                let match = try await api.descendants(of: target.root).first { note in
                    note.authorID == account.id && note.parentID == target.before && window.contains(note.createdAt)
                        && wanted.matches(note.status) && !request.otherPostIDs.contains(note.id)
                }
                return match.map { .live(platformPostID: $0.id, permalink: $0.status.url) } ?? .absent
            }
            var last: String?
            for _ in 0..<ReconcileWindow.maximumPages {
                let statuses = try await api.statuses(of: account.id, before: last)
                if let match = statuses.first(where: {
                    window.contains($0.createdAt) && wanted.matches($0) && !request.otherPostIDs.contains($0.id)
                }) {
                    return .live(platformPostID: match.id, permalink: match.url)
                }
                // A page may be shorter than asked for without being the last one; only an empty one ends the list.
                guard let oldest = statuses.last, window.contains(oldest.createdAt) else { return .absent }
                last = oldest.id
            }
            return .unknowable
        } catch {
            return .unreachable(error)
        }
    }

    package func verify(on session: PlatformSession) async -> VerifyOutcome {
        do throws(PublishFailure) {
            return .verified(try await MastodonAPI(session: session).verifyCredentials().profile)
        } catch {
            return .failed(error)
        }
    }
}
