package import Core

/// The platforms that this version can publish to. A new one is a folder with a connector and a simulator, and one line
/// in each of these two lists; a test compares them with the folders.
package enum PlatformList {
    package static let connectors: [any Connector.Type] = [
        MastodonConnector.self, InstagramConnector.self, FacebookConnector.self,
    ]

    package static let simulators: [any Simulator.Type] = [
        MastodonSimulator.self, InstagramSimulator.self, FacebookSimulator.self,
    ]

    /// The platforms whose comments and mentions this version reads.
    package static let inboxes: [any InboxConnector.Type] = [
        MastodonConnector.self, InstagramConnector.self, FacebookConnector.self,
    ]

    /// The inbox of a platform; nil when this version does not read it.
    package static func inbox(for platform: Platform) -> (any InboxConnector)? {
        inboxes.first { $0.platform == platform }?.init()
    }

    /// How many characters a reply may have.
    package static func replyLimit(on platform: Platform) -> Int? {
        inboxes.first { $0.platform == platform }.map { $0.maximumReplyLength }
    }

    /// The platforms whose accounts can be connected without their tokens being seen by a person.
    package static let oauthConnectors: [any OAuthConnector.Type] = [
        MastodonOAuth.self, InstagramOAuth.self, FacebookOAuth.self,
    ]

    /// How accounts of a platform are connected by OAuth; nil when they are not.
    package static func oauthConnector(for platform: Platform) -> (any OAuthConnector)? {
        oauthConnectors.first { $0.platform == platform }?.init()
    }

    /// The code for a platform; nil when this version cannot publish to it.
    package static func connector(for platform: Platform) -> (any Connector)? {
        connectors.first { $0.platform == platform }?.init()
    }

    /// What a platform takes; nil when this version cannot publish to it.
    package static func capabilities(of platform: Platform) -> Capabilities? {
        connectors.first { $0.platform == platform }?.capabilities
    }

    /// The platform's API, simulated; nil when this version cannot publish to it.
    package static func simulator(for platform: Platform) -> (any Simulator)? {
        simulators.first { $0.platform == platform }?.init()
    }
}
