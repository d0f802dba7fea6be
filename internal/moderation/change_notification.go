package moderation

// ChangeNotification is no line of the feed: one user is told something. User is who, Ref the notification's number. It is
// for that user alone.
const ChangeNotification ChangeKind = "notification"
