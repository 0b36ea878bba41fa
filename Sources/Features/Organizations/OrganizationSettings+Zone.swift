import Foundation

extension OrganizationSettings {
    /// The time zone itself; UTC when this machine no longer knows its name.
    var zone: TimeZone { TimeZone(identifier: timezone) ?? .gmt }
}
