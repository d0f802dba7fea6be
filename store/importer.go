package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// keptLines is how many of each guild's newest events an import makes lines of the feed.
const keptLines = 200

// Importer takes a history. Rows go straight into the file, sums are kept in memory and written once at the end. For
// each guild the events must come in the order of their time. An error shows when Import returns. It is used by one
// goroutine.
type Importer struct {
	ctx context.Context
	q   *db.Queries
	now int64

	actionID int64
	numbers  map[snowflake.GuildID]int64
	warnings map[snowflake.GuildID]int64
	sums     importSums
	members  map[moderation.Presence]*db.Member
	users    map[snowflake.UserID]moderation.User
	lines    map[snowflake.GuildID][]moderation.Change

	importQueue
}

func newImporter(ctx context.Context, q *db.Queries, now int64) *Importer {
	return &Importer{
		ctx: ctx, q: q, now: now, numbers: map[snowflake.GuildID]int64{}, sums: newImportSums(now),
		warnings: map[snowflake.GuildID]int64{},
		members:  map[moderation.Presence]*db.Member{}, users: map[snowflake.UserID]moderation.User{},
		lines: map[snowflake.GuildID][]moderation.Change{}, importQueue: newImportQueue(),
	}
}

// Guild adds a guild, in which the bot is since profile.JoinedAt, with its time zone ("Europe/Berlin").
func (im *Importer) Guild(profile moderation.Guild, zone string) {
	joined := msOf(profile.JoinedAt)
	im.do(func() error {
		return im.q.PutGuild(im.ctx, db.PutGuildParams{
			GuildID: int64(profile.ID), Name: profile.Name, Icon: profile.Icon, OwnerID: int64(profile.Owner),
			MemberCount: int64(profile.Members), Permissions: int64(profile.Permissions), JoinedAt: joined,
			UpdatedAt: im.now,
		})
	})
	im.do(func() error {
		return im.q.SetGuildZone(im.ctx, db.SetGuildZoneParams{TimeZone: zone, GuildID: int64(profile.ID)})
	})
	im.do(func() error {
		return im.q.PutStay(im.ctx, db.PutStayParams{GuildID: int64(profile.ID), JoinedAt: joined})
	})
}

// Rule adds a native AutoMod rule.
func (im *Importer) Rule(e moderation.NativeRuleSeen) {
	im.do(func() error {
		row, err := nativeRuleRow(e)
		if err != nil {
			return err
		}
		return im.q.PutNativeRule(im.ctx, row)
	})
}

// User adds a user, or replaces one.
func (im *Importer) User(user moderation.User) { im.users[user.ID] = user }

// Member adds a member and their user. It is not needed for members who only appear in other calls.
func (im *Importer) Member(guild snowflake.GuildID, who *moderation.Member) {
	im.User(who.User)
	m := im.member(guild, who.ID)
	m.Nick, m.Roles, m.UpdatedAt = who.Nick, rolesText(who.Roles), im.now
	m.JoinedAt, m.TimeoutUntil = msOf(who.JoinedAt), msOf(who.TimeoutUntil)
}

// Messages adds message counters of a guild to the bucket of a time.
func (im *Importer) Messages(guild snowflake.GuildID, at time.Time, n moderation.Counts) {
	im.sums.activity(guild, msOf(at), db.AddActivityParams{Messages: n.Messages, Edits: n.Edits, Deletes: n.Deletes})
}

// Active notes that a member wrote something at a time.
func (im *Importer) Active(guild snowflake.GuildID, user snowflake.UserID, at time.Time) {
	im.active(im.member(guild, user), msOf(at))
}

// Action adds an action from the audit log, under its entry's id.
func (im *Importer) Action(e moderation.AuditEntry) {
	im.act(e.Guild, e.At, &e.Action, 0, "entry:"+e.Entry.String())
}

// Violation adds a violation and what was done about it, and gives its number. v.Number is ignored.
func (im *Importer) Violation(v moderation.Violation, done ...moderation.Action) int64 {
	im.numbers[v.Guild]++
	v.Number = im.numbers[v.Guild]
	row := violationRow(&v, finding{})
	im.do(func() error { return im.q.InsertViolation(im.ctx, row) })
	im.sums.violation(&v, moderation.StateCounted)
	im.line(violationChange(&v))
	for i := range done {
		im.act(v.Guild, v.At, &done[i], v.Number, fmt.Sprintf("%s:%d:%s", v.Source, v.Number, done[i].Kind))
	}
	return v.Number
}

