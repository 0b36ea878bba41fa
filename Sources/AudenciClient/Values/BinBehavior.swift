/// What a request bin does with a request.
public struct BinBehavior: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let answer: Self = "answer"
    public static let hang: Self = "hang"
    public static let garbage: Self = "garbage"
    public static let reset: Self = "reset"
}
