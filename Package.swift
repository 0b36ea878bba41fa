// swift-tools-version:6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// For the commands, which do nothing themselves: optimising their `run` methods crashes Swift 6.3.1 ("while splitting
/// coroutine"), depending on little things.
let unoptimized: [SwiftSetting] = [.unsafeFlags(["-Onone"], .when(configuration: .release))]

func house(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: [Target.Dependency] = [
    .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
]
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1: Target.Dependency = .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")

// Imports point down only; script/check holds the rules that the compiler does not. docs/architecture.md explains the house.
let package = Package(
    name: "audenci",
    // For users of AudenciClient; the server runs on Linux.
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
    products: [
        .executable(name: "audenci", targets: ["audenci"]),
        .library(name: "AudenciClient", targets: ["AudenciClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        .executableTarget(
            name: "audenci", dependencies: ["Server", arguments], swiftSettings: settings + unoptimized),
        .executableTarget(
            name: "bench",
            dependencies: [
                "Delivery", "Features", "Outbound", "SQLiteEngine", "Relational", "Contract", "Core", "TestSupport",
                hummingbird, logging,
                grdb[0],
            ], swiftSettings: settings),
        house(
            "Server",
            [
                "HTTPServer", "Delivery", "Publishing", "Scheduling", "Creation", "Platforms", "Generation", "Metering",
                "Features",
                "Outbound", "SQLiteEngine", "Imaging", "Storage", "Mail",
                "BrandCards", "Relational", "Contract", "Core", hummingbird, httpTypes, logging, lifecycle, x509, asn1, crypto,
                nioCore, nioSSL,
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"), .product(name: "TOMLKit", package: "TOMLKit"),
            ]),
        house(
            "HTTPServer",
            [
                "CZlib", "Contract", "Metering", "Core", hummingbird, hummingbirdCore, httpTypes, logging, nioCore, nioHTTP1,
                nioHTTPTypes,
                nioHTTPTypesHTTP1,
            ]),
        house("Scheduling", ["Features", "Publishing", "Metering", "Contract", "Core", logging, lifecycle]),
        house("Publishing", ["Features", "Platforms", "Relational", "Outbound", "Contract", "Core", logging, crypto]),
        house("Delivery", ["Features", "PayloadFormats", "Outbound", "Contract", "Core", logging, lifecycle]),
        house(
            "Creation",
            ["Features", "Generation", "Platforms", "BrandCards", "Relational", "Contract", "Core", logging, lifecycle]),
        house("Platforms", ["Core", "Outbound"]),
        house("Generation", ["Core", "Outbound"]),
        house("BrandCards", ["CPangoCairo", "CJPEGWriter", "Core"]),
        house("Metering", ["Features", "Contract", "Relational", "Core"]),
        house("Imaging", ["CVipsShim", "Core"]),
        house("Parquet", []),
        house("Features", ["PayloadFormats", "Parquet", "Contract", "Relational", "Core"]),
        house("PayloadFormats", ["Core", mustache]),
        house("Storage", ["Outbound", "Core", crypto]),
        house("Outbound", ["Core", nioCore, nioPosix, nioSSL, nioTLS]),
        house("Mail", ["Core", nioCore, nioPosix, nioSSL, nioTLS]),
        house("SQLiteEngine", ["Relational"] + grdb),
        house("Relational", ["Core"]),
        house("Contract", ["Core"]),
        house("Core", [crypto]),
        house("AudenciClient", [crypto]),
        .target(name: "CJPEGWriter", dependencies: ["CJPEG"]),
        .target(name: "CVipsShim", dependencies: ["CVips"]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // Its headers only: the image worker loads the library itself (CVipsShim/vips_library.h).
        .systemLibrary(name: "CVips", pkgConfig: "gobject-2.0", providers: [.apt(["libvips-dev"])]),
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
        .systemLibrary(name: "CPangoCairo", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev", "libcairo2-dev"])]),
        tests("CoreTests", ["Core"]),
        tests("AudenciClientTests", ["AudenciClient", crypto]),
        tests("ParquetTests", ["Parquet"]),
        tests(
            "AnalyticsTests",
            [
                "Scheduling", "Publishing", "Platforms", "Features", "SQLiteEngine", "Relational", "Contract", "Core",
                "TestSupport", logging,
            ]),
        tests("FeaturesTests", ["Features", "Contract", "Core"]),
        tests("PayloadFormatsTests", ["PayloadFormats", "Core"]),
        tests(
            "DeliveryTests",
            [
                "Delivery", "Features", "PayloadFormats", "SQLiteEngine", "Relational", "Outbound", "Contract", "Core",
                "TestSupport", logging,
            ]),
        tests("BrandCardsTests", ["BrandCards", "PictureSupport", "Core", "CPangoCairo"]),
        tests("ImagingTests", ["Imaging", "ImageWorkerStub", "PictureSupport", "Core"]),
        .executableTarget(
            name: "ImageWorkerStub", dependencies: ["Imaging"], path: "Tests/ImageWorkerStub", swiftSettings: settings),
        tests(
            "PublishingTests",
            [
                "Publishing", "Platforms", "Features", "SQLiteEngine", "Relational", "Outbound", "Contract", "Core",
                "TestSupport", logging,
            ]),
        tests("TenantTests", ["Features", "SQLiteEngine", "Relational", "Contract", "Core", "TestSupport"]),
        tests(
            "AutomationTests",
            [
                "Delivery", "Publishing", "Features", "PayloadFormats", "SQLiteEngine", "Relational", "Outbound", "Contract",
                "Core", "TestSupport",
            ]),
        tests("SchedulingTests", ["Scheduling", "Core", "TestSupport", logging, lifecycle]),
        tests("MeteringTests", ["Metering", "SQLiteEngine", "Relational", "Core"]),
        tests(
            "HTTPServerTests",
            [
                "HTTPServer", "Metering", "SQLiteEngine", "Relational", "Contract", "Core", "TestSupport", hummingbird,
                nioPosix, .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests("RelationalTests", ["Relational", "SQLiteEngine", "Core"]),
        tests("SQLiteEngineTests", ["SQLiteEngine", "Relational"]),
        .target(
            name: "TestSupport",
            dependencies: [
                "Features", "Outbound", "Relational", "Contract", "Core", logging, nioCore, nioPosix, nioHTTP1, nioSSL,
                x509, asn1, crypto,
            ], path: "Tests/TestSupport", swiftSettings: settings),
        .target(
            name: "PictureSupport", dependencies: ["CPangoCairo"], path: "Tests/PictureSupport", swiftSettings: settings),
        tests("OutboundTests", ["Outbound", "TestSupport", "Core", nioCore, nioPosix, nioSSL]),
        tests("StorageTests", ["Storage", "Outbound", "Core"]),
        tests("PlatformsTests", ["Platforms", "Outbound", "Core"]),
        tests("MailTests", ["Mail", "Core"]),
        tests("GenerationTests", ["Generation", "Outbound", "TestSupport", "Core"]),
        tests(
            "CreationTests",
            [
                "Creation", "Generation", "Features", "SQLiteEngine", "Relational", "Contract", "Core", "TestSupport",
                logging,
            ]),
        tests("EndToEndTests", ["TestSupport", "Core"]),
    ]
)
