import Crypto
package import NIOSSL
import SwiftASN1
import Synchronization
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#endif

/// A certificate with its key, for a test's server.
package struct TestIdentity: Sendable {
    package let chain: [NIOSSLCertificate]
    package let key: NIOSSLPrivateKey
}

/// A certificate authority that lives as long as the test run. Real certificates, made in process in about a millisecond,
/// so that a test can have an expired or a wrongly named one without waiting or shelling out.
package struct TestAuthority: Sendable {
    /// The PEM file with the authority's own certificate; what a client is told to trust.
    package let file: String
    private let name: DistinguishedName
    private let key: Certificate.PrivateKey

    /// The authority of every receiver that is not given another identity.
    package static let shared: TestAuthority = {
        do { return try TestAuthority("Audenci test authority") } catch { fatalError("cannot make a test authority: \(error)") }
    }()

    /// Makes the authority and writes its certificate into a temporary folder, which goes when the process ends.
    package init(_ commonName: String) throws {
        name = try DistinguishedName { CommonName(commonName) }
        key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let certificate = try Self.make(
            subject: name, key: key.publicKey, issuer: name, issuerKey: key, from: -3_600, until: 86_400,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true))
            })
        file = try TemporaryFolder.shared.write(
            try certificate.serializeAsPEM().pemString, as: "authority-\(UUID().uuidString).pem")
    }

    /// A server's certificate.
    /// - Parameters:
    ///   - names: DNS names it is for.
    ///   - addresses: addresses it is for, as bytes.
    ///   - from: start of validity, in seconds from now.
    ///   - until: end of validity, in seconds from now.
    package func issue(
        _ names: [String] = ["localhost", "receiver.test", "*.receiver.test"],
        addresses: [[UInt8]] = [[127, 0, 0, 1], Array(repeating: 0, count: 15) + [1]], from: Double = -3_600,
        until: Double = 86_400
    ) throws -> TestIdentity {
        let own = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let subject = try DistinguishedName { CommonName(names.first ?? "address") }
        return try Self.identity(
            subject: subject, key: own, issuer: name, issuerKey: key, names: names, addresses: addresses, from: from,
            until: until)
    }

    /// A certificate that nobody but itself vouches for.
    package static func selfSigned(_ names: [String], addresses: [[UInt8]] = [[127, 0, 0, 1]]) throws -> TestIdentity {
        let own = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let subject = try DistinguishedName { CommonName(names.first ?? "address") }
        return try identity(
            subject: subject, key: own, issuer: subject, issuerKey: own, names: names, addresses: addresses, from: -3_600,
            until: 86_400)
    }

    private static func identity(
        subject: DistinguishedName, key: Certificate.PrivateKey, issuer: DistinguishedName, issuerKey: Certificate.PrivateKey,
        names: [String], addresses: [[UInt8]], from: Double, until: Double
    ) throws -> TestIdentity {
        let alternatives =
            names.map { GeneralName.dnsName($0) }
            + addresses.map { GeneralName.ipAddress(ASN1OctetString(contentBytes: $0[...])) }
        let certificate = try make(
            subject: subject, key: key.publicKey, issuer: issuer, issuerKey: issuerKey, from: from, until: until,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                KeyUsage(digitalSignature: true)
                SubjectAlternativeNames(alternatives)
            })
        return TestIdentity(
            chain: [try NIOSSLCertificate(bytes: Array(try certificate.serializeAsPEM().pemString.utf8), format: .pem)],
            key: try NIOSSLPrivateKey(bytes: Array(try key.serializeAsPEM().pemString.utf8), format: .pem))
    }

    private static func make(
        subject: DistinguishedName, key: Certificate.PublicKey, issuer: DistinguishedName, issuerKey: Certificate.PrivateKey,
        from: Double, until: Double, extensions: Certificate.Extensions
    ) throws -> Certificate {
        try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key,
            notValidBefore: Date().addingTimeInterval(from),
            notValidAfter: Date().addingTimeInterval(until), issuer: issuer, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions, issuerPrivateKey: issuerKey)
    }
}

/// A folder for the files of one test run, removed when the process ends.
package struct TemporaryFolder: Sendable {
    package let path: String

    package static let shared: TemporaryFolder = {
        let folder = TemporaryFolder(path: FileManager.default.temporaryDirectory.path + "/audenci-tests-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        } catch { fatalError("cannot make a temporary folder: \(error)") }
        atexit { try? FileManager.default.removeItem(atPath: TemporaryFolder.shared.path) }
        return folder
    }()

    /// Writes a file and returns its path.
    package func write(_ text: String, as name: String) throws -> String {
        let file = path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}
