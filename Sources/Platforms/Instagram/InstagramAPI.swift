import Core
import Outbound

/// The requests of the Instagram part of the Graph API that we send.
struct InstagramAPI {
    let session: PlatformSession

    var graph: GraphAPI { GraphAPI(session: session, platform: .instagram) }

    /// What `status_code` says of a container.
    enum ContainerState: Equatable {
        case inProgress, finished, published, expired
        case failed(PublishFailure)
    }

    func createContainer(of media: PublishMedia, caption: String) async throws(PublishFailure) -> String {
        var form: [(name: String, value: String)] = [("image_url", media.url)]
        if !caption.isEmpty { form.append(("caption", caption)) }
        return try await create(form, altText: media.altText)
    }

    func createCarouselItem(of media: PublishMedia) async throws(PublishFailure) -> String {
        try await create([("image_url", media.url), ("is_carousel_item", "true")], altText: media.altText)
    }

    func createCarousel(of children: [String], caption: String) async throws(PublishFailure) -> String {
        var form: [(name: String, value: String)] = [
            ("media_type", "CAROUSEL"), ("children", children.joined(separator: ",")),
        ]
        if !caption.isEmpty { form.append(("caption", caption)) }
        return try await create(form, altText: nil)
    }

    private func create(
        _ form: [(name: String, value: String)], altText: String?
    ) async throws(PublishFailure) -> String {
        var form = form
        if let altText, !altText.isEmpty { form.append(("alt_text", altText)) }
        return try await graph.create(.invisible) { () async throws(PublishFailure) -> JSONValue in
            try await graph.post(session.externalID, "media", form: form, .invisible)
        }
    }

    func state(of container: String) async throws(PublishFailure) -> ContainerState {
        let json = try await graph.get(container, fields: "status_code,status")
        switch json["status_code"]?.string {
        case "IN_PROGRESS": return .inProgress
        case "FINISHED": return .finished
        case "PUBLISHED": return .published
        case "EXPIRED": return .expired
        case "ERROR": return .failed(Self.failure(status: json["status"]?.string, session))
        default: throw PublishFailure(unreadable: 200, from: .instagram, reach: .invisible)
        }
    }

    /// The text of a failed container carries its subcode: `Error: Media upload has failed with error code 2207026`.
    private static func failure(status: String?, _ session: PlatformSession) -> PublishFailure {
        let words = status ?? ""
        let subcode = words.split { !$0.isASCII || !$0.isNumber }.compactMap { Int64($0) }
            .first { (2_207_000..<2_208_000).contains($0) }
        let verdict = subcode.flatMap { GraphErrorTable.subcodes[$0] }
        let isFinal = verdict?.effect == .never
        return PublishFailure(
            isFinal ? .final : .beforeEffect, code: verdict?.code ?? "media_processing_failed",
            message: "Instagram: \(verdict?.message ?? "The picture could not be prepared.")",
            platformCode: subcode.map { String($0) }, platformMessage: session.quoted(status))
    }

    func waitUntilFinished(_ container: String) async throws(PublishFailure) {
        try await session.poll(.container, for: .instagram) { () async throws(PublishFailure) -> Void? in
            switch try await state(of: container) {
            case .inProgress: return nil
            // A fresh container cannot be published; if it says so all the same, publishing will clear it up.
            case .finished, .published: return ()
            case .failed(let failure): throw failure
            case .expired:
                throw PublishFailure(
                    .beforeEffect, code: "container_expired", message: "The prepared picture has expired; it is prepared again."
                )
            }
        }
    }

    /// The visible request.
    func publish(_ container: String) async throws(PublishFailure) -> String {
        try await graph.create(.visible) { () async throws(PublishFailure) -> JSONValue in
            try await graph.post(session.externalID, "media_publish", form: [("creation_id", container)], .visible)
        }
    }

    func permalink(of mediaID: String) async -> String? {
        try? await graph.get(mediaID, fields: "permalink").link("permalink")
    }

    /// The newest of the account's posts with that caption.
    func find(_ request: PublishRequest, since window: ReconcileWindow) async throws(PublishFailure) -> GraphSearch {
        let wanted = PostText.folded(request.captionWithLink)
        return try await GraphSearch.run(window, besides: request.otherPostIDs, for: .instagram) {
            (cursor) async throws(PublishFailure) -> GraphAPI.Page in
            try await graph.page(
                session.externalID, "media", fields: "id,caption,timestamp,permalink", query: [("limit", "25")], after: cursor)
        } read: {
            GraphPost($0, text: "caption", time: "timestamp", permalink: "permalink")
        } matches: {
            PostText.folded($0.text) == wanted
        }
    }

    /// What is read of a profile.
    static let profileFields = "id,username,name,profile_picture_url,followers_count"

    static func profile(_ json: JSONValue) -> PlatformProfile? {
        guard let id = json.identifier("id"), let username = json.identifier("username") else { return nil }
        return PlatformProfile(
            externalID: id, username: username, displayName: json.displayName("name"), kind: .business,
            url: "https://www.instagram.com/\(username.percentEncoded)/", avatarURL: json.link("profile_picture_url"),
            followerCount: json.count("followers_count"))
    }

    /// The profile behind the session; with no id in the session, the one that the page token's page is tied to.
    func profile() async throws(PublishFailure) -> PlatformProfile {
        let answer: JSONValue?
        if session.externalID.isEmpty {
            let me = try await graph.get("me", fields: "instagram_business_account{\(Self.profileFields)}")
            guard let account = me["instagram_business_account"] else {
                throw PublishFailure(
                    .final, code: "not_found", message: "The token's page has no Instagram business account. Connect one to it."
                )
            }
            answer = account
        } else {
            answer = try await graph.get(session.externalID, fields: Self.profileFields)
        }
        guard let profile = answer.flatMap({ Self.profile($0) }) else {
            throw PublishFailure(unreadable: 200, from: .instagram, reach: .invisible)
        }
        return profile
    }
}
