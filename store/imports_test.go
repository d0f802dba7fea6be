package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

var bg = context.Background()

// past is all that a guild knows of two members, in a text.
func past(t interface{ Fatal(...any) }, s *store.Store) (text string) {
	err := s.Read(bg, func(now *store.Snapshot) {
		for _, user := range []snowflake.UserID{21, 22} {
			card := now.MemberCard(1, user)
			for _, a := range card.Actions {
				text += fmt.Sprint(a.Kind, " ", a.Outcome, " ", a.Source, " ", a.Target, " ", a.Actor, " ", a.At.Unix(), " ", a.Reason, "; ")
			}
			for _, w := range card.Warnings {
				text += fmt.Sprint("warning ", w.At.Unix(), " ", w.By, " ", w.Reason, "; ")
			}
			text += fmt.Sprint("level ", card.Level, " kicked ", card.KickedBefore, "\n")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// An import a second time changes nothing, taking it back restores what was, and no figure ever changes.
func TestAnImportIsTakenBackWhole(t *testing.T) {
	base := storetest.New(t, func(o *store.Options) { o.Clock = func() time.Time { return noon } })
	seeGuild(t, base)
	openCase(t, base, broken(1, 100, moderation.Response{Ladder: true}))
	grant := granted[access.UpdateSettings](t, 1, 99)
	kinds := []moderation.ActionKind{moderation.ActionWarn, moderation.ActionKick, moderation.ActionBan, moderation.ActionNote, moderation.ActionTimeout}
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		deeds := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) store.Deed {
			return store.Deed{Key: fmt.Sprint(round, ":", rapid.IntRange(0, 400).Draw(t, "key")), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
				User: snowflake.UserID(rapid.IntRange(21, 22).Draw(t, "user")), By: snowflake.UserID(rapid.IntRange(0, 2).Draw(t, "by")),
				At: noon.Add(-time.Duration(rapid.IntRange(1, 900).Draw(t, "hours")) * time.Hour), Reason: rapid.StringN(0, 20, 60).Draw(t, "reason")}
		}), 1, 600).Draw(t, "deeds")
		before, figures := past(t, base), uncounted(t, base)
		take := func() store.TakenOver {
			number, err := base.DraftImport(bg, grant, "zeppelin", "cases.json", []byte("x"))
			if err != nil {
				t.Fatal(err)
			}
			var known, twice int64
			if err := base.Read(bg, func(now *store.Snapshot) { known, twice = now.KnownDeeds(1, deeds) }); err != nil {
				t.Fatal(err)
			}
			done, err := base.TakeOver(bg, grant, number, nil, deeds, 3)
			if err != nil {
				t.Fatal(err)
			}
			if known+twice != done.Known || known != 0 && twice != 0 {
				t.Fatalf("%d were said to be known and %d to stand there twice: %+v", known, twice, done)
			}
			return done
		}
		first := take()
		keys := map[string]bool{}
		for _, deed := range deeds {
			keys[deed.Key] = true
		}
		if first.Rows != int64(len(keys)) || first.Known != int64(len(deeds)-len(keys)) || first.Skipped != 3 || first.State != store.ImportDone {
			t.Fatalf("%+v of %d deeds with %d keys", first, len(deeds), len(keys))
		}
		after := past(t, base)
		second := take()
		if second.Rows != 0 || second.Known != int64(len(deeds)) || past(t, base) != after {
			t.Fatalf("a second time: %+v", second)
		}
		if now := uncounted(t, base); now != figures {
			t.Fatalf("figures were %s and are %s", figures, now)
		}
		for _, number := range []int64{second.Number, first.Number} {
			if err := base.UndoImport(bg, grant, number); err != nil {
				t.Fatal(err)
			}
		}
		if now := past(t, base); now != before {
			t.Fatalf("before:\n%s\ntaken back:\n%s", before, now)
		}
		if err := base.UndoImport(bg, grant, first.Number); fault.Of(err) != fault.Conflict {
			t.Fatalf("taken back twice: %v", err)
		}
	})
}

// uncounted are the figures that an import must leave alone.
func uncounted(t interface{ Fatal(...any) }, s *store.Store) (text string) {
	span := store.Span{From: noon.Add(-1000 * time.Hour), Until: noon.Add(time.Hour)}
	if err := s.Read(bg, func(now *store.Snapshot) {
		text = fmt.Sprint(now.Actions(1, span), now.MonthTargets(1, 10), now.WeekTargets(1, 10), now.MonthOffenders(1, 10))
	}); err != nil {
		t.Fatal(err)
	}
	return text
}

// What is known is counted as it is taken over, in a large file too, and of one guild alone.
func TestKnownDeeds(t *testing.T) {
	s := storetest.New(t, func(o *store.Options) { o.Clock = func() time.Time { return noon } })
	seeGuild(t, s)
	deeds := make([]store.Deed, 4500)
	for i := range deeds {
		deeds[i] = store.Deed{Key: fmt.Sprint(i % 4499), Kind: moderation.ActionBan, User: 21}
	}
	grant := granted[access.UpdateSettings](t, 1, 99)
	number, err := s.DraftImport(t.Context(), grant, "bans", "x.txt", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	other := store.Deed{Key: "x", Kind: moderation.ActionBan, User: 21}
	if _, err := s.TakeOver(t.Context(), grant, number, nil, []store.Deed{deeds[3], deeds[2500], other}, 0); err != nil {
		t.Fatal(err)
	}
	for guild, want := range map[snowflake.GuildID][2]int64{1: {2, 1}, 2: {0, 1}} {
		if err := s.Read(t.Context(), func(now *store.Snapshot) {
			if known, twice := now.KnownDeeds(guild, deeds); known != want[0] || twice != want[1] {
				t.Errorf("guild %d: %d known, %d twice, want %v", guild, known, twice, want)
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// Whoever was kicked elsewhere was kicked before; a warning of another bot raises no level.
func TestImportedDeedsAndTheLadder(t *testing.T) {
	s := storetest.New(t, func(o *store.Options) { o.Clock = func() time.Time { return noon } })
	seeGuild(t, s)
	grant := granted[access.UpdateSettings](t, 1, 99)
	number, err := s.DraftImport(t.Context(), grant, "table", "x.csv", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.TakeOver(t.Context(), grant, number, nil, []store.Deed{{Key: "a", Kind: moderation.ActionKick, User: 21, At: noon.AddDate(-3, 0, 0)},
		{Key: "b", Kind: moderation.ActionWarn, User: 21, At: noon.Add(-time.Minute)}, {Key: "c", Kind: moderation.ActionBan, User: 22}}, 0); err != nil {
		t.Fatal(err)
	}
	if card := card(t, s, 21); !card.KickedBefore || card.Level != 0 || len(card.Warnings) != 1 || len(card.Actions) != 2 {
		t.Errorf("%+v", card)
	}
	if due := takeDue(t, s, 10); len(due) != 0 {
		t.Errorf("Discord is asked for %+v", due)
	}
	if err := s.DropImport(t.Context(), grant, number); fault.Of(err) != fault.NotFound {
		t.Errorf("dropped when it was done: %v", err)
	}
}
