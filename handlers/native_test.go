package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/native"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// The native rules of home and of the other guild.
const (
	homeNative snowflake.RuleID = 7101
	farNative  snowflake.RuleID = 7102
)

// paper is where native rules stand as in Discord; cmd/guildwatch's tests ask the stand-in itself.
type paper struct {
	mu      sync.Mutex
	rules   map[snowflake.RuleID]moderation.NativeRule
	refuses error
	next    snowflake.RuleID
}

// newPaper has a native rule of home and one of the other guild.
func newPaper() *paper {
	return &paper{rules: map[snowflake.RuleID]moderation.NativeRule{homeNative: houseNative(homeNative, "House words"),
		farNative: houseNative(farNative, "Far words")}}
}

func (p *paper) NativeRule(_ context.Context, _ snowflake.GuildID, id snowflake.RuleID) (moderation.NativeRule, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r, there := p.rules[id]
	if !there {
		return r, fault.New(fault.NotFound, "Discord has no such AutoMod rule any more.")
	}
	return r, nil
}

func (p *paper) MakeNativeRule(
	_ context.Context, _ snowflake.GuildID, r moderation.NativeRule, _ string,
) (moderation.NativeRule, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next++
	r.ID = 8000 + p.next
	if p.refuses == nil {
		p.rules[r.ID] = r
	}
	return r, p.refuses
}

func (p *paper) ChangeNativeRule(
	_ context.Context, _ snowflake.GuildID, _, to moderation.NativeRule, _ string,
) (moderation.NativeRule, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuses == nil {
		p.rules[to.ID] = to
	}
	return to, p.refuses
}

func (p *paper) DeleteNativeRule(_ context.Context, _ snowflake.GuildID, id snowflake.RuleID, _ string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.rules, id)
	return p.refuses
}

// put has somebody change a rule in Discord, of which nobody has heard here yet.
func (p *paper) put(r moderation.NativeRule) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rules[r.ID] = r
}

func houseNative(id snowflake.RuleID, name string) moderation.NativeRule {
	return moderation.NativeRule{ID: id, Name: name, Trigger: moderation.TriggerKeyword, Enabled: true,
		Spec: moderation.NativeSpec{Keywords: []string{"blorp"}, Actions: []moderation.NativeAction{{Kind: moderation.NativeBlock}}}}
}

// arm gives a guild a native rule, as the gateway tells of one.
func (h *house) arm(t *testing.T, guild snowflake.GuildID, id snowflake.RuleID, name string) {
	t.Helper()
	r := houseNative(id, name)
	must(t, h.Store.SeeNativeRule(t.Context(), moderation.NativeRuleSeen{Origin: moderation.Origin{Guild: guild, At: noon},
		Rule: r.ID, Name: r.Name, Trigger: r.Trigger, Enabled: true, Spec: &r.Spec}))
}

// armed is a governed house over a Discord that has home's native rule.
func armed(t *testing.T) (*house, *paper) {
	t.Helper()
	discord := newPaper()
	delete(discord.rules, farNative)
	h := governed(t, func(o *Options) { o.Native = native.NewBook(discord, o.Store) })
	h.arm(t, home, homeNative, "House words")
	h.arm(t, other, farNative, "Far words")
	return h, discord
}

func (h *house) natives(t *testing.T) (list []moderation.NativeRuleSeen) {
	t.Helper()
	must(t, h.Store.Read(context.WithoutCancel(t.Context()), func(now *store.Snapshot) { list = now.NativeRules(home) }))
	return list
}

var nativePath = rulesPath + "/native/" + homeNative.String()

func TestWhoMayDoWhatWithNativeRules(t *testing.T) {
	h, _ := armed(t)
	ways := []string{rulesPath + "/severities", `action="` + nativePath + `"`, `action="` + nativePath + `/switch"`,
		rulesPath + "/1/promote", `action="` + nativePath + `/delete"`}
	for user, want := range map[snowflake.UserID]struct{ ways, get, save, remove int }{
		keeper: {5, 200, 422, 409}, adminID: {4, 200, 422, 403}, modID: {1, 200, 403, 403}, viewerID: {1, 200, 403, 403},
		plainID: {0, 404, 404, 404}, farID: {0, 404, 404, 404},
	} {
		cookie := h.signIn(t, user)
		pages := ""
		for _, path := range []string{rulesPath, nativePath, rulesPath + "/1"} {
			pages += h.get(t, want.get, path, "Cookie", cookie).body
		}
		for i, way := range ways {
			if there := strings.Contains(pages, way); there != (i < want.ways) {
				t.Errorf("%d: %s is there: %t", user, way, there)
			}
		}
		if got := h.submit(t, cookie, nativePath, url.Values{"name": {""}}); got.StatusCode != want.save {
			t.Errorf("%d: saving answers %d, want %d", user, got.StatusCode, want.save)
		}
		if got := h.submit(t, cookie, nativePath+"/delete", url.Values{"seen": {"stale"}}); got.StatusCode != want.remove {
			t.Errorf("%d: deleting answers %d, want %d", user, got.StatusCode, want.remove)
		}
	}
}

