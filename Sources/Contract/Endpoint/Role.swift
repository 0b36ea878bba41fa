/// A person's part in an organization. Each role may do what the ones after it may.
package enum Role: String, Sendable, CaseIterable, Comparable, APIEnum {
    case owner = "OWNER"
    case admin = "ADMIN"
    case manager = "MANAGER"
    case creator = "CREATOR"
    case viewer = "VIEWER"

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .creator: 1
        case .manager: 2
        case .admin: 3
        case .owner: 4
        }
    }
    package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
}
