import Core
import Testing

@Suite struct SecretTests {
    let box = SecretBox(masterKey: Secret("correct horse battery staple"))

    @Test func aSecretNeverPrintsItself() {
        let secret = Secret("hunter2")
        #expect("\(secret)" == "•••")
        #expect(String(reflecting: secret) == "•••")
        #expect(!String(describing: ["key": secret]).contains("hunter2"))
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }

    @Test func aSealedSecretOpensOnlyInItsPlaceAndWithItsKey() throws {
        let sealed = try box.seal(Secret("whsec_abc"), context: "webhook|secret|o1|w1")
        #expect(try box.open(sealed, context: "webhook|secret|o1|w1").reveal() == "whsec_abc")
        #expect(!sealed.contains("whsec"))
        #expect(throws: Unsealable.self) { try box.open(sealed, context: "webhook|secret|o1|w2") }
        #expect(throws: Unsealable.self) {
            try SecretBox(masterKey: Secret("another master key")).open(sealed, context: "webhook|secret|o1|w1")
        }
        #expect(throws: Unsealable.self) { try box.open(String(sealed.dropLast(4)) + "AAAA", context: "webhook|secret|o1|w1") }
    }

    @Test func sealingTwiceGivesTwoTexts() throws {
        #expect(try box.seal(Secret("a"), context: "c") != box.seal(Secret("a"), context: "c"))
    }
}
