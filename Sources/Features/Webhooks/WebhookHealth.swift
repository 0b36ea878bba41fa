package import Contract
package import Core

/// How long a webhook has been failing, and what was done about it. There is one only while it fails.
package struct WebhookHealth: Sendable, Hashable {
    package var failingSince: Instant
    package var lastFailureAt: Instant
    /// Failed attempts without a success between them.
    package var failures: Int
    /// Events that failed at least once since.
    package var failedEvents: Int
    package var lastError: String?
    /// The highest threshold that was told, in hours; 0: none.
    package var alertedHours: Int
    package var exhaustedToldAt: Instant?
    /// When the server disabled it for that.
    package var disabledAt: Instant?
    /// When it is probed next.
    package var probeAt: Instant?
    package var probes: Int

    package init(failingSince now: Instant) {
        failingSince = now
        lastFailureAt = now
        failures = 0
        failedEvents = 0
        alertedHours = 0
        probes = 0
    }

    /// Thresholds of the alerts, in hours of unbroken failure.
    package static let alerts = [1, 24, 72, 108]
    /// Disabled after this much unbroken failure...
    package static let disableAfter = Duration.seconds(120 * 3600)
    /// ...if at least this many events failed...
    package static let disableEvents = 10
    /// ...spread over at least this much.
    package static let disableSpread = Duration.seconds(12 * 3600)
    /// Probes go on for this long after the webhook was disabled.
    package static let probesEnd = Duration.seconds(7 * 86_400)

    /// One more failed attempt.
    /// - Parameter isFirstOfEvent: whether it was the event's first attempt.
    package mutating func fail(_ errorClass: String?, isFirstOfEvent: Bool, at now: Instant) {
        failures += 1
        if isFirstOfEvent { failedEvents += 1 }
        lastFailureAt = max(lastFailureAt, now)
        lastError = errorClass
    }

    /// The threshold to tell now; nil: none that was not told.
    package func alert(at now: Instant) -> Int? {
        guard disabledAt == nil else { return nil }
        return Self.alerts.last { now - failingSince >= .seconds($0 * 3600) }.flatMap { $0 > alertedHours ? $0 : nil }
    }

    /// Whether it has failed so long and so often that it is disabled. A single failure long ago is no reason: failures
    /// have to be many, and spread.
    package func isToBeDisabled(at now: Instant) -> Bool {
        disabledAt == nil && now - failingSince >= Self.disableAfter && failedEvents >= Self.disableEvents
            && lastFailureAt - failingSince >= Self.disableSpread
    }

    /// When the next probe is: after 1 h, then 2, 4, 8, 16 and every 24 h; nil once probing has ended.
    package static func nextProbe(after probes: Int, disabledAt: Instant, now: Instant) -> Instant? {
        let hours = min(1 << min(max(probes, 0), 5), 24)
        let next = now + .seconds(hours * 3600)
        return next - disabledAt <= probesEnd ? next : nil
    }
}

extension WebhookHealth: APIObject {
    package static let name = "WebhookHealth"
    package static let properties: [Property<Self>] = [
        Property("failingSince", "Since when it has accepted nothing.") { $0.failingSince },
        Property("lastFailureAt", "When the last attempt failed.") { $0.lastFailureAt },
        Property("failures", "Failed attempts since.") { $0.failures },
        Property("failedEvents", "Events that failed at least once since.") { $0.failedEvents },
        Property("lastErrorClass", "What kind of failure the last one was.") { $0.lastError },
        Property("alertedHours", "The last threshold that was told by webhook.failing, in hours; 0: none yet.") {
            $0.alertedHours
        },
        Property("nextProbeAt", "When a webhook that the server disabled is tried again.") { $0.probeAt },
    ]
    package static let example: Self = {
        var example = WebhookHealth(failingSince: Instant(seconds: 1_770_114_600))
        example.fail("http_5xx", isFirstOfEvent: true, at: Instant(seconds: 1_770_114_700))
        return example
    }()
}
