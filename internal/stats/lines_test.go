package stats_test

import (
	"context"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store/storetest"
)

// phoneBook is Discord as far as names go; it answers once it is told to.
type phoneBook struct{ open chan struct{} }

func (p phoneBook) FetchUser(ctx context.Context, id snowflake.UserID) (moderation.User, error) {
	select {
	case <-p.open:
		return moderation.User{ID: id, Name: "stranger", Global: "A Stranger", Avatar: "face"}, nil
	case <-ctx.Done():
		return moderation.User{}, ctx.Err()
	}
}

// Lines and boards go out at once with what is known; once Discord has told a name, who listens hears of it and the
// same board shows it.
func TestNamesArriveByThemselves(t *testing.T) {
	s := storetest.New(t)
	figures := stats.New(s, stats.Options{})
	learned := make(chan []snowflake.UserID, 1)
	figures.OnNames(func(users []snowflake.UserID) { learned <- users })
	ctx, stop := context.WithCancel(t.Context())
	book, done := phoneBook{make(chan struct{})}, make(chan struct{})
	go func() { defer close(done); s.Names().Run(ctx, book) }()
	defer func() { stop(); <-done }()

	const guild, stranger, moderator = 5, 81384788765712384, 99
	at := time.Now().Add(-time.Minute)
	seen := moderation.GuildSeen{Origin: moderation.Origin{Guild: guild, At: at},
		Profile: moderation.Guild{ID: guild, Name: "Tea room", JoinedAt: at}}
	if err := s.SeeGuild(ctx, seen); err != nil {
		t.Fatal(err)
	}
	known := moderation.Member{User: moderation.User{ID: moderator, Name: "mod", Bot: true}}
	if err := s.SeeMembers(ctx, guild, []moderation.Member{known}); err != nil {
		t.Fatal(err)
	}
	warning := moderation.AuditEntry{Origin: moderation.Origin{Guild: guild, At: time.Now()}, Entry: 1,
		Action: moderation.Action{Kind: moderation.ActionWarn, Target: stranger, Actor: moderator, Reason: "too loud"}}
	if _, err := s.RecordAudit(ctx, warning); err != nil {
		t.Fatal(err)
	}
	changes, err := s.ChangesAfter(ctx, guild, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	shown := func() (line stats.Line, target stats.Target) {
		g, err := figures.Guild(ctx, guild, stats.Last(stats.PeriodDay))
		if err != nil {
			t.Fatal(err)
		}
		lines := figures.Lines(ctx, changes)
		if newest := lines[len(lines)-1]; newest != g.Recent[0] {
			t.Errorf("the feed shows %+v, the page %+v", newest, g.Recent[0])
		}
		return g.Recent[0], g.Targets[0]
	}
	line, target := shown()
	if want := (stats.Person{ID: stranger, Name: "User #712384"}); line.Target != want || target.Person != want {
		t.Errorf("a stranger shows as %+v and %+v", line.Target, target.Person)
	}
	if want := (stats.Person{ID: moderator, Name: "mod", Bot: true, Known: true}); line.By != want {
		t.Errorf("the line is by %+v", line.By)
	}
	if line.GuildName != "Tea room" || line.TimeZone != "UTC" {
		t.Errorf("the line is of %q in %q", line.GuildName, line.TimeZone)
	}
	close(book.open)
	if users := <-learned; len(users) != 1 || users[0] != stranger {
		t.Errorf("learned the names of %v", users)
	}
	line, target = shown()
	want := stats.Person{ID: stranger, Name: "A Stranger", Avatar: "face", Known: true}
	if line.Target != want || target.Person != want {
		t.Errorf("once learned: %+v and %+v", line.Target, target.Person)
	}
}
