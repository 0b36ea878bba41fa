package import Core

/// One reading of a published post's numbers. Never changed: a correction is another reading.
package struct PostSnapshot: Sendable, Hashable {
    package var organizationID: OrganizationID
    /// Grows by one with each snapshot of the organization.
    package var sequence: Int64
    package var capturedAt: Instant
    package var publicationID: PublicationID
    package var postID: PostID
    package var accountID: SocialAccountID
    /// As the platform said it.
    package var metrics: Metrics
    /// What came since the reading before.
    package var gained: Metrics

    /// Quarters of an hour since 1970: every time zone's hours and days begin with one.
    package var quarter: Int64 { Self.quarter(of: capturedAt) }

    package static let quarterLength: Int64 = 900_000
    package static func quarter(of instant: Instant) -> Int64 { max(instant.milliseconds, 0) / quarterLength }
}
