import Core
import NIOCore

/// Where this server can be reached, for the policy's deny list: no webhook is to call the API from inside.
package enum OwnAddresses {
    /// What a server that binds `host` and `port` can be reached at on this machine: the address itself or, for 0.0.0.0,
    /// `::` and names, that of every interface. Interfaces that come up later are not in it.
    /// - Throws: what the system says when the interfaces cannot be listed.
    package static func listening(on host: String, port: Int) throws -> [AddressPolicy.Endpoint] {
        let everywhere: [IPAddress] = [.v4(0), .v6(high: 0, low: 0), .v4(0x7F00_0001), .v6(high: 0, low: 1)]
        if let address = IPAddress(host), !address.isUnspecified { return [AddressPolicy.Endpoint(address, port: port)] }
        let interfaces = try System.enumerateDevices().compactMap { $0.address.flatMap(IPAddress.init(socketAddress:)) }
        return (everywhere + interfaces).map { AddressPolicy.Endpoint($0, port: port) }
    }
}

extension IPAddress {
    /// The address of an internet socket; nil for a Unix socket.
    init?(socketAddress: SocketAddress) {
        guard let text = socketAddress.ipAddress else { return nil }
        self.init(text)
    }
}