// As a browser without scripts: an admin makes a rule, changes it, switches it off; an owner deletes it.
func TestANativeRuleFromItsFormToItsEnd(t *testing.T) {
	h, discord := armed(t)
	cookie := h.signIn(t, adminID)
	page := h.get(t, 200, rulesPath+"/native/new?trigger=5", "Cookie", cookie).body
	clean(t, "the form", page)
	f := formTo(t, page, rulesPath+"/native/new", "mentions")
	f.values.Set("name", "Pings "+evilName)
	f.values.Set("mentions", "51")
	if got := h.submit(t, cookie, f.action, f.values); got.StatusCode != 422 || !strings.Contains(got.body, "1 to 50") {
		t.Errorf("too many: %d %s", got.StatusCode, plainText(got.body))
	}
	f.values.Set("mentions", "12")
	f.values["exempt_roles"] = []string{modsRole.String()}
	f.values.Set("alert", logsChannel.String())
	f.values.Set("times_out", "yes")
	f.values.Set("timeout", "2")
	f.values.Set("timeout_unit", "h")
	got := h.submit(t, cookie, f.action, f.values)
	if got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	to := got.Header.Get("Location")
	page = h.get(t, 200, to, "Cookie", cookie).body
	clean(t, "the rule", page)
	for _, part := range []string{"Mentions that are fine 12", "timeout of 2 h", evilName} {
		if text := plainText(page); !strings.Contains(text, part) {
			t.Errorf("the page does not say %q: %s", part, text)
		}
	}
	f = formTo(t, page, to, "mentions")
	f.values.Set("mentions", "9")
	f.values.Del("times_out")
	if got := h.submit(t, cookie, f.action, f.values); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	list := h.get(t, 200, rulesPath, "Cookie", cookie).body
	clean(t, "the list", list)
	f = formTo(t, list, to+"/switch", "on")
	if got := h.submit(t, cookie, f.action, f.values); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	made := discord.rules[8001]
	if _, times := made.Spec.Action(moderation.NativeTimeout); made.Enabled || made.Spec.Mentions != 9 || times ||
		len(made.Spec.ExemptRoles) != 1 {
		t.Errorf("Discord has %+v", made)
	}
	alone(t, h.get(t, 200, rulesPath+"?region=natives"), "natives")
	owner := h.get(t, 200, to).body
	f = formTo(t, owner, to+"/delete", "seen")
	if got := h.submit(t, "", f.action, f.values); got.StatusCode != http.StatusSeeOther || len(h.natives(t)) != 1 {
		t.Errorf("status %d, %d rules: %s", got.StatusCode, len(h.natives(t)), plainText(got.body))
	}
	h.get(t, 404, to)
}

// What somebody changed meanwhile, here or in Discord, is not lost: the later one gets a conflict with the difference.
func TestTheLaterOfTwoEditorsOfANativeRuleSeesWhatTheOtherDid(t *testing.T) {
	h, discord := armed(t)
	cookie := h.signIn(t, adminID)
	f := formTo(t, h.get(t, 200, nativePath, "Cookie", cookie).body, nativePath, "keywords")
	theirs := houseNative(homeNative, "House words")
	theirs.Spec.Keywords = []string{"blorp", "florp"}
	discord.put(theirs)
	f.values.Set("keywords", "blorp\nzonk")
	got := h.submit(t, cookie, f.action, f.values)
	if text := plainText(got.body); got.StatusCode != http.StatusConflict || !strings.Contains(text, "Somebody was faster") ||
		!strings.Contains(text, "before: florp → after: zonk") {
		t.Fatalf("status %d: %s", got.StatusCode, text)
	}
	clean(t, "the conflict", got.body)
	if list := h.natives(t); len(list[0].Spec.Keywords) != 2 {
		t.Errorf("what Discord has is not noted: %+v", list[0].Spec)
	}
	f = formTo(t, got.body, nativePath, "keywords")
	if got := h.submit(t, cookie, f.action, f.values); got.StatusCode != http.StatusSeeOther {
		t.Errorf("saved once more: %d", got.StatusCode)
	}
	if now := discord.rules[homeNative].Spec.Keywords; len(now) != 2 || now[1] != "zonk" {
		t.Errorf("Discord has %v", now)
	}
	press := url.Values{"seen": {native.Mark(&theirs)}, "on": {"no"}}
	if got := h.submit(t, cookie, nativePath+"/switch", press); got.StatusCode != http.StatusConflict {
		t.Errorf("a button of an old page: %d", got.StatusCode)
	}
	delete(discord.rules, homeNative)
	if got := h.submit(t, cookie, f.action, f.values); got.StatusCode != http.StatusNotFound || len(h.natives(t)) != 0 {
		t.Errorf("a rule that went: %d, %d left", got.StatusCode, len(h.natives(t)))
	}
}

