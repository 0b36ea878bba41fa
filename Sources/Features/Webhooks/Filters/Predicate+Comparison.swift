import Contract
import Core

extension Predicate.Comparison {
    /// What is wrong with the operator's operand; nil when nothing is.
    func issue(with operand: JSONValue) -> String? {
        switch self {
        case .oneOf, .noneOf:
            guard let elements = operand.array, (1...100).contains(elements.count) else {
                return "must be an array of 1 to 100 values"
            }
            return elements.allSatisfy(\.isScalar) ? nil : "must hold strings, numbers, true, false or null only"
        case .exists: return operand.bool == nil ? "must be true or false" : nil
        case .startsWith, .endsWith: return operand.string == nil ? "must be a string" : nil
        case .greater, .greaterOrEqual, .less, .lessOrEqual:
            return operand.string == nil && operand.double == nil ? "must be a number or a string" : nil
        case .equal, .notEqual, .contains: return operand.isScalar ? nil : "must be a string, a number, true, false or null"
        }
    }

    /// True when one of `found`, the values that a path leads to, compares so with `operand`. The negations hold when none
    /// does what they negate, so also where there is no value.
    func holds(_ found: [JSONValue], _ operand: JSONValue) -> Bool {
        switch self {
        case .equal: found.contains { $0.isLike(operand) || $0.array?.contains { $0.isLike(operand) } == true }
        case .notEqual: !Self.equal.holds(found, operand)
        case .oneOf: operand.array?.contains { Self.equal.holds(found, $0) } ?? false
        case .noneOf: !Self.oneOf.holds(found, operand)
        case .exists: found.contains { $0 != .null } == operand.bool
        case .greater: found.contains { Self.order($0, operand).map { $0 > 0 } ?? false }
        case .greaterOrEqual: found.contains { Self.order($0, operand).map { $0 >= 0 } ?? false }
        case .less: found.contains { Self.order($0, operand).map { $0 < 0 } ?? false }
        case .lessOrEqual: found.contains { Self.order($0, operand).map { $0 <= 0 } ?? false }
        case .startsWith: found.contains { $0.string?.hasPrefix(operand.string ?? "") ?? false }
        case .endsWith: found.contains { $0.string?.hasSuffix(operand.string ?? "") ?? false }
        case .contains:
            found.contains { value in
                if let elements = value.array { return elements.contains { $0.isLike(operand) } }
                guard let text = value.string, let part = operand.string else { return false }
                return part.isEmpty || text.contains(part)
            }
        }
    }

    /// Negative, zero or positive as `left` comes before, with or after `right`; nil for values of different kinds. Strings
    /// go by their UTF-8, which puts instants in order.
    private static func order(_ left: JSONValue, _ right: JSONValue) -> Int? {
        if let left = left.double, let right = right.double { return left < right ? -1 : left > right ? 1 : 0 }
        if let left = left.string, let right = right.string { return left < right ? -1 : left > right ? 1 : 0 }
        return nil
    }
}

extension JSONValue {
    var isScalar: Bool {
        switch self {
        case .null, .bool, .int, .double, .string: true
        case .array, .object: false
        }
    }

    /// Equal, with numbers by their value: 1 and 1.0.
    func isLike(_ other: JSONValue) -> Bool {
        if let number = double, let otherNumber = other.double { return number == otherNumber }
        return self == other
    }

    /// What `path` leads to: `data.platforms`, `data.media.0.url`.
    func values(at path: String) -> [JSONValue] {
        values(at: path.split(separator: ".", omittingEmptySubsequences: false)[...])
    }

    private func values(at path: ArraySlice<Substring>) -> [JSONValue] {
        guard let first = path.first else { return [self] }
        switch self {
        case .object:
            guard let next = self[String(first)] else { return [] }
            return next.values(at: path.dropFirst())
        case .array(let elements):
            if let index = Int(first) { return self[index]?.values(at: path.dropFirst()) ?? [] }
            return elements.flatMap { $0.values(at: path) }
        case .null, .bool, .int, .double, .string: return []
        }
    }
}
