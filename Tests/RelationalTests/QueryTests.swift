import Core
import Relational
import Testing

@Suite(.serialized) struct QueryTests {
    @Test func numbersValuesInOrderOfAppearanceThroughNestedQueries() {
        let condition: Query = "a = \("x") AND b = \(2)"
        let query: Query = "SELECT \(true) WHERE \(condition) LIMIT \(3)"
        #expect(query.render(.sqlite).sql == "SELECT ?1 WHERE a = ?2 AND b = ?3 LIMIT ?4")
        #expect(query.render(.postgres).sql == "SELECT $1 WHERE a = $2 AND b = $3 LIMIT $4")
        #expect(query.render(.sqlite).binds == [.bool(true), .text("x"), .int(2), .int(3)])
    }

    @Test func emptyListMatchesNothing() {
        let query: Query = "id IN (\(list: [String]()))"
        #expect(query.render(.sqlite).sql == "id IN (NULL)")
        #expect(query.render(.sqlite).binds.isEmpty)
    }

    @Test func noConditionsAreTrue() {
        #expect(Query.all([]).render(.sqlite).sql == "TRUE")
        #expect(Query.all(["a", "b"]).render(.sqlite).sql == "a AND b")
    }

    @Test func fragmentsSpeakTheEnginesLanguage() {
        let query: Query = "SELECT id FROM job \(.skipLocked)"
        #expect(query.render(.sqlite).sql == "SELECT id FROM job ")
        #expect(query.render(.postgres).sql == "SELECT id FROM job FOR UPDATE SKIP LOCKED")
    }
}
