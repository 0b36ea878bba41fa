import Core
import Outbound

extension SimulatorRouter {
    static func list(_ remarks: [Remark]) -> OutboundResponse {
        var json = JSONWriter()
        json.beginObject()
        json.key("remarks")
        json.beginArray()
        for remark in remarks { remark.write(to: &json) }
        json.endArray()
        json.endObject()
        return OutboundResponse(
            status: 200, headers: [("Content-Type", "application/json; charset=utf-8")], body: json.bytes)
    }

    /// Lets a stranger comment on a post, or mention an account.
    func inject(_ body: [UInt8], isComment: Bool) async -> OutboundResponse {
        guard let json = try? JSONValue(parsing: body), json.object != nil else {
            return Self.problem(400, "The body must be a JSON object.")
        }
        guard let platform = json["platform"]?.string.flatMap(Platform.init(rawValue:)),
            PlatformList.simulator(for: platform) != nil
        else { return Self.problem(422, "platform must be one of \(Self.names.joined(separator: ", ")).") }
        guard let author = json["author"]?.string, (1...100).contains(author.count), let text = json["text"]?.string,
            (1...10_000).contains(text.count)
        else { return Self.problem(422, "author must have 1 to 100 characters, text 1 to 10000.") }
        do {
            let remark: Remark
            if isComment {
                guard let id = json["postId"]?.string, let post = try await world.visiblePost(platform: platform, id: id) else {
                    return Self.problem(422, "postId must name a visible post of that platform.")
                }
                remark = Remark(by: author, text: text, under: post, in: world)
            } else {
                guard let account = json["account"]?.string, (1...200).contains(account.count) else {
                    return Self.problem(422, "account must be the external id of an account.")
                }
                remark = Remark(by: author, text: text, about: account, on: platform, in: world)
            }
            var writer = JSONWriter()
            try await world.add(remark, key: nil).write(to: &writer)
            var headers = [(name: "Content-Type", value: "application/json; charset=utf-8")]
            if let status = await webhook?.tell(remark) { headers.append(("X-Webhook-Status", String(status))) }
            return OutboundResponse(status: 201, headers: headers, body: writer.bytes)
        } catch {
            return Self.problem(500, "It could not be kept: \(error).")
        }
    }
}
