package bot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// bench is a worker on its own: what translate makes of a payload.
func bench() *worker {
	p := brisk()
	in := newIntake(&intake{clock: time.Now, log: slog.New(slog.DiscardHandler), pace: p}, 1, defaultBounds,
		newRoster(), newMemberList(p), &scout{wake: make(chan struct{}, 1)})
	in.lanes[0].guilds.setSelf(7)
	return &in.lanes[0].worker
}

func translated(t testing.TB, w *worker, k kind, payload string) []moderation.Event {
	t.Helper()
	w.out = nil
	if err := w.translate(item{kind: k, at: time.Now(), payload: []byte(payload)}); err != nil {
		t.Fatalf("%s: %v", payload, err)
	}
	return w.out
}

func TestEverySurfaceOfAMessageIsRead(t *testing.T) {
	const payload = `{"id":"1200000000000000000","channel_id":"20","guild_id":"30","type":0,"content":"said",
		"author":{"id":"40","username":"ada","global_name":"Ada"},"member":{"nick":"A","roles":["50","51"],"joined_at":"2020-01-02T03:04:05.000000+00:00"},
		"mentions":[{"id":"1"},{"id":"2"}],"mention_roles":["3"],"mention_everyone":true,
		"embeds":[{"title":"e-title","description":"e-text","url":"https://e.example","author":{"name":"e-author"},"footer":{"text":"e-foot"},
			"fields":[{"name":"e-name","value":"e-value"}]}],
		"attachments":[{"filename":"f.png","description":"alt"}],"sticker_items":[{"name":"st"}],
		"poll":{"question":{"text":"q"},"answers":[{"poll_media":{"text":"a1"}},{"poll_media":{"text":"a2"}}]},
		"message_snapshots":[{"message":{"content":"fwd","attachments":[{"filename":"fwd.png"}],"embeds":[{"title":"fwd-embed"}]}}],
		"components":[{"type":17,"components":[{"type":10,"content":"c-text"},{"type":999,"label":"c-unknown"},
			{"type":9,"components":[{"type":10,"content":"c-section"}],"accessory":{"type":2,"label":"c-button","url":"https://c.example"}},
			{"type":12,"items":[{"description":"c-media"}]},{"type":3,"placeholder":"c-hint","options":[{"label":"c-option","description":"c-about"}]},
			{"type":18,"label":"c-label","component":{"type":4,"placeholder":"c-input"}}]}],
		"thread":{"name":"th"},"unheard_of":{"deep":[1,2,{"a":null}]}}`
	e := translated(t, bench(), kindMessageCreate, payload)[0].(moderation.MessagePosted)
	bySurface := map[moderation.Surface]string{}
	for _, text := range e.Texts {
		bySurface[text.Surface] += text.Value + " "
	}
	for surface, want := range map[moderation.Surface]string{
		moderation.SurfaceContent:    "said",
		moderation.SurfaceEmbed:      "e-title e-text https://e.example e-author e-name e-value e-foot fwd-embed",
		moderation.SurfaceAttachment: "f.png alt fwd.png", moderation.SurfaceSticker: "st", moderation.SurfacePoll: "q a1 a2",
		moderation.SurfaceForward: "fwd", moderation.SurfaceThread: "th",
		moderation.SurfaceComponent: "c-text c-unknown c-button https://c.example c-section c-media c-hint c-option c-about c-label c-input",
	} {
		if got := strings.TrimSpace(bySurface[surface]); got != want {
			t.Errorf("%s: %q, want %q", surface, got, want)
		}
	}
	if e.Message != 1200000000000000000 || e.Channel != 20 || e.Guild != 30 || e.Author.ID != 40 || e.Author.Nick != "A" ||
		len(e.Author.Roles) != 2 || e.Mentions != 3 || !e.Everyone || e.Edit || e.Webhook != 0 {
		t.Errorf("the message is %+v", e)
	}
	if want := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC); !e.Author.JoinedAt.Equal(want) || e.At.Year() != 2024 {
		t.Errorf("joined at %s, written at %s", e.Author.JoinedAt, e.At)
	}
}

