import Core
import Testing

@testable import Platforms

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct RegistryTests {
    /// Folders of Sources/Platforms that hold no platform.
    private static let shared: Set<String> = ["Shared", "Graph", "Simulation", "OAuth"]

    private static func folders() throws -> Set<String> {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let directory = try #require(opendir("/\(root)/Sources/Platforms"))
        defer { closedir(directory) }
        var names: Set<String> = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix("."), !name.hasSuffix(".swift") { names.insert(name) }
        }
        return names
    }

    @Test func everyFolderOfAPlatformIsRegisteredAndTheOtherWayRound() throws {
        let folders = try Self.folders().subtracting(Self.shared)
        let connectors = Set(PlatformList.connectors.map { String("\($0)".dropLast("Connector".count)) })
        let simulators = Set(PlatformList.simulators.map { String("\($0)".dropLast("Simulator".count)) })
        #expect(connectors == folders)
        #expect(simulators == folders)
    }

    @Test func noPlatformIsRegisteredTwiceAndEachIsFound() {
        #expect(Set(platforms).count == platforms.count)
        #expect(Set(platforms) == Set(PlatformList.simulators.map { $0.platform }))
        for platform in Platform.allCases {
            let isThere = platforms.contains(platform)
            #expect((PlatformList.connector(for: platform) != nil) == isThere)
            #expect((PlatformList.simulator(for: platform) != nil) == isThere)
            #expect((PlatformList.capabilities(of: platform) != nil) == isThere)
        }
    }

    @Test(arguments: platforms)
    func capabilitiesAgreeWithThemselves(platform: Platform) throws {
        let capabilities = try #require(PlatformList.capabilities(of: platform))
        #expect(capabilities.acceptedMimeTypes.contains(capabilities.cardMimeType))
        #expect(capabilities.maximumMedia > 0 || !capabilities.requiresMedia)
        #expect(capabilities.maximumCaptionLength > 0)
    }

    /// A publish request is given up after 15 s and may be carried out later. No platform of this list has a key that guards
    /// a request which is still on its way: Mastodon keeps its key once the status is made.
    @Test func noPlatformIsSentToAgainWhileTheFirstRequestMayBeOnItsWay() {
        for connector in PlatformList.connectors { #expect(connector.settleTime >= .seconds(30)) }
    }
}
