/// A request as endpoints see it: no web framework.
package struct APIRequest: Sendable {
    package var method: String
    package var path: String
    package var pathParameters: [(name: String, value: String)]
    package var query: [(name: String, value: String)]
    /// The value of a header, by its lowercase name.
    package var header: @Sendable (String) -> String?
    /// Every header, in order; made when it is asked for.
    package var allHeaders: @Sendable () -> [(name: String, value: String)]
    package var body: [UInt8]
    package var requestID: String

    package init(
        method: String, path: String, pathParameters: [(name: String, value: String)] = [],
        query: [(name: String, value: String)] = [], header: @escaping @Sendable (String) -> String? = { _ in nil },
        allHeaders: @escaping @Sendable () -> [(name: String, value: String)] = { [] }, body: [UInt8] = [],
        requestID: String = ""
    ) {
        self.method = method
        self.path = path
        self.pathParameters = pathParameters
        self.query = query
        self.header = header
        self.allHeaders = allHeaders
        self.body = body
        self.requestID = requestID
    }
}