// discordgo's Message fails on each of these and loses the content with it.
func TestAFieldOfTheWrongTypeLosesNothingElse(t *testing.T) {
	for _, field := range []string{
		`"components":[{"type":"seventeen","components":5},7,null,{"type":-1}]`, `"embeds":{"title":1}`, `"author":null`, `"author":[]`,
		`"member":7`, `"mentions":"none"`, `"poll":{"question":3,"answers":{}}`, `"message_snapshots":[{"message":null},9]`,
		`"edited_timestamp":{}`, `"type":"x"`, `"id":18446744073709551616`, `"attachments":[{"filename":{}}]`, `"sticker_items":[1]`,
		`"webhook_id":-3`, `"mention_roles":{"a":1}`, `"thread":[]`, `"unheard_of":` + strings.Repeat("[", 500) + strings.Repeat("]", 500),
	} {
		payload := `{"id":"1","channel_id":"2","guild_id":"3","content":"kept",` + field + `}`
		var m wireMessage
		if err := decode([]byte(payload), &m); err != nil {
			t.Errorf("%s: %v", field, err)
		}
		if m.Content != "kept" || m.GuildID != 3 {
			t.Errorf("%s: the content is %q in guild %d", field, m.Content, m.GuildID)
		}
		m.texts("")
	}
}

func TestAnEmbedThatUnfurlsIsNoEditAndIsRead(t *testing.T) {
	w := bench()
	now := time.Now().UTC()
	made := func(age time.Duration) string { return snowflake.At[snowflake.MessageID](now.Add(-age), 1).String() }
	fresh := made(time.Second)
	update := func(message, edited string) string {
		var kinds []string
		for _, event := range translated(t, w, kindMessageUpdate, `{"id":"`+message+`","channel_id":"2","guild_id":"3","content":"x",
			"mentions":[{"id":"1"}],"mention_everyone":true,"embeds":[{"title":"t"}],"edited_timestamp":`+edited+`}`) {
			switch e := event.(moderation.MessagePosted); {
			case e.Edit && !e.Unfurl && len(e.Texts) == 2 && e.Mentions == 1:
				kinds = append(kinds, "edit")
			case e.Unfurl && !e.Edit && len(e.Texts) == 1 && e.Texts[0] == (moderation.Text{Surface: moderation.SurfaceEmbed, Value: "t"}) &&
				e.Mentions == 0 && !e.Everyone:
				kinds = append(kinds, "unfurl")
			default:
				t.Errorf("%+v", e)
			}
		}
		return strings.Join(kinds, " ")
	}
	at := func(t time.Time) string { return fmt.Sprintf("%q", t.Format(time.RFC3339Nano)) }
	first, second := at(now), at(now.Add(time.Second))
	for i, c := range []struct{ message, edited, want string }{
		{fresh, "null", "unfurl"}, {fresh, first, "edit"}, {fresh, first, "unfurl"}, {fresh, second, "edit"}, {fresh, first, "unfurl"},
		{fresh, second, "unfurl"},
		{made(11 * time.Minute), "null", ""}, {made(48 * time.Hour), at(now.Add(-24 * time.Hour)), ""},
		{made(49 * time.Hour), at(now.Add(-time.Minute)), "edit"}, {made(49 * time.Hour), at(now.Add(-time.Minute)), "unfurl"},
	} {
		if got := update(c.message, c.edited); got != c.want {
			t.Errorf("update %d (edited %s) is %q, want %q", i, c.edited, got, c.want)
		}
	}
	pinned := `{"id":"` + fresh + `","channel_id":"2","guild_id":"3","content":"x","pinned":true,"edited_timestamp":null}`
	if got := translated(t, w, kindMessageUpdate, pinned); len(got) != 0 {
		t.Errorf("a pin is %v", got)
	}
}

