import Contract
import Core
import Features
import HTTPServer
import Relational

/// Addresses by which platforms and browsers fetch media without a key: signed, so that none can be guessed.
struct SignedMediaLinks: MediaLinks {
    private let key: Secret
    private let publicURL: String

    init(masterKey: Secret, publicURL: String) {
        key = Secret("media-link/" + masterKey.reveal())
        self.publicURL = publicURL
    }

    func url(of media: MediaID, in organization: OrganizationID, part: String, filename: String) -> String {
        "\(publicURL)/media/\(organization)/\(media)/\(part)/\(signature(organization, media, part))"
    }

    private func signature(_ organization: OrganizationID, _ media: MediaID, _ part: String) -> String {
        String(Signature.audenci(body: Array("\(organization)/\(media)/\(part)".utf8), secret: key).prefix(32))
    }

    /// `GET /media/{organization}/{id}/{part}/{signature}`.
    func route(_ media: MediaStore) -> PlainRoute {
        PlainRoute("GET", "/media/{organization}/{id}/{part}/{signature}") { request in
            func value(_ name: String) -> String { request.pathParameters.first { $0.name == name }?.value ?? "" }
            let (organization, id, part) = (OrganizationID(value("organization")), MediaID(value("id")), value("part"))
            let unknown = APIError(.notFound, "There is no medium at this address.")
            guard Signature.areEqual(signature(organization, id, part), value("signature")) else { throw unknown }
            let found = try await media.engine.readByKey { try media.find(id, in: organization, on: $0) }
            guard let found,
                let (size, send) = try await media.vault.pieces(of: MediaStore.key(id, in: organization, part: part))
            else { throw unknown }
            let type = found.renditions.first { $0.title == part }?.mimeType ?? found.mimeType
            return Reply(
                status: 200,
                headers: [
                    ("Content-Type", type), ("Cache-Control", "public, max-age=31536000, immutable"),
                    ("Content-Security-Policy", "default-src 'none'; sandbox"), ("Content-Length", String(size)),
                ], body: [], stream: send)
        }
    }
}
