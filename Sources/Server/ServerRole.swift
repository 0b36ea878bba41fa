/// What a process of the server does.
package enum ServerRole: Hashable, Sendable {
    /// Answers the API.
    case web
    /// Publishes and delivers.
    case worker
}
