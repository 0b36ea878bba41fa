import Core

extension VisiblePost {
    /// A line of the ledger, and an entry of `GET /__sim/ledger`.
    func write(to json: inout JSONWriter, key: String? = nil) {
        json.beginObject()
        json.key("platform")
        json.string(platform.rawValue)
        json.key("id")
        json.string(id)
        json.key("account")
        json.string(account)
        json.key("text")
        json.string(text)
        json.key("mediaCount")
        json.int(Int64(mediaCount))
        json.key("permalink")
        json.string(permalink)
        json.key("createdAt")
        json.instant(createdAt)
        if let key {
            json.key("key")
            json.string(key)
        }
        json.endObject()
    }

    init?(ledger json: JSONValue) {
        guard let platform = json["platform"]?.string.flatMap(Platform.init(rawValue:)), let id = json["id"]?.string,
            let account = json["account"]?.string, let text = json["text"]?.string, let mediaCount = json["mediaCount"]?.int,
            let permalink = json["permalink"]?.string, let created = json["createdAt"]?.string,
            let createdAt = Instant(iso8601: created)
        else { return nil }
        self.init(
            platform: platform, id: id, account: account, text: text, mediaCount: Int(clamping: mediaCount),
            permalink: permalink, createdAt: createdAt)
    }
}
