package import Contract
package import Core

/// A picture, as a request gives it.
package struct PostMediaInput: APIInput {
    package var media = PostMedia(url: "", altText: nil)

    package init() {}

    package static let name = "PostMediaInput"
    package static let fields: [InputField<Self>] = [
        InputField("url", "Where the picture is: a public https URL of a JPEG or PNG; or mediaId.", .length(9...2048)) {
            $0.media.url = $1
        },
        InputField("mediaId", "A medium of the library; or url.") { (input: inout Self, value: Change<MediaID>) in
            input.media.mediaID = value.value
        },
        InputField("altText", "What it shows, for those who cannot see it.", .ifSet(.length(0...1500))) {
            (input: inout Self, value: Change<String>) in input.media.altText = value.value
        },
    ]
    package static let example: JSONValue = ["url": "https://cdn.acme.example/sale.jpg", "altText": "A red sale sign"]
}
