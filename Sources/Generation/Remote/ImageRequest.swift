package import Core

/// What pictures are asked for.
package struct ImageRequest: Hashable, Sendable {
    package var prompt: String
    /// 1 to 4.
    package var count: Int
    package var width: Int
    package var height: Int
    /// A style in words; added to the prompt.
    package var style: String?
    /// Whose picture it is: for those who draw in a brand's colours. A model is told by the prompt alone.
    package var brandName = ""
    /// `#rrggbb`: background, accent, and optionally the text's.
    package var brandColors: [String] = []
    package var brandLogo: Bitmap?

    package init(prompt: String, count: Int = 1, width: Int = 1024, height: Int = 1024, style: String? = nil) {
        self.prompt = prompt
        self.count = count
        self.width = width
        self.height = height
        self.style = style
    }

    /// Everything that is wrong with the request itself; empty when it can be met.
    package var issues: [String] {
        var issues: [String] = []
        if prompt.allSatisfy(\.isWhitespace) { issues.append("Say what the picture shows.") }
        if prompt.count + (style ?? "").count > 4_000 { issues.append("The prompt has at most 4000 characters.") }
        if !(1...4).contains(count) { issues.append("Ask for 1 to 4 pictures.") }
        if !(64...4_096).contains(width) || !(64...4_096).contains(height) {
            issues.append("A picture is 64 to 4096 pixels wide and high.")
        }
        return issues
    }
}

/// A picture as it came: its kind is known from its bytes, not from what anybody said.
package struct GeneratedImage: Hashable, Sendable {
    package var bytes: [UInt8]
    package var type: ImageType

    package init(bytes: [UInt8], type: ImageType) {
        self.bytes = bytes
        self.type = type
    }
}

/// Pictures and who made them.
package struct ImageProposal: Hashable, Sendable {
    package var images: [GeneratedImage]
    package var provider: String
    package var notes: [String]

    package init(images: [GeneratedImage], provider: String, notes: [String] = []) {
        self.images = images
        self.provider = provider
        self.notes = notes
    }
}
