package moderation

// ChangeExport is no line of the feed: an export was asked for, has come further or is over; pages that list exports ask
// again. Label is its state, or downloaded; Actor who asked for it.
const ChangeExport ChangeKind = "export"
