package import Contract
package import Core

/// What an organization decides about its figures.
package struct AnalyticsSettings: Sendable {
    /// Nil: the standard thresholds.
    package var thresholds: FollowerThresholds?
    package var version: Int64
}

extension AnalyticsSettings: APIObject {
    package static let name = "AnalyticsSettings"
    package var entityVersion: Int64? { version }
    package static let properties: [Property<Self>] = [
        Property("followerThresholds", "The numbers of followers that `follower.milestone` tells of.") {
            ($0.thresholds ?? .standard).values
        },
        Property("isStandard", "Whether these are the standard ones: 100, 200, 500, 1,000, 2,000, 5,000 and so on.") {
            $0.thresholds == nil
        },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = AnalyticsSettings(thresholds: FollowerThresholds([1000, 10_000, 100_000]), version: 1)
}

/// What a request says of the settings.
package struct AnalyticsSettingsInput: APIInput {
    package var thresholds = Change<[Int64]>.keep

    package init() {}

    package static let name = "AnalyticsSettingsInput"
    package static let fields: [InputField<Self>] = [
        InputField(
            "followerThresholds", "Up to 100 numbers of followers; null: the standard ones.", .ifSet(.count(1...100)),
            .ifSet(.each(positive))
        ) { $0.thresholds = $1 }
    ]
    package static let example: JSONValue = ["followerThresholds": [1000, 10_000, 100_000]]

    private static let positive = Rule<Int64> { value in
        (1...1_000_000_000_000).contains(value) ? nil : "must be between 1 and 1000000000000"
    }
}
