import Core
import Synchronization

/// The `If-Match` of a request: versions of which the resource must have one when it is changed.
package final class Precondition: Sendable {
    /// Nil: `*`, any version.
    private let versions: [Int64]?
    private let isChecked = Mutex(false)

    /// - Throws: 400 for what is no list of our tags.
    package init(ifMatch header: String) throws(APIError) {
        if header.trimming(" ") == "*" {
            versions = nil
            return
        }
        var found: [Int64] = []
        for element in header.split(separator: ",").prefix(20) {
            var tag = String(element).trimming(" ")
            if tag.hasPrefix("W/") { tag = String(tag.dropFirst(2)) }
            // Behind a hyphen a tag holds a digest of what changes without a new version.
            guard let number = Int64(tag.trimming("\"").prefix { $0 != "-" }) else {
                throw APIError.invalid("If-Match", "must hold ETags of this resource, such as \"3\", or *")
            }
            found.append(number)
        }
        guard !found.isEmpty else { throw APIError.invalid("If-Match", "must not be empty") }
        versions = found
    }

    /// - Throws: 412 when the resource's version is none of those named.
    func check(_ present: Int64) throws(APIError) {
        isChecked.withLock { $0 = true }
        guard let versions, !versions.contains(present) else { return }
        throw APIError(
            .preconditionFailed,
            "The resource's version is \(present), not \(versions.map { String($0) }.joined(separator: " or ")): it was changed in between.",
            details: [FieldIssue("If-Match", "the present version is \(present)")])
    }

    /// - Throws: 412 when nothing of what was changed has a version: a condition is never ignored.
    package func requireChecked() throws(APIError) {
        guard !isChecked.withLock({ $0 }) else { return }
        throw APIError(
            .preconditionFailed, "What this request changes has no version to compare with; leave If-Match out.",
            details: [FieldIssue("If-Match", "is not possible here")])
    }
}

extension String {
    fileprivate func trimming(_ character: Character) -> String {
        var text = self[...]
        while text.first == character { text.removeFirst() }
        while text.last == character { text.removeLast() }
        return String(text)
    }
}
