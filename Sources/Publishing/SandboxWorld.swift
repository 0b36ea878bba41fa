package import Core
package import Features
package import Platforms

/// The simulators' memory in our database: sandbox accounts survive restarts and crashes like everything else.
package struct SandboxWorld: SimulatedWorld {
    let store: SandboxStore

    package init(store: SandboxStore) { self.store = store }

    package func now() -> Instant { store.ambient.now() }

    package func newID() -> String { store.newID() }

    package func show(_ post: VisiblePost, key: String?) async throws -> VisiblePost {
        let shown = try await store.show(
            SandboxPost(
                platform: post.platform, id: post.id, account: post.account, text: post.text, mediaCount: post.mediaCount,
                permalink: post.permalink, createdAt: post.createdAt), key: key)
        return Self.visible(shown)
    }

    package func visiblePosts(platform: Platform, account: String, limit: Int) async throws -> [VisiblePost] {
        try await store.posts(platform: platform, account: account, limit: limit).map(Self.visible)
    }

    package func visiblePost(platform: Platform, id: String) async throws -> VisiblePost? {
        try await store.post(platform: platform, id: id).map(Self.visible)
    }

    package func setState(platform: Platform, key: String, value: String) async throws {
        try await store.setState(platform: platform, name: key, value: value)
    }

    package func state(platform: Platform, key: String) async throws -> String? {
        try await store.state(platform: platform, name: key)
    }

    package func takeFault(platform: Platform, account: String, step: String) async throws -> SimulatedFault? {
        guard let fault = try await store.takeFault(platform: platform, account: account, step: step),
            let mode = SimulatedFault.Mode(rawValue: fault.mode)
        else { return nil }
        return SimulatedFault(mode: mode, status: fault.status)
    }

    private static func visible(_ post: SandboxPost) -> VisiblePost {
        VisiblePost(
            platform: post.platform, id: post.id, account: post.account, text: post.text, mediaCount: post.mediaCount,
            permalink: post.permalink, createdAt: post.createdAt)
    }
}
