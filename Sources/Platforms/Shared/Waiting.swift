import Core
import Outbound

/// Pauses between polls: bounded, growing.
struct PollSchedule {
    let pauses: [Duration]

    /// Pictures are ready in a second or two; after a minute somebody else should have the slot.
    static let upload = PollSchedule(pauses: [1, 1, 1, 2, 2, 3, 5, 5, 10, 15, 15].map { .seconds($0) })

    /// Meta's advice is to ask once a minute for at most five; pictures are quicker, so the first minute is asked oftener.
    static let container = PollSchedule(pauses: [1, 2, 4, 8, 15, 30, 60, 60, 60, 60].map { .seconds($0) })
}

extension PlatformSession {
    /// Asks until there is a result. A cancelled task stops at once.
    func poll<Result>(
        _ schedule: PollSchedule, for platform: Platform, _ ask: () async throws(PublishFailure) -> Result?
    ) async throws(PublishFailure) -> Result {
        if let result = try await ask() { return result }
        for length in schedule.pauses {
            await pause(length)
            if Task.isCancelled {
                throw PublishFailure(.beforeEffect, code: "cancelled", message: "Preparing was stopped before it was done.")
            }
            if let result = try await ask() { return result }
        }
        throw PublishFailure(
            .beforeEffect, code: "media_processing", message: "\(platform.properName) is still processing the picture.",
            retryAfter: .seconds(60))
    }
}

/// When a platform says "not before".
enum RetryAdvice {
    /// Longer waits are taken for a day: whoever says more is broken or hostile.
    static let longest = Duration.seconds(86_400)

    static func clamp(_ seconds: Double) -> Duration? {
        guard seconds.isFinite else { return nil }
        return .seconds(min(max(seconds.rounded(.up), 0), longest.inSeconds))
    }

    /// `Retry-After` in seconds.
    static func retryAfter(_ response: OutboundResponse) -> Duration? {
        response.header("Retry-After").flatMap { Double($0) }.flatMap(clamp)
    }
}
