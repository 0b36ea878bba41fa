/// What a writer has done since it was opened; `jobs / commits` is the mean size of a group.
package struct SQLiteStatistics: Sendable, Hashable {
    /// Groups committed.
    package var commits: Int64 = 0
    /// Writes that those groups held, the ones that threw included.
    package var jobs: Int64 = 0
    /// Groups that failed as a whole: no lock, no space, a failing disk.
    package var failedGroups: Int64 = 0
    /// The most jobs in one group.
    package var largestGroup: Int64 = 0
    /// Writes queued at this moment.
    package var queued = 0
    /// Callers suspended at this moment because the queue is full.
    package var waiting = 0
}
