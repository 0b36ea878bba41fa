import Core
import Outbound

extension SimulatorRouter {
    /// `POST /__sim/accounts` `{"platform","account","followerCount"?,"metrics"?}`: what the account's followers and posts
    /// count from now on. `metrics` is `{"likes": 96}` for all of its posts, or `{"<post>": {"likes": 96}}` by their ids.
    func setNumbers(_ body: [UInt8]) async -> OutboundResponse {
        guard let json = try? JSONValue(parsing: body), json.object != nil else {
            return Self.problem(400, "The body must be a JSON object.")
        }
        guard let platform = json["platform"]?.string.flatMap(Platform.init(rawValue:)),
            PlatformList.simulator(for: platform) != nil
        else { return Self.problem(422, "platform must be one of \(Self.names.joined(separator: ", ")).") }
        guard let account = json["account"]?.string, !account.isEmpty, account.utf8.count <= 200 else {
            return Self.problem(422, "account must be the account's id on the platform.")
        }
        let metrics = json["metrics"] ?? .object([])
        let isByPost = metrics.object?.contains { $0.value.object != nil } ?? false
        let parts = isByPost ? metrics.object?.map(\.value) ?? [] : [metrics]
        guard parts.allSatisfy(InjectedNumbers.isValid) else {
            let names = Metric.allCases.map(\.rawValue).joined(separator: ", ")
            return Self.problem(422, "metrics must hold whole numbers or null, by these names: \(names).")
        }
        do {
            if let count = json["followerCount"] {
                guard let followers = count.count else { return Self.problem(422, "followerCount must be a whole number.") }
                try await world.setState(
                    platform: platform, key: InjectedNumbers.followers(of: account), value: String(followers))
            }
            if isByPost {
                for post in metrics.object ?? [] {
                    try await merge(post.value, into: InjectedNumbers.metrics(ofPost: post.key), platform)
                }
            } else if metrics != .object([]) {
                try await merge(metrics, into: InjectedNumbers.metrics(ofAccount: account), platform)
            }
            return OutboundResponse(status: 204)
        } catch {
            return Self.problem(500, "The numbers could not be kept: \(error).")
        }
    }

    private func merge(_ metrics: JSONValue, into key: String, _ platform: Platform) async throws {
        let present = try await world.state(platform: platform, key: key).flatMap { try? JSONValue(parsing: $0) }
        try await world.setState(platform: platform, key: key, value: InjectedNumbers.merged(metrics, over: present).text)
    }
}
