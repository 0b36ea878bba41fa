import Core
import Testing

@Suite struct PKCETests {
    /// RFC 7636, appendix B.
    @Test func theChallengeIsTheStandards() {
        let verifier = Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        #expect(PKCE.challenge(of: verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test func aVerifierHasTheLengthAndAlphabetOfTheStandard() {
        let verifier = PKCE.newVerifier(Ambient.fixed().0).reveal()
        #expect(verifier.count == 43)
        let isPlain = verifier.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        #expect(isPlain)
    }
}
