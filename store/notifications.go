package store

import (
	"context"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// NotifyExport begins the kinds of what is said of an export; its state follows: "export.done".
const NotifyExport = "export."

// notificationsKept is how much of what a user was told is kept for each of their guilds.
const notificationsKept = 50

// Notification is something that one user of a guild is told. It holds no words: what it means to people is the pages'.
type Notification struct {
	Number  int64 // counted for each user of a guild, from 1
	At      time.Time
	Kind    string // what happened: "export.done"
	Subject string // to what: an export's id
	About   string // of which kind that is: "violations"
}

// notify has a user of a guild told, on the pages that they have open, or else once on the next one.
func (t *tx) notify(guild snowflake.GuildID, user snowflake.UserID, n Notification) error {
	if user <= 0 {
		return nil // nobody, or somebody whose data was erased
	}
	now := t.writer.clock()
	number, err := t.InsertNotification(t.ctx, db.InsertNotificationParams{GuildID: int64(guild), UserID: int64(user),
		At: msOf(now), Kind: n.Kind, Subject: n.Subject, About: n.About})
	if err != nil {
		return err
	}
	err = t.DeleteOldNotifications(t.ctx, db.DeleteOldNotificationsParams{GuildID: int64(guild), UserID: int64(user),
		Number: number - notificationsKept})
	if err != nil {
		return err
	}
	t.changed(MatterNotifications, guild)
	return t.announce(moderation.Change{Guild: guild, At: now, Kind: moderation.ChangeNotification, User: user, Ref: number})
}

// unsay notes that nobody need be told any more what happened to something: it is no longer so.
func (t *tx) unsay(guild snowflake.GuildID, subject string) error {
	n, err := t.SettleNotifications(t.ctx, db.SettleNotificationsParams{SeenAt: msOf(t.writer.clock()),
		GuildID: int64(guild), Subject: subject})
	if n > 0 {
		t.changed(MatterNotifications, guild)
	}
	return err
}

// SeeNotifications notes that a user has seen what they were told in a guild. Numbers that they have seen before, or that
// there are not, change nothing.
func (s *Store) SeeNotifications(
	ctx context.Context, guild snowflake.GuildID, user snowflake.UserID, numbers []int64,
) error {
	return s.write(ctx, func(t *tx) error {
		for _, number := range numbers {
			n, err := t.SeeNotification(t.ctx, db.SeeNotificationParams{SeenAt: msOf(t.writer.clock()),
				GuildID: int64(guild), UserID: int64(user), Number: number})
			if err != nil {
				return fault.Wrap(err, fault.Unavailable, "This could not be noted just now.")
			}
			if n > 0 {
				t.changed(MatterNotifications, guild)
			}
		}
		return nil
	})
}
