/// Where a simulated platform keeps the numbers that somebody gave it: names of its state, each with a JSON value.
package enum InjectedNumbers {
    /// A whole number.
    package static func followers(of account: String) -> String { "followers:\(account)" }
    /// An object of ``Metric`` names and numbers, null for "not reported": of the post with that id on the platform.
    package static func metrics(ofPost id: String) -> String { "metrics:\(id)" }
    /// The same, for all posts of an account that have no numbers of their own.
    package static func metrics(ofAccount id: String) -> String { "metrics:account:\(id)" }

    /// Whether it is such an object.
    package static func isValid(_ json: JSONValue) -> Bool {
        guard let members = json.object else { return false }
        return members.allSatisfy { member in
            guard Metric(rawValue: member.key) != nil else { return false }
            return member.value == .null || (member.value.int.map { (0...maximum).contains($0) } ?? false)
        }
    }

    /// The largest number that JSON readers of every kind keep exact: 2^53.
    package static let maximum: Int64 = 9_007_199_254_740_992

    /// `newer` on top of what is there.
    package static func merged(_ newer: JSONValue, over present: JSONValue?) -> JSONValue {
        let names = Set((newer.object ?? []).map(\.key))
        return .object((present?.object ?? []).filter { !names.contains($0.key) } + (newer.object ?? []))
    }
}
