package import Contract
package import Core

/// A picture or film of the library.
package struct Media: Sendable {
    package enum Kind: String, Sendable, CaseIterable, APIEnum, QueryValue {
        case image = "IMAGE"
        case gif = "GIF"
        case video = "VIDEO"
    }

    package enum Source: String, Sendable, CaseIterable, APIEnum, QueryValue {
        case upload = "UPLOAD"
        case url = "URL"
        case ai = "AI"
        case `import` = "IMPORT"
    }

    package var id: MediaID
    package var organizationID: OrganizationID
    package var brandID: BrandID?
    package var folderID: MediaFolderID?
    package var kind: Kind
    package var mimeType: String
    package var filename: String
    package var size: Int64
    package var sha256: String
    package var width: Int?
    package var height: Int?
    package var frames: Int?
    package var hasAlpha: Bool?
    package var altText: String?
    package var tags: [String]
    package var source: Source
    package var prompt: String?
    package var renditions: [Rendition]
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64
    /// Where it can be fetched by whoever has the address; signed when it is shown.
    package var url = ""

    /// A smaller picture made of it.
    package struct Rendition: Sendable {
        /// `thumbnail`, or the platform that it is for.
        package var title: String
        package var mimeType: String
        package var width: Int
        package var height: Int
        package var size: Int64
        package var url = ""

        package init(title: String, mimeType: String, width: Int, height: Int, size: Int64) {
            self.title = title
            self.mimeType = mimeType
            self.width = width
            self.height = height
            self.size = size
        }
    }
}

extension Media.Rendition: APIObject {
    package static let name = "MediaRendition"
    package static let properties: [Property<Self>] = [
        Property("name", "`thumbnail`, or the platform that it is made for.") { $0.title },
        Property("mimeType", "Its type.") { $0.mimeType },
        Property("width", "In pixels.") { $0.width },
        Property("height", "In pixels.") { $0.height },
        Property("sizeBytes", "Its size.") { $0.size },
        Property("url", "Where it can be fetched, without a key.") { $0.url },
    ]
    package static let example = Media.Rendition(
        title: "thumbnail", mimeType: "image/webp", width: 400, height: 300, size: 18_020)
}

extension Media: APIObject {
    package static let name = "Media"
    package var entityVersion: Int64? { version }
    package static let properties: [Property<Self>] = [
        Property("id", "Its id.") { $0.id },
        Property("brandId", "The brand it belongs to; null: all of the organization.") { $0.brandID },
        Property("folderId", "The folder it is in.") { $0.folderID },
        Property("kind", "IMAGE, GIF or VIDEO.") { $0.kind },
        Property("mimeType", "Its type, from its bytes.") { $0.mimeType },
        Property("filename", "Its name.") { $0.filename },
        Property("sizeBytes", "Its size as it is kept: without EXIF and what else cameras add.") { $0.size },
        Property("sha256", "SHA-256 of what is kept, in hex.") { $0.sha256 },
        Property("width", "In pixels; null for films.") { $0.width },
        Property("height", "In pixels; null for films.") { $0.height },
        Property("frames", "How many frames an animation has.") { $0.frames },
        Property("hasAlpha", "Whether it is transparent in places.") { $0.hasAlpha },
        Property("altText", "What it shows, for those who cannot see it.") { $0.altText },
        Property("tags", "Free labels.") { $0.tags },
        Property("source", "Where it came from.") { $0.source },
        Property("aiPrompt", "What it was generated from.") { $0.prompt },
        Property("url", "Where it can be fetched, without a key.") { $0.url },
        Property("thumbnailUrl", "Where a small picture of it can be fetched.") { media in
            media.renditions.first { $0.title == "thumbnail" }?.url
        },
        Property("renditions", "Smaller pictures made of it.") { $0.renditions },
        Property("createdAt", "When it was added.") { $0.createdAt },
        Property("updatedAt", "When it was last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = Media(
        id: ID("cmb2k7q0x0000000000000013"), organizationID: ID("clx789xyz"), brandID: nil, folderID: nil, kind: .image,
        mimeType: "image/jpeg", filename: "summer.jpg", size: 184_320,
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", width: 1600, height: 1200, frames: 1,
        hasAlpha: false, altText: "A beach", tags: ["summer"], source: .upload, prompt: nil, renditions: [.example],
        createdAt: Instant(seconds: 1_770_114_600), updatedAt: Instant(seconds: 1_770_114_600), version: 1,
        url: "https://social.acme.example/media/…/summer.jpg")
}
