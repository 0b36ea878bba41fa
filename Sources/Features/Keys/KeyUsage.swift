import Core
import Synchronization

/// When keys were used, gathered in memory so that requests need not write.
final class KeyUsage: Sendable {
    struct Name: Hashable { let organization: OrganizationID, key: KeyID }

    private let times = Mutex<[Name: Instant]>([:])

    func note(_ organization: OrganizationID, _ key: KeyID, at time: Instant) {
        times.withLock { $0[Name(organization: organization, key: key)] = time }
    }

    func take() -> [Name: Instant] {
        times.withLock { times in
            defer { times.removeAll(keepingCapacity: true) }
            return times
        }
    }
}
