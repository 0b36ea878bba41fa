package import Core

/// What somebody wrote on a simulated platform: a comment under a post, a mention of an account, or the account's own
/// answer to either.
package struct Remark: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable { case comment, mention }

    package var platform: Platform
    package var kind: Kind
    package var id: String
    /// The external id of the account whose post it stands under, or whom it mentions.
    package var account: String
    package var postID: String?
    package var parentID: String?
    package var author: String
    /// Written by the account itself.
    package var isOwn: Bool
    package var text: String
    package var isHidden: Bool
    package var createdAt: Instant

    package init(
        platform: Platform, kind: Kind, id: String, account: String, postID: String?, parentID: String?, author: String,
        isOwn: Bool, text: String, isHidden: Bool = false, createdAt: Instant
    ) {
        self.platform = platform
        self.kind = kind
        self.id = id
        self.account = account
        self.postID = postID
        self.parentID = parentID
        self.author = author
        self.isOwn = isOwn
        self.text = text
        self.isHidden = isHidden
        self.createdAt = createdAt
    }

    /// What a stranger writes: under the post, or about the account when there is none. Its id is made as the platform
    /// makes it.
    package init(by author: String, text: String, under post: VisiblePost, in world: any SimulatedWorld) {
        self.init(
            platform: post.platform, kind: .comment, id: Self.newID(under: post.id, on: post.platform, in: world),
            account: post.account, postID: post.id, parentID: nil, author: author, isOwn: false, text: text,
            createdAt: world.now())
    }

    /// What a stranger writes about the account.
    package init(by author: String, text: String, about account: String, on platform: Platform, in world: any SimulatedWorld) {
        let number = world.newID()
        self.init(
            platform: platform, kind: .mention, id: platform == .facebook ? "\(number)_\(number)" : number, account: account,
            postID: nil, parentID: nil, author: author, isOwn: false, text: text, createdAt: world.now())
    }

    /// Facebook's comments bear the number of their post: `{post}_{comment}`.
    static func newID(under post: String?, on platform: Platform, in world: any SimulatedWorld) -> String {
        let number = world.newID()
        guard platform == .facebook, let post else { return number }
        return "\(post.split(separator: "_").last ?? "0")_\(number)"
    }

    func write(to json: inout JSONWriter, key: String? = nil) {
        json.beginObject()
        json.key("platform")
        json.string(platform.rawValue)
        json.key("kind")
        json.string(kind.rawValue)
        json.key("id")
        json.string(id)
        json.key("account")
        json.string(account)
        for (name, value) in [("postId", postID), ("parentId", parentID)] {
            guard let value else { continue }
            json.key(name)
            json.string(value)
        }
        json.key("author")
        json.string(author)
        json.key("own")
        json.bool(isOwn)
        json.key("text")
        json.string(text)
        json.key("hidden")
        json.bool(isHidden)
        json.key("createdAt")
        json.instant(createdAt)
        if let key {
            json.key("key")
            json.string(key)
        }
        json.endObject()
    }

    init?(ledger json: JSONValue) {
        guard let platform = json["platform"]?.string.flatMap(Platform.init(rawValue:)),
            let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)), let id = json["id"]?.string,
            let account = json["account"]?.string, let author = json["author"]?.string, let text = json["text"]?.string,
            let createdAt = json["createdAt"]?.string.flatMap({ Instant(iso8601: $0) })
        else { return nil }
        self.init(
            platform: platform, kind: kind, id: id, account: account, postID: json["postId"]?.string,
            parentID: json["parentId"]?.string, author: author, isOwn: json["own"]?.bool ?? false, text: text,
            isHidden: json["hidden"]?.bool ?? false, createdAt: createdAt)
    }
}
