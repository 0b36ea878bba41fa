/// What an update does to a field that can be empty.
///
/// The API merges: an absent field stays as it is, and `null` clears it. An optional can say only one of the two.
public enum Change<Value: Encodable & Sendable>: Encodable, Sendable {
    /// The field is not sent and stays as it is.
    case keep
    /// The field is emptied.
    case clear
    /// The field gets a new value.
    case set(Value)

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .keep, .clear: try container.encodeNil()
        case .set(let value): try container.encode(value)
        }
    }
}

extension Change: Equatable where Value: Equatable {}
extension Change: Hashable where Value: Hashable {}

extension KeyedEncodingContainer {
    /// Chosen by synthesized `encode(to:)` over the general one: what is kept must be absent, not `null`.
    mutating func encode<Value>(_ change: Change<Value>, forKey key: Key) throws {
        switch change {
        case .keep: break
        case .clear: try encodeNil(forKey: key)
        case .set(let value): try encode(value, forKey: key)
        }
    }
}
