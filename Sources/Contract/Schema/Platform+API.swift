package import Core

extension Platform: APIEnum {
    package static func parse(_ text: String) -> Self? { Self(name: text) }
}

extension Platform: QueryValue {}
