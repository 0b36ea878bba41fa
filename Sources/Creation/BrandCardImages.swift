import BrandCards
package import Generation

/// Pictures without AI: the prompt typeset in the brand's colours, and labelled as what it is. Works without any network; the
/// same request gives the same pictures.
package struct BrandCardImages: ImageGenerator {
    package var drawsLogos: Bool { true }

    package init() {}

    package func images(_ request: ImageRequest) async throws(GenerationIssue) -> ImageProposal {
        let issues = request.issues
        guard issues.isEmpty else { throw .invalidRequest(issues) }
        var images: [GeneratedImage] = []
        for number in 0..<request.count {
            if Task.isCancelled { throw .cancelled }
            let card = BrandCard(
                text: request.prompt, brandName: request.brandName, colors: Self.colors(request.brandColors, number),
                logo: request.brandLogo, width: request.width, height: request.height)
            do throws(BrandCardError) {
                images.append(GeneratedImage(bytes: try card.render(.png), type: .png))
            } catch {
                throw .notSupported("The brand card could not be made: \(error)")
            }
            await Task.yield()
        }
        return ImageProposal(images: images, provider: OfflineGenerator.name, notes: [Self.note])
    }

    static let note =
        "A brand card, made without AI: your words in the brand's colours. With an image model configured, pictures are generated."

    /// The brand's colours as they are, then turned round, on white and on black; text that was chosen for another background
    /// gives way to what is readable there.
    private static func colors(_ own: [String], _ number: Int) -> [String] {
        guard let background = own.first else { return [] }
        let accent = own.count > 1 ? own[1] : background
        switch number {
        case 0: return own
        case 1: return [accent, background]
        case 2: return ["#ffffff", background]
        default: return ["#111418", accent]
        }
    }
}
