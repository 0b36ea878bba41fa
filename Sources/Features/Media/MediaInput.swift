package import Contract
package import Core

/// What a request says of a medium that is there.
package struct MediaInput: APIInput {
    package var brandID = Change<BrandID>.keep
    package var folderID = Change<MediaFolderID>.keep
    package var filename: String?
    package var altText = Change<String>.keep
    package var tags: [String]?

    package init() {}

    package static let name = "MediaInput"
    package static let fields: [InputField<Self>] = [
        InputField("brandId", "The brand it belongs to; null: all of the organization.") { $0.brandID = $1 },
        InputField("folderId", "The folder it is in; null: none.") { $0.folderID = $1 },
        InputField("filename", "Its name.", .filename) { $0.filename = $1 },
        InputField("altText", "What it shows, for those who cannot see it.", .ifSet(.length(0...1500))) { $0.altText = $1 },
        InputField("tags", "Free labels.", .count(0...50), .each(.length(1...80))) { $0.tags = $1 },
    ]
    package static let example: JSONValue = ["altText": "A beach", "tags": ["summer"]]
}

/// What a request says of something to add, beside its bytes.
package struct MediaDetails: APIQuery {
    package var filename: String?
    package var brandID: BrandID?
    package var folderID: MediaFolderID?
    package var altText: String?
    package var tags: [String] = []

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter("filename", "Its name; with multipart the part's own, unless said here.") { $0.filename = $1 },
        QueryParameter("brandId", "The brand it belongs to.") { $0.brandID = $1 },
        QueryParameter("folderId", "The folder it goes to.") { $0.folderID = $1 },
        QueryParameter("altText", "What it shows, for those who cannot see it.") { $0.altText = $1 },
        QueryParameter(list: "tags", "Free labels.") { $0.tags = $1 },
    ]

    /// - Throws: 400 for what is too long.
    func checked() throws(APIError) -> MediaDetails {
        var issues: [FieldIssue] = []
        if let filename, let issue = Rule<String>.filename.check(filename) { issues.append(FieldIssue("filename", issue)) }
        if let altText, altText.count > 1500 { issues.append(FieldIssue("altText", "must have at most 1500 characters")) }
        if tags.count > 50 || tags.contains(where: { !(1...80).contains($0.count) }) {
            issues.append(FieldIssue("tags", "must be at most 50 labels of 1 to 80 characters"))
        }
        guard issues.isEmpty else { throw .invalid(issues) }
        return self
    }
}

/// A picture to fetch.
package struct MediaFromURLInput: APIInput {
    package var url = ""
    package var details = MediaDetails()

    package init() {}

    package static let name = "MediaFromURLInput"
    package static let fields: [InputField<Self>] = [
        InputField("url", "A public https URL of an image or film.", required: true, .length(9...2048)) { $0.url = $1 },
        InputField("filename", "Its name; the URL's last part, when absent.", .filename) { $0.details.filename = $1 },
        InputField("brandId", "The brand it belongs to.") { $0.details.brandID = $1 },
        InputField("folderId", "The folder it goes to.") { $0.details.folderID = $1 },
        InputField("altText", "What it shows.", .length(0...1500)) { $0.details.altText = $1 },
        InputField("tags", "Free labels.", .count(0...50), .each(.length(1...80))) { $0.details.tags = $1 },
    ]
    package static let example: JSONValue = ["url": "https://cdn.acme.example/sale.jpg", "altText": "A red sale sign"]
}

/// A large file that will come in pieces.
package struct MediaUploadInput: APIInput {
    package var size: Int = 0
    package var details = MediaDetails()

    package init() {}

    package static let name = "MediaUploadInput"
    package static let fields: [InputField<Self>] = [
        InputField("filename", "Its name.", required: true, .filename) { $0.details.filename = $1 },
        InputField("sizeBytes", "How large it is.", required: true, .range(1...4_294_967_296)) { $0.size = $1 },
        InputField("brandId", "The brand it belongs to.") { $0.details.brandID = $1 },
        InputField("folderId", "The folder it goes to.") { $0.details.folderID = $1 },
        InputField("altText", "What it shows.", .length(0...1500)) { $0.details.altText = $1 },
    ]
    package static let example: JSONValue = ["filename": "launch.mp4", "sizeBytes": 52_428_800]
}

/// An upload in pieces, and how far it is.
package struct MediaUpload: APIObject {
    package var id: MediaUploadID
    package var details: MediaDetails
    package var size: Int64
    package var received: Int64
    package var expiresAt: Instant
    package var media: Media?

    package static let name = "MediaUpload"
    package static let properties: [Property<Self>] = [
        Property("id", "The upload's id.") { $0.id },
        Property("filename", "The file's name.") { $0.details.filename },
        Property("sizeBytes", "How large the file is.") { $0.size },
        Property("offset", "How much has arrived: the next piece begins here.") { $0.received },
        Property("expiresAt", "When what has arrived is thrown away.") { $0.expiresAt },
        Property("media", "The medium, once all has arrived.") { $0.media },
    ]
    package static let example = MediaUpload(
        id: ID("cmb2k7q0x0000000000000081"), details: MediaDetails(), size: 52_428_800, received: 8_388_608,
        expiresAt: Instant(seconds: 1_770_201_000), media: nil)
}

/// The filters of `GET /api/media`.
package struct MediaFilter: APIQuery {
    package var kinds: [Media.Kind] = []
    package var folderID: MediaFolderID?
    package var brandID: BrandID?
    package var tag: String?
    package var text: String?
    package var source: Media.Source?
    package var from: Instant?
    package var to: Instant?

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter(list: "kind", "Only media of this kind.") { $0.kinds = $1 },
        QueryParameter("folderId", "Only media of this folder.") { $0.folderID = $1 },
        QueryParameter("brandId", "Only media of this brand.") { $0.brandID = $1 },
        QueryParameter("tag", "Only media with this tag.") { $0.tag = $1 },
        QueryParameter("text", "Only media whose name, tags or alt text hold this, in any case.") { $0.text = $1 },
        QueryParameter("source", "Only media from there.") { $0.source = $1 },
        QueryParameter("from", "Only media added at this instant or later.") { $0.from = $1 },
        QueryParameter("to", "Only media added before this instant.") { $0.to = $1 },
    ]
}

extension Rule where Value == String {
    /// A file's name: no path, nothing that a header could not hold.
    static let filename = Rule([.init("minLength", 1), .init("maxLength", 200)]) { text in
        let isName =
            (1...200).contains(text.count) && !text.contains { $0 == "/" || $0 == "\\" || $0.isNewline }
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        return isName ? nil : "must be a file name of 1 to 200 characters, without a path"
    }
}
