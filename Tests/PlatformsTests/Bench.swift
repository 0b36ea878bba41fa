import Core
import Outbound

@testable import Platforms

/// The platforms that are tested: whatever is registered.
let platforms = PlatformList.connectors.map { $0.platform }

/// One connector in front of its simulator: fixed clock, pauses that move it, every request on record.
struct Bench: Sendable {
    static let account = "17841400000000001"

    let platform: Platform
    let connector: any Connector
    let clock: FixedClock
    let world: MemoryWorld
    let wire: RecordingTransport
    let session: PlatformSession

    init(_ platform: Platform, token: String = "sandbox:\(account)") throws {
        guard let connector = PlatformList.connector(for: platform), let simulator = PlatformList.simulator(for: platform)
        else {
            throw Missing(platform: platform)
        }
        self.platform = platform
        self.connector = connector
        let clock = Ambient.fixed().1
        self.clock = clock
        world = MemoryWorld(clock: { clock.now })
        wire = RecordingTransport(SimulatorTransport(simulator, world: world))
        session = Self.session(platform, wire, token: token, clock: clock)
    }

    struct Missing: Error { let platform: Platform }

    static func session(
        _ platform: Platform, _ transport: any Transport, token: String = "sandbox:\(account)",
        clock: FixedClock = Ambient.fixed().1
    ) -> PlatformSession {
        PlatformSession(
            baseURL: platform == .mastodon ? "https://social.example" : "https://graph.example/v25.0", externalID: account,
            token: Secret(token), transport: transport, pause: { clock.advance(by: $0) }, now: { clock.now })
    }

    /// A post with as many pictures, armed now.
    func post(_ text: String = "Spring is here", pictures: Int = 1, link: String? = nil) -> PublishRequest {
        Self.post(text, pictures: pictures, link: link, armedAt: clock.now)
    }

    static func post(
        _ text: String = "Spring is here", pictures: Int = 1, link: String? = nil, armedAt: Instant? = nil
    ) -> PublishRequest {
        PublishRequest(
            publicationID: PublicationID("c1"), caption: text, link: link, media: (0..<pictures).map { picture($0) },
            idempotencyKey: "key-1", armedAt: armedAt)
    }

    static func picture(_ number: Int, size: Int = 64) -> PublishMedia {
        PublishMedia(
            bytes: [0xFF, 0xD8, 0xFF] + [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size),
            mimeType: "image/jpeg", url: "https://media.example/\(number).jpg", altText: "Picture \(number)")
    }

    /// Prepares; throws the failure when that does not work.
    func prepare(_ request: PublishRequest) async throws -> PreparedPublication {
        switch await connector.prepare(request, on: session) {
        case .ready(let prepared): return prepared
        case .failed(let failure): throw failure
        }
    }

    /// Puts something on the account that is not ours: through the platform, by another connector's hands.
    func showForeign(_ text: String, pictures: Int = 1) async throws {
        var other = post(text, pictures: pictures)
        other.idempotencyKey = "foreign \(world.newID())"
        let prepared = try await prepare(other)
        guard case .published = await connector.publish(other, prepared: prepared, on: session) else {
            throw Missing(platform: platform)
        }
    }
}

extension PublishOutcome {
    var failure: PublishFailure? { if case .failed(let failure) = self { failure } else { nil } }
    var postID: String? { if case .published(let id, _) = self { id } else { nil } }
    var permalink: String? { if case .published(_, let permalink) = self { permalink } else { nil } }
}

extension PreparationOutcome {
    var failure: PublishFailure? { if case .failed(let failure) = self { failure } else { nil } }
}

extension ReconcileOutcome {
    /// The outcome without its details, for comparing.
    var kind: String {
        switch self {
        case .live: "live"
        case .absent: "absent"
        case .unreachable: "unreachable"
        case .unknowable: "unknowable"
        }
    }
    var postID: String? { if case .live(let id, _) = self { id } else { nil } }
    var failure: PublishFailure? { if case .unreachable(let failure) = self { failure } else { nil } }
}

extension VerifyOutcome {
    var failure: PublishFailure? { if case .failed(let failure) = self { failure } else { nil } }
}
