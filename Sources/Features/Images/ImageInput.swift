package import Contract
package import Core

/// What a request for pictures says.
package struct ImageInput: APIInput {
    package var prompt = ""
    package var brandID: BrandID = ID("")
    package var platform: Platform?
    package var count = 1
    package var style: String?
    package var width: Int?
    package var height: Int?

    package init() {}

    package static let name = "ImageInput"
    package static let fields: [InputField<Self>] = [
        InputField("prompt", "What the picture shows; on a brand card, its text.", required: true, .length(1...3_500)) {
            $0.prompt = $1
        },
        InputField("brandId", "The brand it is for.", required: true) { $0.brandID = $1 },
        InputField("platform", "Where it is to be shown: decides its size.") { $0.platform = $1 },
        InputField("count", "How many; each costs the price of a picture.", .range(1...4)) { $0.count = $1 },
        InputField("style", "Its style, in words.", .length(1...300)) { $0.style = $1 },
        InputField("width", "In pixels; instead of the platform's size, with height.", .range(64...4_096)) { $0.width = $1 },
        InputField("height", "In pixels; with width.", .range(64...4_096)) { $0.height = $1 },
    ]
    package static let example: JSONValue = [
        "prompt": "A mountain at dawn", "brandId": "clx456def", "platform": "instagram",
    ]

    func checked() throws(APIError) -> ImageInput {
        var issues: [FieldIssue] = []
        if prompt.allSatisfy(\.isWhitespace) { issues.append(FieldIssue("prompt", "must say what the picture shows")) }
        if (width == nil) != (height == nil) {
            issues.append(FieldIssue(width == nil ? "width" : "height", "is required with the other of width and height"))
        }
        guard issues.isEmpty else { throw .invalid(issues) }
        return self
    }
}

/// The same as its worker reads it, with the ids of the media that it will make: a second attempt makes the same.
package struct ImageOrder: Sendable, Hashable {
    package var prompt: String
    package var platform: Platform?
    package var style: String?
    package var width: Int?
    package var height: Int?
    package var mediaIDs: [MediaID]

    package init(_ input: ImageInput, mediaIDs: [MediaID]) {
        prompt = input.prompt
        platform = input.platform
        style = input.style
        width = input.width
        height = input.height
        self.mediaIDs = mediaIDs
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("prompt", .string(prompt)), .init("mediaIds", .array(mediaIDs.map { .string($0.rawValue) })),
        ]
        if let platform { members.append(.init("platform", .string(platform.rawValue))) }
        if let style { members.append(.init("style", .string(style))) }
        if let width { members.append(.init("width", .int(Int64(width)))) }
        if let height { members.append(.init("height", .int(Int64(height)))) }
        return .object(members)
    }

    /// Nil for what another version wrote.
    package init?(stored text: String) {
        guard let json = try? JSONValue(parsing: text), let prompt = json["prompt"]?.string,
            let ids = json["mediaIds"]?.array?.compactMap(\.string), !ids.isEmpty
        else { return nil }
        self.prompt = prompt
        mediaIDs = ids.map { MediaID($0) }
        platform = json["platform"]?.string.flatMap(Platform.init(rawValue:))
        style = json["style"]?.string
        width = json["width"]?.int.map(Int.init)
        height = json["height"]?.int.map(Int.init)
    }
}

/// What a job for pictures made.
package struct ImageResult: APIObject {
    package var images: [Image]
    package var provider: String
    package var notes: [String]

    package init(images: [Image], provider: String, notes: [String]) {
        self.images = images
        self.provider = provider
        self.notes = notes
    }

    /// One picture in the media library.
    package struct Image: APIObject {
        package var media: Media

        package init(media: Media) { self.media = media }

        package static let name = "GeneratedImage"
        package static let properties: [Property<Self>] = [
            Property("mediaId", "The medium: use it as media[].mediaId of a post.") { $0.media.id },
            Property("url", "Where it can be fetched, without a key.") { $0.media.url },
            Property("thumbnailUrl", "A small picture of it.") { image in
                image.media.renditions.first { $0.title == "thumbnail" }?.url
            },
            Property("mimeType", "Its type, from its bytes.") { $0.media.mimeType },
            Property("width", "In pixels.") { $0.media.width },
            Property("height", "In pixels.") { $0.media.height },
            Property("altText", "What it shows.") { $0.media.altText },
        ]
        package static let example = Image(media: .example)
    }

    package static let name = "ImageResult"
    package static let properties: [Property<Self>] = [
        Property("images", "The pictures, in the media library.") { $0.images },
        Property("provider", "Who made them: a model, or offline-template for brand cards.") { $0.provider },
        Property("notes", "What to know of them.") { $0.notes },
    ]
    package static let example = ImageResult(images: [.example], provider: "offline-template", notes: [])
}
