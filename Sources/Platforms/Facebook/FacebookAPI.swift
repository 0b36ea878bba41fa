import Core
import Outbound

/// The requests of the Pages part of the Graph API that we send.
struct FacebookAPI {
    let session: PlatformSession

    var graph: GraphAPI { GraphAPI(session: session, platform: .facebook) }

    /// Uploads a picture that nobody sees; Facebook deletes it after a day unless a post takes it. Its id. The bytes are
    /// sent, so that an installation whose media no outsider can fetch works too.
    func uploadUnpublished(_ media: PublishMedia, number: Int, key: String) async throws(PublishFailure) -> String {
        var body = MultipartBody(seed: Signature.sha256("\(key) \(number)".utf8))
        body.add("published", "false")
        if let altText = media.altText, !altText.isEmpty { body.add("alt_text_custom", altText) }
        if media.bytes.isEmpty {
            body.add("url", media.url)
        } else {
            let filename = media.mimeType == "image/png" ? "picture-\(number).png" : "picture-\(number).jpg"
            body.addFile("source", filename: filename, contentType: media.mimeType, bytes: media.bytes)
        }
        let finished = body
        return try await graph.create(.invisible) { () async throws(PublishFailure) -> JSONValue in
            try await graph.post(session.externalID, "photos", multipart: finished, .invisible)
        }
    }

    /// The visible request. A link is a field of its own unless there are pictures: Facebook shows one or the other.
    func post(_ request: PublishRequest, photoIDs: [String]) async throws(PublishFailure) -> String {
        var form: [(name: String, value: String)] = []
        let message = Self.message(of: request, photos: photoIDs.count)
        if !message.isEmpty { form.append(("message", message)) }
        if photoIDs.isEmpty, let link = request.link, !link.isEmpty { form.append(("link", link)) }
        for (index, id) in photoIDs.enumerated() {
            let value: JSONValue = ["media_fbid": .string(id)]
            form.append(("attached_media[\(index)]", value.text))
        }
        form.append(("published", "true"))
        let fields = form
        return try await graph.create(.visible) { () async throws(PublishFailure) -> JSONValue in
            try await graph.post(session.externalID, "feed", form: fields, .visible)
        }
    }

    private static func message(of request: PublishRequest, photos: Int) -> String {
        photos > 0 ? request.captionWithLink : request.caption
    }

    func permalink(of postID: String) async -> String? {
        try? await graph.get(postID, fields: "permalink_url").link("permalink_url")
    }

    /// The newest published post with that text and as many pictures.
    func find(
        _ request: PublishRequest, photos: Int, since window: ReconcileWindow
    ) async throws(PublishFailure) -> GraphSearch {
        let wanted = PostText.folded(Self.message(of: request, photos: photos))
        return try await GraphSearch.run(window, besides: request.otherPostIDs, for: .facebook) {
            (cursor) async throws(PublishFailure) -> GraphAPI.Page in
            try await graph.page(
                session.externalID, "published_posts",
                fields:
                    "id,message,created_time,permalink_url,attachments{media_type,unshimmed_url,subattachments{media_type}}",
                query: [("since", String(window.start.seconds)), ("limit", "25")], after: cursor)
        } read: {
            GraphPost($0, text: "message", time: "created_time", permalink: "permalink_url")
        } matches: {
            guard PostText.folded($0.text) == wanted, Self.pictures(of: $0) == photos else { return false }
            // With neither text nor picture only the link tells one post from another.
            return !wanted.isEmpty || photos > 0 || Self.shares(request.link ?? "", $0)
        }
    }

    /// An album's pictures are its subattachments; a single picture is an attachment of its own; a link is none.
    private static func pictures(of post: GraphPost) -> Int {
        var count = 0
        for attachment in post.json["attachments"]?["data"]?.array ?? [] {
            if let inner = attachment["subattachments"]?["data"]?.array {
                count += inner.count
            } else if attachment["media_type"]?.string == "photo" {
                count += 1
            }
        }
        return count
    }

    private static func shares(_ link: String, _ post: GraphPost) -> Bool {
        func bare(_ url: String) -> Substring { url.hasSuffix("/") ? url.dropLast() : url[...] }
        return (post.json["attachments"]?["data"]?.array ?? []).contains {
            $0["unshimmed_url"]?.string.map(bare) == bare(link)
        }
    }

    /// What is read of a page.
    static let profileFields = "name,username,link,followers_count,picture{url}"

    static func profile(_ json: JSONValue) -> PlatformProfile? {
        guard let id = json.identifier("id") else { return nil }
        let name = json.displayName("name")
        return PlatformProfile(
            externalID: id, username: json.identifier("username") ?? name ?? id, displayName: name, kind: .page,
            url: json.link("link"), avatarURL: json["picture"]?["data"]?.link("url"),
            followerCount: json.count("followers_count"))
    }

    /// The page behind the session; with no id in the session, the one that the token belongs to.
    func page() async throws(PublishFailure) -> PlatformProfile {
        let json = try await graph.get(
            session.externalID.isEmpty ? "me" : session.externalID, fields: "id," + Self.profileFields)
        guard let profile = Self.profile(json) else {
            throw PublishFailure(unreadable: 200, from: .facebook, reach: .invisible)
        }
        return profile
    }
}