func TestTheTitleOfAThreadIsReadWhenItIsOpenedAndWhenItIsRenamed(t *testing.T) {
	w := bench()
	now := time.Now().UTC()
	thread := func(id, name string, archived bool, since time.Time, more string) string {
		return fmt.Sprintf(`{"id":"%s","guild_id":"3","owner_id":"8","name":%q%s,"thread_metadata":{"archived":%v,"archive_timestamp":%q}}`,
			id, name, more, archived, since.Format(time.RFC3339Nano))
	}
	for i, c := range []struct {
		kind    kind
		payload string
		want    string
	}{
		{kindThreadCreate, thread("100", "free nitro", false, now, `,"newly_created":true`), "free nitro"},
		{kindThreadCreate, thread("101", "old", false, now, ""), ""}, // the bot was let in
		{kindThreadUpdate, thread("100", "free nitro", false, now, ""), ""},
		{kindThreadUpdate, thread("100", "freer nitro", false, now, ""), "freer nitro"},
		{kindThreadUpdate, thread("100", "freer nitro", true, now, ""), ""},
		{kindThreadUpdate, thread("102", "renamed after a restart", false, now.Add(-time.Hour), ""), "renamed after a restart"},
		{kindThreadUpdate, thread("103", "old, archived", true, now.Add(-time.Hour), ""), ""},
		{kindThreadUpdate, thread("104", "old, back", false, now, ""), ""},
	} {
		title := ""
		for _, event := range translated(t, w, c.kind, c.payload) {
			e := event.(moderation.ThreadTitled)
			if title = e.Title; e.Owner != 8 || e.Guild != 3 || e.Thread == 0 {
				t.Errorf("%+v", e)
			}
		}
		if title != c.want {
			t.Errorf("%d: %q, want %q", i, title, c.want)
		}
	}
	e := translated(t, w, kindMessageCreate, `{"id":"100","channel_id":"100","guild_id":"3","content":"hi"}`)[0].(moderation.MessagePosted)
	want := []moderation.Text{{Surface: moderation.SurfaceContent, Value: "hi"}, {Surface: moderation.SurfaceThread, Value: "freer nitro"}}
	if !reflect.DeepEqual(e.Texts, want) {
		t.Errorf("texts %v", e.Texts)
	}
	e = translated(t, w, kindMessageCreate, `{"id":"101","channel_id":"20","guild_id":"3","type":18,"content":"a title",
		"message_reference":{"channel_id":"105"}}`)[0].(moderation.MessagePosted)
	if e.Texts[0].Surface != moderation.SurfaceThread || e.Message != 105 || e.Channel != 105 {
		t.Errorf("%+v", e)
	}
}

func TestWhoDidNotOpenTheThreadDoesNotAnswerForItsTitle(t *testing.T) {
	for owner, want := range map[string]int{"7": 2, "8": 1} {
		e := translated(t, bench(), kindMessageUpdate, `{"id":"1","channel_id":"2","guild_id":"3","author":{"id":"7"},"content":"x",
			"thread":{"id":"1","name":"bad","owner_id":"`+owner+`"},"edited_timestamp":"`+time.Now().UTC().Format(time.RFC3339)+`"}`)
		if got := e[0].(moderation.MessagePosted).Texts; len(got) != want {
			t.Errorf("owner %s: texts %v", owner, got)
		}
	}
}

