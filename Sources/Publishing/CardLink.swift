package import Core
import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where a publication's brand card can be fetched: platforms that want a picture fetch it from us. The link cannot be
/// guessed, and nothing else can be reached through it.
package struct CardLink: Sendable {
    private let key: SymmetricKey
    private let publicURL: String

    package init(masterKey: Secret, publicURL: String) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(masterKey.reveal().utf8)), salt: Data("audenci".utf8),
            info: Data("card-link-v1".utf8), outputByteCount: 32)
        self.publicURL = publicURL
    }

    /// `https://host/cards/<organization>/<publication>/<signature>.jpg`
    package func url(organization: OrganizationID, publication: PublicationID, mimeType: String) -> String {
        let name = mimeType == "image/png" ? "png" : "jpg"
        return "\(publicURL)/cards/\(organization)/\(publication)/\(signature(organization, publication)).\(name)"
    }

    /// True when the signature is the one that ``url(organization:publication:mimeType:)`` made; takes the same time
    /// either way.
    package func isGenuine(_ candidate: String, organization: OrganizationID, publication: PublicationID) -> Bool {
        Signature.areEqual(signature(organization, publication), candidate)
    }

    private func signature(_ organization: OrganizationID, _ publication: PublicationID) -> String {
        HMAC<SHA256>.authenticationCode(for: Data("\(organization)|\(publication)".utf8), using: key).prefix(16).hexadecimal
    }
}
