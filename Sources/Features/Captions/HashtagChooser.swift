/// Chooses hashtags.
package protocol HashtagChooser: Sendable {
    /// - Parameter history: captions of the brand's posts, newest first.
    /// - Throws: ``APIError``.
    func hashtags(for input: HashtagInput, brand: Brand, history: [String]) async throws -> HashtagResult
}
