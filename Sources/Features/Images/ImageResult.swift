package import Contract

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
