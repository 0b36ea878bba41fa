import Outbound

/// A client for what an operator or a developer names by hand: it may reach the URLs that were typed, wherever they are and by
/// plain HTTP too, and nothing else.
enum DeveloperClient {
    /// - Parameters:
    ///   - urls: each by the flag that it was given with.
    ///   - trust: a PEM file with authorities to trust besides the system's.
    /// - Throws: ``ListenError`` naming the flag whose URL cannot be used.
    static func make(_ urls: [String: String], trust: String? = nil, proxy: EgressProxy? = nil) throws -> GuardedClient {
        var entries: [String] = []
        for (flag, url) in urls {
            guard let entry = authority(of: url) else {
                throw ListenError(description: "\(flag)=\(url): allowed is a URL such as http://127.0.0.1:3000/webhook")
            }
            entries.append(entry)
        }
        let policy = AddressPolicy(allow: try OutboundAllowList(entries.joined(separator: ",")), allowsPlainHTTP: true)
        for (flag, url) in urls {
            do throws(OutboundURLIssue) {
                _ = try OutboundURL(url, policy: policy)
            } catch {
                throw ListenError(description: "\(flag)=\(url): \(error.message)")
            }
        }
        return try GuardedClient(policy: policy, trust: trust, proxy: proxy)
    }

    /// `host:port`, the port written out.
    private static func authority(of url: String) -> String? {
        let standard: Int
        let rest: Substring
        if url.hasPrefix("https://") {
            (standard, rest) = (443, url.dropFirst(8))
        } else if url.hasPrefix("http://") {
            (standard, rest) = (80, url.dropFirst(7))
        } else {
            return nil
        }
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.isEmpty, !authority.contains("@") else { return nil }
        let hasPort = authority.last != "]" && authority.contains(":")
        return hasPort ? String(authority) : "\(authority):\(standard)"
    }
}
