/// `application/x-www-form-urlencoded`.
package enum FormEncoding {
    package static let contentType = "application/x-www-form-urlencoded"

    /// Names and values, in their order.
    package static func encode(_ fields: [(name: String, value: String)]) -> String {
        fields.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
    }
}