// Command adds one use of a slash command.
func (im *Importer) Command(e moderation.CommandRun) {
	at := msOf(e.At)
	im.do(func() error { _, err := im.q.InsertCommandRun(im.ctx, commandRow(e)); return err })
	if e.User.ID != 0 {
		im.User(e.User)
		if e.Guild != 0 && !e.User.Bot {
			im.active(im.member(e.Guild, e.User.ID), at)
		}
	}
	im.sums.activity(e.Guild, at, db.AddActivityParams{Commands: 1})
	im.line(commandChange(e))
}

// Join adds that a member came.
func (im *Importer) Join(e moderation.MemberJoined) {
	at := msOf(e.At)
	im.Member(e.Guild, &e.Member)
	m := im.member(e.Guild, e.Member.ID)
	m.LastJoin = max(m.JoinedAt, m.LastJoin)
	if m.JoinedAt == 0 {
		m.LastJoin = at
	}
	if m.LastJoin >= m.LeftAt {
		m.LeftAt = 0
	}
	if !e.Member.Bot {
		im.active(m, at)
	}
	im.sums.activity(e.Guild, at, db.AddActivityParams{Joins: 1})
	im.line(moderation.Change{Guild: e.Guild, At: e.At, Kind: moderation.ChangeJoin, User: e.Member.ID})
}

// Leave adds that a member left.
func (im *Importer) Leave(e moderation.MemberLeft) {
	at := msOf(e.At)
	im.User(e.User)
	m := im.member(e.Guild, e.User.ID)
	m.LastLeave, m.LeftAt, m.Roles, m.UpdatedAt = at, at, "[]", max(m.UpdatedAt, at)
	im.sums.activity(e.Guild, at, db.AddActivityParams{Leaves: 1})
	im.line(moderation.Change{Guild: e.Guild, At: e.At, Kind: moderation.ChangeLeave, User: e.User.ID})
}

// Latency adds heartbeats to the bucket of a time.
func (im *Importer) Latency(at time.Time, add moderation.Latency) {
	im.sums.latency(bucketOf(msOf(at)), &add)
}

// Gap adds a time during which events may have been missed.
func (im *Importer) Gap(gap moderation.Gap) {
	im.do(func() error { _, err := im.q.InsertGap(im.ctx, gapRow(gap)); return err })
	im.line(gapChange(gap))
}

func (im *Importer) act(guild snowflake.GuildID, at time.Time, a *moderation.Action, violation int64, origin string) {
	im.insert(guild, a, actionRow(guild, at, a, violation, origin), 0, 0)
}

// insert adds an action that was done, and gives its id.
func (im *Importer) insert(
	guild snowflake.GuildID, a *moderation.Action, row db.InsertActionParams, message snowflake.MessageID, settled int64,
) (id int64) {
	im.actionID++
	id = im.actionID
	im.do(func() error {
		return im.q.ImportAction(im.ctx, db.ImportActionParams{
			ActionID: id, GuildID: row.GuildID, At: row.At, Kind: row.Kind, Source: row.Source, TargetID: row.TargetID,
			ActorID: row.ActorID, ChannelID: row.ChannelID, Violation: row.Violation, Reason: row.Reason,
			Until: row.Until, Count: row.Count, Outcome: row.Outcome, Origin: row.Origin, MessageID: int64(message),
			SettledAt: settled,
		})
	})
	im.sums.action(guild, row.At, a)
	im.line(actionChange(guild, timeOf(row.At), a, id))
	return id
}

func (im *Importer) active(m *db.Member, at int64) {
	m.LastActiveAt = max(m.LastActiveAt, bucketOf(at))
	if at > m.LeftAt {
		m.LeftAt = 0
	}
	im.sums.month(m, monthOf(at))
}

func (im *Importer) member(guild snowflake.GuildID, user snowflake.UserID) *db.Member {
	who := moderation.Presence{Guild: guild, User: user}
	m := im.members[who]
	if m == nil {
		m = &db.Member{GuildID: int64(guild), UserID: int64(user), Roles: "[]"}
		im.members[who] = m
	}
	return m
}

// line keeps a change if it may be one of its guild's newest.
func (im *Importer) line(c moderation.Change) {
	kept := append(im.lines[c.Guild], c)
	if len(kept) >= 2*keptLines {
		kept = newestLines(kept)
	}
	im.lines[c.Guild] = kept
}

// newestLines sorts lines by time and keeps the newest.
func newestLines(lines []moderation.Change) []moderation.Change {
	slices.SortStableFunc(lines, func(a, b moderation.Change) int { return a.At.Compare(b.At) })
	if more := len(lines) - keptLines; more > 0 {
		lines = slices.Delete(lines, 0, more)
	}
	return lines
}