// That guildwatch may not says nothing about who asks: the form comes back with what is missing.
func TestWhatDiscordRefusesOfANativeRuleIsSaid(t *testing.T) {
	h, discord := armed(t)
	cookie := h.signIn(t, adminID)
	f := formTo(t, h.get(t, 200, nativePath, "Cookie", cookie).body, nativePath, "keywords")
	f.values.Set("name", "Renamed")
	discord.refuses = fault.New(fault.Forbidden, "guildwatch lacks the permission Manage Server.")
	got := h.submit(t, cookie, f.action, f.values)
	if got.StatusCode != 422 || !strings.Contains(plainText(got.body), "Nothing was saved. guildwatch lacks the permission Manage Server.") ||
		!strings.Contains(got.body, `value="Renamed"`) {
		t.Errorf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	if list := h.natives(t); list[0].Name != "House words" {
		t.Error("what Discord refused is noted as done")
	}
}

// A rule is promoted with what can be carried over said first; guildwatch's own stays, and shadow mode is offered.
func TestARuleIsPromoted(t *testing.T) {
	h, discord := armed(t)
	cookie := h.signIn(t, adminID)
	page := h.get(t, 200, rulesPath+"/1/promote", "Cookie", cookie).body
	clean(t, "the promotion", page)
	for _, part := range []string{"Is carried over 1 word", "Stays with guildwatch", "knows no ladder"} {
		if text := plainText(page); !strings.Contains(text, part) {
			t.Errorf("the page does not say %q: %s", part, text)
		}
	}
	if len(discord.rules) != 1 {
		t.Error("looking made a rule")
	}
	f := formTo(t, page, rulesPath+"/native/new", "keywords")
	got := h.submit(t, cookie, f.action, f.values)
	if got.StatusCode != http.StatusSeeOther || len(discord.rules) != 2 {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	page = h.get(t, 200, got.Header.Get("Location"), "Cookie", cookie).body
	f = formTo(t, page, rulesPath+"/1/mode", "mode")
	if f.values.Get("mode") != "shadow" {
		t.Errorf("offered is %v", f.values)
	}
	for range 4 {
		_, _ = discord.MakeNativeRule(t.Context(), home, houseNative(0, "more"), "")
	}
	for id, r := range discord.rules {
		h.arm(t, home, id, r.Name)
	}
	if text := plainText(h.get(t, 200, rulesPath+"/1/promote", "Cookie", cookie).body); !strings.Contains(text, "Discord allows 6") {
		t.Errorf("no room is left: %s", text)
	}
}

func TestANativeRuleIsTriedWithoutSavingIt(t *testing.T) {
	h, discord := armed(t)
	cookie := h.signIn(t, adminID)
	f := formTo(t, h.get(t, 200, nativePath, "Cookie", cookie).body, nativePath, "keywords")
	f.values.Set("keywords", "zonk*")
	f.values.Set("sample", "A ZONKED one")
	f.values.Set("do", "try")
	got := h.submit(t, cookie, f.action, f.values)
	if text := plainText(got.body); got.StatusCode != 200 || !strings.Contains(text, "zonk* finds ZONK") {
		t.Errorf("status %d: %s", got.StatusCode, text)
	}
	if discord.rules[homeNative].Spec.Keywords[0] != "blorp" {
		t.Error("trying saved it")
	}
}

func TestTheTableOfSeverities(t *testing.T) {
	h, _ := armed(t)
	path, cookie := rulesPath+"/severities", h.signIn(t, adminID)
	clean(t, "for viewers", h.get(t, 200, path, "Cookie", h.signIn(t, viewerID)).body)
	page := h.get(t, 200, path, "Cookie", cookie).body
	clean(t, "the table", page)
	first, second := formTo(t, page, path, "spam"), formTo(t, page, path, "slurs")
	first.values.Set("spam", "low")
	if got := h.submit(t, cookie, first.action, first.values); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.StatusCode, plainText(got.body))
	}
	second.values.Set("slurs", "critical")
	got := h.submit(t, cookie, second.action, second.values)
	if got.StatusCode != http.StatusConflict || !strings.Contains(plainText(got.body), "Somebody was faster") {
		t.Errorf("the later one: %d", got.StatusCode)
	}
	var table moderation.NativeSeverities
	must(t, h.Store.Read(t.Context(), func(now *store.Snapshot) { table = now.NativeSeverities(home) }))
	if table.Of(moderation.CatchSpam) != moderation.SeverityLow || table.Of(moderation.CatchSlurs) != moderation.SeverityHigh {
		t.Errorf("kept is %v", table)
	}
	second.values.Set("was", first.values.Get("was"))
	second.values.Set("mentions", "weather")
	if got := h.submit(t, cookie, path, second.values); got.StatusCode != 422 && got.StatusCode != 409 {
		t.Errorf("a severity that there is not: %d", got.StatusCode)
	}
}
