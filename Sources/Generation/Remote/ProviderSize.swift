/// The size that a model is asked for: its own of the nearest shape where it has only some, else the one that is wanted.
enum ProviderSize {
    static func text(width: Int, height: Int, model: String) -> String {
        let shape = Double(width) / Double(max(height, 1))
        func distance(_ size: (Int, Int)) -> Double {
            let other = Double(size.0) / Double(size.1)
            return max(other, shape) / min(other, shape)
        }
        let nearest = sizes(of: model).min { distance($0) < distance($1) } ?? (width, height)
        return "\(nearest.0)x\(nearest.1)"
    }

    /// As OpenAI documents them (2026-08); empty: any size.
    private static func sizes(of model: String) -> [(Int, Int)] {
        if model.contains("gpt-image-1") { return [(1024, 1024), (1536, 1024), (1024, 1536)] }
        if model.contains("dall-e-3") { return [(1024, 1024), (1792, 1024), (1024, 1792)] }
        return model.contains("dall-e-2") ? [(1024, 1024)] : []
    }
}
