package import Contract

/// A form's fields, as browsers send them (`application/x-www-form-urlencoded`).
package enum FormFields {
    /// Names and values in order; at most 100.
    /// - Throws: 400 for malformed escapes and for too many fields.
    package static func parse(_ body: [UInt8]) throws(APIError) -> [(name: String, value: String)] {
        try QueryString.parse(String(decoding: body, as: UTF8.self), limit: 100)
    }
}
