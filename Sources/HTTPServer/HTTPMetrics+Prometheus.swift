extension HTTPMetrics {
    /// The text exposition format of Prometheus. Routes that were never asked for are left out.
    package var prometheusText: String {
        let routes = snapshot.filter { $0.count > 0 }
        var text = """
            # HELP audenci_http_requests_in_flight Requests that are being answered.
            # TYPE audenci_http_requests_in_flight gauge
            audenci_http_requests_in_flight \(inFlight)
            # HELP audenci_http_requests_total Answered requests by route and class of status.
            # TYPE audenci_http_requests_total counter

            """
        for route in routes {
            for (group, count) in route.statuses.enumerated() where count > 0 {
                text += "audenci_http_requests_total{\(Self.labels(route)),status=\"\(group + 1)xx\"} \(count)\n"
            }
        }
        text += """
            # HELP audenci_http_request_duration_seconds From the request's head to the finished answer.
            # TYPE audenci_http_request_duration_seconds histogram

            """
        for route in routes { text += Self.histogram(route) }
        return text
    }

    private static func histogram(_ route: RouteSnapshot) -> String {
        let name = "audenci_http_request_duration_seconds"
        let labels = labels(route)
        var text = ""
        var sum = 0
        for (boundary, count) in zip(RouteSnapshot.boundaries, route.buckets) {
            sum += count
            text += "\(name)_bucket{\(labels),le=\"\(boundary)\"} \(sum)\n"
        }
        text += "\(name)_bucket{\(labels),le=\"+Inf\"} \(route.count)\n"
        text += "\(name)_sum{\(labels)} \(Double(route.microseconds) / 1_000_000)\n"
        text += "\(name)_count{\(labels)} \(route.count)\n"
        return text
    }

    private static func labels(_ route: RouteSnapshot) -> String { "method=\"\(route.method)\",route=\"\(route.template)\"" }
}
