package raid

import (
	"fmt"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

const harbour snowflake.GuildID = 1 << 40

var noon = time.Date(2026, 8, 14, 12, 0, 0, 0, time.UTC)

// hand is a watch whose clock a test sets.
type hand struct {
	*Watch
	now time.Time
	n   int64
}

func newHand() *hand {
	h := &hand{now: noon}
	h.Watch = NewWatch(func() time.Time { return h.now })
	return h
}

// user has an account of an age.
func (h *hand) user(age time.Duration) snowflake.UserID {
	h.n++
	return snowflake.At[snowflake.UserID](h.now.Add(-age), h.n)
}

func (h *hand) after(d time.Duration) *hand { h.now = h.now.Add(d); return h }

func (h *hand) join(age time.Duration) { h.Joined(harbour, h.user(age), h.now) }

func (h *hand) say(user snowflake.UserID, text string) {
	h.Posted(harbour, user, h.now, []moderation.Text{{Surface: moderation.SurfaceContent, Value: text}})
}

// noticed takes the triggers of the one report that there is; empty: there is none.
func (h *hand) noticed() (list []Trigger) {
	for _, r := range h.Reports() {
		list = append(list, r.Triggers...)
	}
	return list
}

const old = 90 * 24 * time.Hour

// The thresholds of product.md 5, one below and at each.
func TestTheThresholdsOfJoins(t *testing.T) {
	for what, c := range map[string]struct {
		fresh, aged int
		gap         time.Duration
		want        []Trigger
	}{
		"five new accounts":                    {5, 0, time.Second, nil},
		"six new accounts":                     {6, 0, time.Second, []Trigger{ByNewJoins}},
		"six in more than a minute":            {6, 0, 12 * time.Second, nil},
		"ten, six of them new":                 {6, 4, time.Second, []Trigger{ByNewJoins}},
		"ten, seven of them new":               {7, 3, time.Second, []Trigger{ByNewJoins, ByJoins}},
		"ten of age":                           {0, 10, time.Second, nil},
		"nine, all of them new":                {9, 0, time.Second, []Trigger{ByNewJoins}},
		"twenty, more than half of them older": {6, 14, time.Second, []Trigger{ByNewJoins}},
	} {
		h := newHand()
		for range c.aged {
			h.after(c.gap).join(old)
		}
		for range c.fresh {
			h.after(c.gap).join(time.Hour)
		}
		if got := h.noticed(); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
}

func TestPresetsChooseAmongTriggers(t *testing.T) {
	for _, c := range []struct {
		preset  Preset
		noticed []Trigger
		want    Trigger
	}{
		{Off, []Trigger{ByNewJoins, ByJoins, ByMessages}, ""}, {Balanced, []Trigger{ByNewJoins}, ""},
		{Balanced, []Trigger{ByNewJoins, ByJoins}, ByJoins}, {Sensitive, []Trigger{ByNewJoins}, ByNewJoins},
		{Balanced, []Trigger{ByMessages}, ByMessages}, {Sensitive, []Trigger{ByMessages}, ByMessages}, {Sensitive, nil, ""},
	} {
		if got, _ := (Settings{Preset: c.preset}).Sets(c.noticed); got != c.want {
			t.Errorf("%s with %v: %q, want %q", c.preset, c.noticed, got, c.want)
		}
	}
}

func TestSimilarMessagesFromManyMembers(t *testing.T) {
	const bait = "Free nitro for everybody here: https://dsc.example/gift/%s"
	for what, c := range map[string]struct {
		members, messages int
		gap               time.Duration
		text              func(i int) string
		raid              bool
	}{
		"the same from five":        {5, 10, time.Second, func(int) string { return bait }, true},
		"the same from four":        {4, 12, time.Second, func(int) string { return bait }, false},
		"nine of them":              {5, 9, time.Second, func(int) string { return bait }, false},
		"slower than 30 s":          {5, 10, 4 * time.Second, func(int) string { return bait }, false},
		"another link each time":    {5, 10, time.Second, func(i int) string { return fmt.Sprintf(bait, fmt.Sprint("x", i*7919)) }, true},
		"random letters at the end": {6, 12, time.Second, func(i int) string { return "join my new server it is much better than this " + scrawl(i) }, true},
		"random letters in front":   {6, 12, time.Second, func(i int) string { return scrawl(i) + " join my new server it is much better than this" }, true},
		"case, digits and marks":    {5, 10, time.Second, func(i int) string { return fmt.Sprintf("FREE n%ditro! for.. %d everybody", i, i) }, true},
		"a row of pictures":         {5, 10, time.Second, func(int) string { return "💩💩💩💩💩💩💩💩💩💩💩💩💩" }, true},
		"hello":                     {9, 30, time.Second, func(int) string { return "hello" }, false},
		"talk": {9, 30, time.Second, func(i int) string {
			return "has anybody seen the " + scrawl(i) + " of yesterday in " + scrawl(i+99) + " by chance"
		}, false},
	} {
		h := newHand()
		users := make([]snowflake.UserID, c.members)
		for i := range users {
			users[i] = h.user(old)
		}
		for i := range c.messages {
			h.after(c.gap).say(users[i%len(users)], c.text(i))
		}
		reports := h.Reports()
		if raid := len(reports) == 1 && len(reports[0].Triggers) == 1; raid != c.raid {
			t.Errorf("%s: %+v", what, reports)
		} else if raid && (len(reports[0].Clusters) == 0 || len(reports[0].Clusters[0].By) < similarMembers) {
			t.Errorf("%s: nobody is told of: %+v", what, reports[0].Clusters)
		}
	}
}

// scrawl is a word that is another for each i.
func scrawl(i int) string {
	word := []byte("aaaaaa")
	for at := range word {
		word[at] = 'a' + byte((i*31+at*7+i/3)%26)
	}
	return string(word)
}

// From the trigger on, and while raid mode is on, everybody who comes is told, and everybody once.
func TestReportsTellWhoBelongsToARaid(t *testing.T) {
	h := newHand()
	for range 3 {
		h.after(time.Second).join(old)
	}
	for range 7 {
		h.after(time.Second).join(time.Hour)
	}
	r := h.Reports()
	if len(r) != 1 || len(r[0].Joins) != 10 || r[0].AllJoins != 10 || r[0].NewJoins != 7 {
		t.Fatalf("the first report is %+v", r)
	}
	h.after(5 * time.Minute).join(old)
	if r := h.Reports(); len(r) != 0 {
		t.Errorf("without raid mode one join is told: %+v", r)
	}
	h.Heat(harbour, h.now.Add(time.Minute))
	h.after(time.Second).join(old)
	if r := h.Reports(); len(r) != 1 || len(r[0].Joins) != 1 || len(r[0].Triggers) != 0 {
		t.Errorf("in raid mode one join is %+v", r)
	}
	h.Cool(harbour)
	h.after(time.Second).join(old)
	if r := h.Reports(); len(r) != 0 {
		t.Errorf("after raid mode one join is told: %+v", r)
	}
}

// Whoever records is woken for a raid once, not for each of its messages.
func TestARaidWakesOnce(t *testing.T) {
	h := newHand()
	woken := func() (n int) {
		for {
			select {
			case <-h.Noticed():
				n++
			default:
				return n
			}
		}
	}
	storm := func() (n int) {
		for i := range 500 {
			h.after(time.Millisecond).say(snowflake.UserID(1+i%9), "everybody come over to the other server now")
			n += woken()
		}
		return n
	}
	if n := storm(); n != 1 {
		t.Errorf("woken %d times before the first report", n)
	}
	h.Reports()
	h.Heat(harbour, h.now.Add(Calm))
	if n := storm(); n != 0 {
		t.Errorf("woken %d times in raid mode", n)
	}
	if r := h.Reports(); len(r) != 1 || len(r[0].Triggers) != 1 {
		t.Errorf("what came then is %+v", r)
	}
}

// What is read back after a break says nothing about now, and what Discord tells twice is told once.
func TestOldAndRepeatedEventsAreNoRaid(t *testing.T) {
	h := newHand()
	for range 20 {
		h.Joined(harbour, h.user(time.Hour), h.now.Add(-stale-time.Second))
	}
	one := h.user(time.Hour)
	for range 20 {
		h.Joined(harbour, one, h.now)
	}
	if got := h.noticed(); got != nil {
		t.Errorf("noticed %v", got)
	}
}

// Memory stays bounded whatever comes, and what is idle is forgotten.
func TestMemoryIsBounded(t *testing.T) {
	h := newHand()
	for i := range 4_000 {
		h.join(time.Hour)
		h.say(snowflake.UserID(i), "a text of its own: "+scrawl(i)+scrawl(i/7)+scrawl(i/31)+fmt.Sprint(i))
		h.say(snowflake.UserID(i), "a pair of texts "+scrawl(i/2)+scrawl(i/62)+" of its own")
	}
	g := h.gates[harbour]
	if len(g.joins) > mostJoins || len(g.newcome) > mostJoins || len(g.crowd.slots) > slotsMost ||
		len(g.crowd.suspects) > mostSuspects {
		t.Errorf("%d joins, %d to tell, %d slots, %d suspects", len(g.joins), len(g.newcome), len(g.crowd.slots),
			len(g.crowd.suspects))
	}
	h.Reports()
	if h.after(idle + time.Second).Reports(); len(h.gates) != 0 {
		t.Errorf("%d guilds are remembered", len(h.gates))
	}
}

// A message that is like no other leaves nothing to be freed.
func TestACleanMessageAllocatesNothing(t *testing.T) {
	h := newHand()
	texts := make([][]moderation.Text, 4096)
	for i := range texts {
		texts[i] = []moderation.Text{{Surface: moderation.SurfaceContent, Value: fmt.Sprintf(
			"%s of yesterday %s, has anybody %s it? https://example.org/%d and so on", scrawl(i), scrawl(i*3), scrawl(i*7), i)}}
	}
	h.Posted(harbour, 1, h.now, texts[0])
	i := 0
	if n := testing.AllocsPerRun(1000, func() {
		i++
		h.after(time.Second).Posted(harbour, snowflake.UserID(i), h.now, texts[i%len(texts)])
	}); n > 0 {
		t.Errorf("%v allocations a message", n)
	}
}

func BenchmarkPosted(b *testing.B) {
	h := newHand()
	texts := make([][]moderation.Text, 4096)
	for i := range texts {
		text := fmt.Sprintf("%s of yesterday %s, has anybody %s it? ", scrawl(i), scrawl(i*3), scrawl(i*7))
		for len(text) < 200 {
			text += scrawl(i*13+len(text)) + " "
		}
		texts[i] = []moderation.Text{{Surface: moderation.SurfaceContent, Value: text[:200]}}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		h.now = h.now.Add(10 * time.Millisecond)
		h.Posted(harbour, snowflake.UserID(i), h.now, texts[i%len(texts)])
	}
}
