/// The header by which a caller says that a request is a repeat.
package enum IdempotencyKey {
    /// - Throws: 400 for a key that is empty or too long.
    package static func checked(_ key: String?) throws(APIError) -> String? {
        guard let key else { return nil }
        guard (1...200).contains(key.utf8.count) else {
            throw APIError.invalid("Idempotency-Key", "must have 1 to 200 characters")
        }
        return key
    }
}
