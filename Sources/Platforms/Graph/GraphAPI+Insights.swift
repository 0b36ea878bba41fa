import Core

extension GraphAPI {
    /// The values of `GET /{object}/insights`, by metric. Graph leaves out what it does not report: an empty list is
    /// no zero.
    func insights(of object: String, _ names: [String]) async throws(PublishFailure) -> [String: Int64] {
        let json: JSONValue
        do {
            json = try await get(
                object, "insights", fields: "name,values,total_value", query: [("metric", names.joined(separator: ","))])
        } catch  where error.code == "not_permitted" {
            // The same number says that hardly anybody saw it ("Not enough viewers"); the platform's words say which.
            var failure = error
            failure.message = """
                \(platform.properName) gives no figures of this: too few people saw it, or the account was connected without \
                the right to read them.
                """
            throw failure
        }
        guard let entries = json["data"]?.array else {
            throw PublishFailure(unreadable: 200, from: platform, reach: .invisible)
        }
        var values: [String: Int64] = [:]
        for entry in entries.prefix(100) {
            guard let name = entry["name"]?.string, names.contains(name) else { continue }
            values[name] = entry["total_value"]?.count("value") ?? entry["values"]?[0]?.count("value")
        }
        return values
    }
}
