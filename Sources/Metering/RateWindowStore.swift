import Core
import Relational

/// What a process asks of the table for one organization and hour.
struct Reservation: Sendable {
    var organization: OrganizationID
    var start: Instant
    var limit: Int
    /// How many requests to reserve, at least 1.
    var block: Int
    /// Also delete the windows that are over.
    var prunes: Bool
}

/// What the table granted.
struct Granted: Sendable {
    var count: Int
    /// Everything that was reserved before, by this process and by others.
    var before: Int
}

/// The rows behind ``RateLimiter``.
enum RateWindowStore {
    /// Reserves up to `block` requests, never more in sum than `limit`, whichever process asks.
    static func reserve(_ wanted: Reservation, _ connection: any RelationalConnection) throws -> Granted {
        if wanted.prunes { try prune(before: wanted.start, connection) }
        let sum = try connection.first(
            """
            INSERT INTO rate_window (organization_id, window_start, reserved)
            VALUES (\(wanted.organization), \(wanted.start), \(wanted.block))
            ON CONFLICT (organization_id, window_start) DO UPDATE
            SET reserved = rate_window.reserved + excluded.reserved
            WHERE rate_window.reserved < \(wanted.limit)
            RETURNING reserved
            """
        ) { Int($0.int(0)) }
        guard let sum else {
            let reserved = try connection.first(
                """
                SELECT reserved FROM rate_window
                WHERE organization_id = \(wanted.organization) AND window_start = \(wanted.start)
                """
            ) { Int($0.int(0)) }
            return Granted(count: 0, before: reserved ?? wanted.limit)
        }
        // The sum was below the limit before this block, and the row is ours until the commit: what is over goes back.
        let before = max(sum - wanted.block, 0)
        let count = min(wanted.block, max(wanted.limit - before, 0))
        if count < wanted.block {
            try giveBack(wanted.block - count, of: wanted.organization, start: wanted.start, connection)
        }
        return Granted(count: count, before: before)
    }

    /// Returns what was reserved but not used.
    static func giveBack(
        _ count: Int, of organization: OrganizationID, start: Instant, _ connection: any RelationalConnection
    ) throws {
        try connection.execute(
            """
            UPDATE rate_window SET reserved = reserved - \(count)
            WHERE organization_id = \(organization) AND window_start = \(start) AND reserved >= \(count)
            """)
    }

    /// Deletes what is over. The hour before stays: another process's clock may be a little behind.
    static func prune(before start: Instant, _ connection: any RelationalConnection) throws {
        try connection.execute("DELETE FROM rate_window WHERE window_start < \(start - .seconds(3600))")
    }
}