func TestAWebhooksMessagesAreItsOwnAndABotsAnswersAreTheBots(t *testing.T) {
	for name, c := range map[string]struct {
		payload string
		webhook snowflake.WebhookID
	}{
		"a webhook": {`{"id":"1","channel_id":"2","guild_id":"3","webhook_id":"9","author":{"id":"9","bot":true},"content":"x"}`, 9},
		"an answer": {`{"id":"1","channel_id":"2","guild_id":"3","webhook_id":"9","author":{"id":"7","bot":true},"content":"x","type":20}`, 0},
		"a bot":     {`{"id":"1","channel_id":"2","guild_id":"3","author":{"id":"7","bot":true},"content":"x"}`, 0},
	} {
		e := translated(t, bench(), kindMessageCreate, c.payload)[0].(moderation.MessagePosted)
		if e.Webhook != c.webhook || !e.Author.Bot {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestNamesAreReadWhenAMemberComesOrChanges(t *testing.T) {
	const payload = `{"guild_id":"3","user":{"id":"8","username":"u","global_name":"g"},"nick":"n","roles":["4"],"joined_at":"2024-01-01T00:00:00Z"}`
	joined := translated(t, bench(), kindMemberAdd, payload)[0].(moderation.MemberJoined).Member
	changed := translated(t, bench(), kindMemberUpdate, payload)[0].(moderation.MemberChanged).Member
	for _, m := range []moderation.Member{joined, changed} {
		if m.Name != "u" || m.Global != "g" || m.Nick != "n" || len(m.Roles) != 1 {
			t.Errorf("%+v", m)
		}
	}
}

func TestWhatDiscordSaysItselfIsNoMessage(t *testing.T) {
	for _, messageType := range []int{1, 6, 7, 8, 21, 24, 36, 46} {
		if got := translated(t, bench(), kindMessageCreate,
			fmt.Sprintf(`{"id":"1","channel_id":"2","guild_id":"3","type":%d,"content":"x"}`, messageType)); len(got) != 0 {
			t.Errorf("type %d is %v", messageType, got)
		}
	}
}

func TestAuditEntriesBecomeActions(t *testing.T) {
	until := "2026-08-01T00:00:00+00:00"
	entry := func(user int, rest string) string {
		return fmt.Sprintf(`{"id":"1200000000000000000","guild_id":"3","user_id":"%d","target_id":"44","reason":"spam",%s}`, user, rest)
	}
	for name, c := range map[string]struct {
		payload string
		want    *moderation.Action
	}{
		"kick":      {entry(5, `"action_type":20`), &moderation.Action{Kind: moderation.ActionKick, Target: 44, Count: 1}},
		"prune":     {entry(5, `"action_type":21,"options":{"members_removed":"12"}`), &moderation.Action{Kind: moderation.ActionKick, Target: 44, Count: 12}},
		"ban":       {entry(5, `"action_type":22`), &moderation.Action{Kind: moderation.ActionBan, Target: 44, Count: 1}},
		"unban":     {entry(5, `"action_type":23`), &moderation.Action{Kind: moderation.ActionUnban, Target: 44, Count: 1}},
		"nick":      {entry(5, `"action_type":24,"changes":[{"key":"nick","new_value":"x"}]`), nil},
		"timeout":   {entry(5, `"action_type":24,"changes":[{"key":"communication_disabled_until","new_value":"`+until+`"}]`), &moderation.Action{Kind: moderation.ActionTimeout, Target: 44, Count: 1, Until: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)}},
		"untimeout": {entry(5, `"action_type":24,"changes":[{"key":"communication_disabled_until","old_value":"`+until+`"}]`), &moderation.Action{Kind: moderation.ActionUntimeout, Target: 44, Count: 1}},
		"delete":    {entry(5, `"action_type":72,"options":{"channel_id":"9","count":"4"}`), &moderation.Action{Kind: moderation.ActionDelete, Target: 44, Channel: 9, Count: 4}},
		"bulk":      {entry(5, `"action_type":73,"options":{"count":"90"}`), &moderation.Action{Kind: moderation.ActionDelete, Channel: 44, Count: 90}},
		"our own":   {entry(7, `"action_type":22`), nil},
		"automod":   {entry(5, `"action_type":143`), nil},
		"automod's": {entry(5, `"action_type":24,"options":{"auto_moderation_rule_name":"r"},"changes":[{"key":"communication_disabled_until","new_value":"`+until+`"}]`), nil},
		"roles":     {entry(5, `"action_type":25`), nil},
	} {
		w := bench()
		w.members.allow(true)
		got := translated(t, w, kindAuditEntry, c.payload)
		if c.want == nil {
			if len(got) != 0 {
				t.Errorf("%s: %+v", name, got)
			}
			continue
		}
		c.want.Source, c.want.Outcome, c.want.Actor, c.want.Reason = moderation.SourceAudit, moderation.OutcomeDone, 5, "spam"
		if len(got) != 1 || !reflect.DeepEqual(got[0].(moderation.AuditEntry).Action, *c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, *c.want)
		}
	}
}

// Where Discord does not tell who leaves, bans and kicks say who is gone; where it does, that would hide the leave from the
// counters.
func TestWhoIsThrownOutIsLost(t *testing.T) {
	entry := func(by, action int) string {
		return fmt.Sprintf(`{"id":"1200000000000000000","guild_id":"3","user_id":"%d","target_id":"44","action_type":%d}`, by, action)
	}
	for name, c := range map[string]struct {
		kind    kind
		payload string
		lost    bool
	}{
		"a ban":              {kindBanAdd, `{"guild_id":"3","user":{"id":"44","username":"u"}}`, true},
		"a ban of nobody":    {kindBanAdd, `{"guild_id":"3"}`, false},
		"a ban, noted":       {kindAuditEntry, entry(5, 22), true},
		"a kick, noted":      {kindAuditEntry, entry(5, 20), true},
		"a kick of our own":  {kindAuditEntry, entry(7, 20), true},
		"a ban that is over": {kindAuditEntry, entry(5, 23), false},
		"a prune":            {kindAuditEntry, entry(5, 21), false}, // names nobody
	} {
		for _, hears := range []bool{false, true} {
			w := bench()
			w.members.allow(hears)
			var lost []moderation.MemberLost
			for _, event := range translated(t, w, c.kind, c.payload) {
				if e, is := event.(moderation.MemberLost); is {
					lost = append(lost, e)
				}
			}
			switch {
			case !c.lost || hears:
				if len(lost) != 0 {
					t.Errorf("%s, leaves told %v: %+v", name, hears, lost)
				}
			case len(lost) != 1 || lost[0].Guild != 3 || lost[0].User != 44 || time.Since(lost[0].At) > time.Minute:
				t.Errorf("%s: %+v", name, lost)
			}
		}
	}
}

func TestTimesFromTheFutureAreNotBelieved(t *testing.T) {
	now := time.Now()
	if at := madeAt(id(math.MaxInt64), now); !at.Equal(now) {
		t.Errorf("an id from %s is believed", at)
	}
	if at := madeAt(0, now); !at.Equal(now) {
		t.Errorf("no id is from %s", at)
	}
}

// FuzzEnvelope compares the scanner with encoding/json: on every object it must see the same members.
func FuzzEnvelope(f *testing.F) {
	for _, seed := range []string{
		`{"t":"MESSAGE_CREATE","s":42,"op":0,"d":{"guild_id":"1","channel_id":"2"}}`, `{"op":11,"d":null}`, `{}`, ` { "op" : 10 } `, `{"op":1`,
		`{"a":"\\\"","b":[{"c":"}"}],"op":-1}`, `{"s":18446744073709551616,"op":0}`, `[]`, `null`, `{"op":0,}`, `{"d":"\u0000\"","op":9}`,
		`{"op":1e2}`, `{"":{}}`, `{"op":0,"op":7}`, "\x00", `{"t":"` + strings.Repeat(`\\`, 99) + `"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = openEnvelope(data)
		got := map[string]string{}
		err := fields(data, func(key, value []byte) bool {
			got[string(key)] = string(value)
			return true
		})
		var want map[string]json.RawMessage
		if json.Unmarshal(data, &want) != nil || want == nil {
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		for key, value := range want {
			if plain, _ := json.Marshal(key); string(plain) != `"`+key+`"` || bytes.ContainsAny(data, "\\\xff") {
				continue // written with escapes, or not UTF-8
			}
			if seen, ok := got[key]; ok && seen != string(value) {
				t.Fatalf("%q: %s is %s, want %s", data, key, seen, value)
			}
		}
	})
}

// FuzzPayload feeds each kind with anything: nothing may panic, and no event may be without a guild.
func FuzzPayload(f *testing.F) {
	for k := kindMessageCreate; k < kindInteraction; k++ {
		for _, payload := range []string{
			`{"id":"1","guild_id":"2","channel_id":"3","author":null,"member":null,"user":null,"content":null}`, `{}`, `null`, `[]`, `7`,
			`{"guild_id":"2","user":{"id":"4"},"roles":null,"members":[{"user":null},null,{}],"chunk_index":-1,"chunk_count":0}`,
			`{"id":"2","roles":[{"id":"2","permissions":"99999999999999999999"}],"members":[{"user":{"id":"7"},"roles":["2","x",null]}],"unavailable":null}`,
			`{"guild_id":9223372036854775807,"id":1e400,"user_id":"-1","target_id":{},"changes":[{"key":"communication_disabled_until"}]}`,
			`{"guild_id":"2","role":{"id":"5","permissions":-1},"role_id":"5"}`, `{"guild_id":"2","id":"1","ids":["1",2,null,"x"],"action":{"type":3,"metadata":{"duration_seconds":1e18}}}`,
			`{"id":"1","guild_id":"2","channel_id":"1","components":[{"components":[{"accessory":{"component":{}}}]}]}`,
		} {
			f.Add(uint8(k), []byte(payload))
		}
	}
	f.Fuzz(func(t *testing.T, k uint8, payload []byte) {
		w := bench()
		if kind(k) >= kindMade {
			return
		}
		_, _ = place(kind(k), payload)
		_ = w.translate(item{kind: kind(k), at: time.Now(), payload: payload})
		for _, event := range w.out {
			where := event.Where()
			if where.Guild == 0 || where.At.IsZero() || where.At.After(time.Now().Add(2*farAhead)) {
				t.Fatalf("%s %q gave %+v", kind(k), payload, event)
			}
		}
		var use wireInteraction
		if decode(payload, &use) == nil {
			use.path()
			use.member()
		}
	})
}

func TestNoFrameStopsTheIntake(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	for _, frame := range []string{
		`not json`, `{}`, `{"op":0}`, `{"op":0,"t":"MESSAGE_CREATE","s":null,"d":null}`, `{"op":99,"d":{}}`, `[1,2`, ``,
		`{"op":10,"d":{"heartbeat_interval":-1}}`, `{"op":11,"d":"x"}`, `{"op":0,"t":7,"s":"x","d":[]}`, `{"op":0,"t":"READY","d":{}}`,
	} {
		sim.RawFrame([]byte(frame))
	}
	for _, name := range []string{"MESSAGE_CREATE", "GUILD_CREATE", "GUILD_MEMBER_ADD", "SOMETHING_NEW", "GUILD_AUDIT_LOG_ENTRY_CREATE"} {
		for _, payload := range []string{`null`, `[]`, `"x"`, `{"guild_id":{},"id":[]}`, `{"guild_id":"` + guild.String() + `","content":{},`} {
			sim.Raw(guild, name, []byte(payload))
		}
	}
	say(sim, channel, ada, 0, 3)
	inOrder(t, waitEvents[moderation.MessagePosted](t, r, 3), 3)
	s := r.Status()
	if s.State != StateConnected || s.Malformed == 0 || s.Quarantined != 0 || len(sim.Identifies()) != 1 || len(sim.Resumes()) != 0 {
		t.Errorf("status %+v, %d sessions", s, len(sim.Identifies()))
	}
}

func TestF23AFrameLargerThan16MBIsSkippedAndTheConnectionLives(t *testing.T) {
	for _, compress := range []bool{false, true} {
		t.Run(fmt.Sprintf("compressed %v", compress), func(t *testing.T) {
			sim := discord(t)
			guild, channel, ada := harbour(sim)
			r := start(t, sim, nil, func(o *Options) { o.Compress = compress })
			r.wait(t, StateConnected)
			say(sim, channel, ada, 0, 2)
			sim.Raw(guild, "MESSAGE_CREATE", []byte(`{"content":"`+strings.Repeat("a", int(defaultSizes.frame)+1)+`"}`))
			say(sim, channel, ada, 2, 2)
			inOrder(t, waitEvents[moderation.MessagePosted](t, r, 4), 4)
			if s := r.Status(); s.Malformed != 1 || len(sim.Resumes()) != 0 {
				t.Errorf("status %+v, %d resumes", s, len(sim.Resumes()))
			}
		})
	}
}

// A bomb breaks the connection each time it is replayed; after some rounds the session is given up rather than the bot.
func TestF23ABombCostsTheSessionNotTheBot(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	r := start(t, sim, nil, func(o *Options) { o.Compress, o.sizes = true, sizes{frame: 64 << 10, bomb: 1 << 20} })
	r.wait(t, StateConnected)
	sim.Raw(guild, "MESSAGE_CREATE", bytes.Repeat([]byte(" "), 2<<20))
	if err := sim.WaitIdentifies(within(t), 2); err != nil {
		t.Fatalf("%v; log:\n%s", err, r.logged)
	}
	r.ledger.waitGaps(t, 1)
	say(sim, channel, ada, 0, 2)
	inOrder(t, waitEvents[moderation.MessagePosted](t, r, 2), 2)
}
