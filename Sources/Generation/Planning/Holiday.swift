/// A day that many people know, on the same date every year.
package struct Holiday: Hashable, Sendable {
    /// `03-08`.
    package var monthAndDay: String
    package var name: String

    package init(_ monthAndDay: String, _ name: String) {
        self.monthAndDay = monthAndDay
        self.name = name
    }

    /// Observed in many countries (most are the United Nations' days), and on a fixed date: nothing here has to be computed
    /// or looked up.
    package static let international = [
        Holiday("01-01", "New Year's Day"), Holiday("01-24", "International Day of Education"),
        Holiday("02-14", "Valentine's Day"), Holiday("03-08", "International Women's Day"),
        Holiday("03-20", "International Day of Happiness"), Holiday("03-21", "World Poetry Day"),
        Holiday("03-22", "World Water Day"), Holiday("04-07", "World Health Day"), Holiday("04-22", "Earth Day"),
        Holiday("04-23", "World Book Day"), Holiday("05-01", "International Workers' Day"),
        Holiday("05-15", "International Day of Families"), Holiday("05-20", "World Bee Day"),
        Holiday("06-05", "World Environment Day"), Holiday("06-08", "World Oceans Day"),
        Holiday("06-21", "World Music Day"), Holiday("07-30", "International Day of Friendship"),
        Holiday("08-12", "International Youth Day"), Holiday("08-19", "World Photography Day"),
        Holiday("09-08", "International Literacy Day"), Holiday("09-21", "International Day of Peace"),
        Holiday("09-27", "World Tourism Day"), Holiday("10-01", "International Coffee Day"),
        Holiday("10-05", "World Teachers' Day"), Holiday("10-10", "World Mental Health Day"),
        Holiday("10-16", "World Food Day"), Holiday("10-31", "Halloween"), Holiday("11-13", "World Kindness Day"),
        Holiday("11-20", "World Children's Day"), Holiday("12-05", "International Volunteer Day"),
        Holiday("12-10", "Human Rights Day"), Holiday("12-25", "Christmas Day"), Holiday("12-31", "New Year's Eve"),
    ]
}
