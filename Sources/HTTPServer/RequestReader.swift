import Contract
import HTTPTypes
import Hummingbird

extension HTTPEnvironment {
    /// The request as endpoints see it, with its body.
    /// - Throws: 400, 404, 408, 413 or 415.
    func read(
        _ request: Request, _ context: APIContext, _ template: RouteTemplate, requestID: String, bodyLimit: Int? = nil
    ) async throws -> APIRequest {
        try checkTarget(request)
        let query = try request.uri.query.map {
            try QueryString.parse($0, limit: limits.maximumQueryParameters)
        }
        let parameters = try pathParameters(context, template)
        let headers = request.headers
        let bodyLimits = limits.raised(to: bodyLimit)
        let sent = try await BodyReader(limits: bodyLimits).read(request)
        return APIRequest(
            method: request.method.rawValue, path: request.uri.path, pathParameters: parameters, query: query ?? [],
            header: { name in HTTPField.Name(name).flatMap { headers[$0] } },
            allHeaders: { headers.map { (name: $0.name.rawName, value: $0.value) } },
            body: try ContentEncoding.decode(sent, headers[.contentEncoding], limit: bodyLimits.maximumBodyBytes),
            requestID: requestID)
    }

    /// Refuses a target that is too long (414 in HTTP, 400 in this API).
    func checkTarget(_ request: Request) throws(APIError) {
        guard (request.head.path?.utf8.count ?? 0) <= limits.maximumTargetBytes else {
            throw APIError(.invalidRequest, "The URL is longer than the \(limits.maximumTargetBytes) bytes that are accepted.")
        }
    }

    private func pathParameters(
        _ context: APIContext, _ template: RouteTemplate
    ) throws(APIError) -> [(name: String, value: String)] {
        var parameters: [(name: String, value: String)] = []
        for (name, key) in template.parameters {
            guard let encoded = context.parameters[key],
                let value = PercentCoding.decode(encoded, plusIsSpace: false)
            else { throw APIError.invalid(name, "is not valid percent-encoded UTF-8") }
            // No id holds this character, and one of the engines cannot even be asked for it.
            guard !value.utf8.contains(0) else { throw APIError.notFound("object") }
            parameters.append((name, value))
        }
        return parameters
    }
}
