package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// The people of a steered house. The keeper owns home; each of the others has the role that the name says, for another
// reason.
const (
	adminID  = snowflake.UserID(201) // has the Discord role staff, an administrator
	modID    = snowflake.UserID(202) // has the Discord role mods, which means moderator
	viewerID = snowflake.UserID(203) // was made viewer by the keeper
	plainID  = snowflake.UserID(204) // has none
	robotID  = snowflake.UserID(205)
	farID    = snowflake.UserID(206) // a member of the other guild alone
	secondID = snowflake.UserID(207) // was made owner by the keeper
)

const (
	staffRole = snowflake.RoleID(301)
	modsRole  = snowflake.RoleID(302)
	botsRole  = snowflake.RoleID(303) // managed
	farRole   = snowflake.RoleID(304) // of the other guild
)

const (
	generalChannel = snowflake.ChannelID(401)
	logsChannel    = snowflake.ChannelID(402)
	newsChannel    = snowflake.ChannelID(403)
	staffCategory  = snowflake.ChannelID(404)
	voiceChannel   = snowflake.ChannelID(405)
	farChannel     = snowflake.ChannelID(406) // of the other guild
)

// Names that become HTML, turn their neighbours around, or end an attribute, where a page lets them.
const (
	evilName    = "<script>alert(1)</script>"
	evilNick    = "ni\u202eck\" onload=\"alert(2)"
	evilRole    = "</option><script>alert(3)</script>\u202e"
	evilChannel = "logs\"'><img src=x onerror=alert(4)>"
)

// other is a guild that the bot is in and the keeper has no role in.
const other = snowflake.GuildID(81384788765712390)

// said is what the bot was asked to write.
type said struct {
	mu     sync.Mutex
	lines  []string // channel and text
	refuse error
}

func (s *said) say(_ context.Context, channel snowflake.ChannelID, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse != nil {
		return s.refuse
	}
	s.lines = append(s.lines, channel.String()+" "+text)
	return nil
}

// steered is a house with people of every role, Discord roles and channels.
func steered(t *testing.T, change func(*Options)) (*house, *said) {
	t.Helper()
	bot := &said{}
	h := open(t, func(o *Options) {
		o.Say = bot.say
		if change != nil {
			change(o)
		}
	})
	seed(t, h.Store)
	grant, err := access.Check[access.ManageRoles](t.Context(), h.Roster, access.Person(keeper, true), home)
	if err != nil {
		t.Fatal(err)
	}
	for _, given := range []struct {
		to   access.Subject
		role access.Role
	}{{access.Member(viewerID), access.Viewer}, {access.Member(secondID), access.Owner},
		{access.HoldersOf(modsRole), access.Moderator}} {
		if err := h.Store.AssignRole(t.Context(), grant, given.to, given.role); err != nil {
			t.Fatal(err)
		}
	}
	return h, bot
}

func seed(t *testing.T, s *store.Store) {
	t.Helper()
	ctx, at := t.Context(), noon.Add(-time.Hour)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.SeeGuild(ctx, moderation.GuildSeen{Origin: moderation.Origin{Guild: home, At: at},
		Profile: moderation.Guild{ID: home, Name: "Canary <Coffee> House", Owner: keeper, JoinedAt: at},
		Roles: []moderation.DiscordRole{{ID: snowflake.RoleID(home), Name: "@everyone"},
			{ID: staffRole, Name: "Staff", Color: 0xe67e22, Position: 9, Permissions: moderation.PermAdministrator},
			{ID: modsRole, Name: evilRole, Position: 5}, {ID: botsRole, Name: "Robots", Position: 3, Managed: true}},
		Channels: []moderation.Channel{{ID: staffCategory, Name: "Staff only", Kind: moderation.ChannelCategory, Position: 5},
			{ID: generalChannel, Name: "general", Position: 1}, {ID: voiceChannel, Name: "Voice", Kind: 2, Position: 2},
			{ID: logsChannel, Name: evilChannel, Position: 6, Parent: staffCategory},
			{ID: newsChannel, Name: "news", Kind: moderation.ChannelAnnouncements, Position: 7}}}))
	must(s.SeeGuild(ctx, moderation.GuildSeen{Origin: moderation.Origin{Guild: other, At: at},
		Profile:  moderation.Guild{ID: other, Name: "Other canary", Owner: farID, JoinedAt: at},
		Roles:    []moderation.DiscordRole{{ID: snowflake.RoleID(other), Name: "@everyone"}, {ID: farRole, Name: "Far canary"}},
		Channels: []moderation.Channel{{ID: farChannel, Name: "far-canary"}}}))
	member := func(id snowflake.UserID, name, nick string, roles ...snowflake.RoleID) moderation.Member {
		return moderation.Member{User: moderation.User{ID: id, Name: name, Bot: id == robotID}, Nick: nick, Roles: roles,
			JoinedAt: at}
	}
	must(s.SeeMembers(ctx, home, []moderation.Member{member(keeper, "keeper", ""), member(adminID, "admin-ann", "", staffRole),
		member(modID, evilName, evilNick, modsRole), member(viewerID, "viewer-vic", ""), member(plainID, "plain-pat", ""),
		member(robotID, "robot-rob", "", botsRole), member(secondID, "second-sue", "")}))
	must(s.SeeMembers(ctx, other, []moderation.Member{member(farID, "far-canary", "", farRole)}))
}

func (h *house) roleOf(t *testing.T, user snowflake.UserID) access.Role {
	t.Helper()
	standing, _, err := h.Store.Standing(t.Context(), home, user)
	if err != nil {
		t.Fatal(err)
	}
	return standing.Role()
}

// auditLog is the newest of a guild's log.
func (h *house) auditLog(t *testing.T, guild snowflake.GuildID) (rows []store.AuditRow) {
	t.Helper()
	if err := h.Store.Read(t.Context(), func(now *store.Snapshot) {
		rows = now.Audit(guild, store.AuditFilter{}, 100)
	}); err != nil {
		t.Fatal(err)
	}
	return rows
}

// form is one that stands on a page: where it goes and what it would send.
type form struct {
	method, action string
	values         url.Values
	choices        map[string][]string // what fields with a choice offer
}

// forms reads the forms of a page as a browser without scripts does.
func forms(t *testing.T, page string) (found []form) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	get := func(n *html.Node, key string) (string, bool) {
		at := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
		if at < 0 {
			return "", false
		}
		return n.Attr[at].Val, true
	}
	for n := range root.Descendants() {
		if n.Data != "form" {
			continue
		}
		f := form{values: url.Values{}, choices: map[string][]string{}}
		f.method, _ = get(n, "method")
		f.action, _ = get(n, "action")
		for field := range n.Descendants() {
			name, _ := get(field, "name")
			value, _ := get(field, "value")
			kind, _ := get(field, "type")
			_, checked := get(field, "checked")
			switch {
			case field.Data == "select":
				f.options(field, name, get)
			case field.Data == "input" && kind == "radio":
				f.choices[name] = append(f.choices[name], value)
				if checked {
					f.values.Set(name, value)
				}
			case field.Data == "input" && kind == "checkbox":
				f.choices[name] = append(f.choices[name], value)
				if checked {
					f.values.Add(name, value)
				}
			case field.Data == "input":
				f.values.Set(name, value)
			case field.Data == "textarea" && field.FirstChild != nil:
				f.values.Set(name, field.FirstChild.Data)
			case field.Data == "textarea":
				f.values.Set(name, "")
			}
		}
		found = append(found, f)
	}
	return found
}

func (f form) options(field *html.Node, name string, get func(*html.Node, string) (string, bool)) {
	for option := range field.Descendants() {
		if option.Data != "option" {
			continue
		}
		value, _ := get(option, "value")
		f.choices[name] = append(f.choices[name], value)
		if _, selected := get(option, "selected"); selected || len(f.choices[name]) == 1 {
			f.values.Set(name, value)
		}
	}
}

// formTo is the page's form with a field of that name, posted to that path.
func formTo(t *testing.T, page, path, field string) form {
	t.Helper()
	for _, f := range forms(t, page) {
		if _, has := f.values[field]; f.method == "post" && f.action == path && (has || f.choices[field] != nil) {
			return f
		}
	}
	t.Fatalf("no form to %s with the field %s", path, field)
	return form{}
}

// submit sends a form as the browser of whoever has the cookie does; "" is the keeper's.
func (h *house) submit(t *testing.T, cookie, path string, values url.Values) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL+path, strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if cookie == "" {
		cookie = h.cookie
	}
	r.Header.Set("Cookie", cookie)
	return h.send(t, r)
}

// clean fails when a text of users became more than text.
func clean(t *testing.T, what, body string) {
	t.Helper()
	for _, part := range []string{"<script>alert", "onerror=alert(4)>", "\" onload=\"alert", "\u202e", "<Coffee>"} {
		if strings.Contains(body, part) {
			t.Errorf("%s has %q as it was written", what, part)
		}
	}
}

// textNodes are the texts of a page, in their order.
func textNodes(page string) (texts []string) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil
	}
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" {
			texts = append(texts, n.Data+" ")
		}
	}
	return texts
}
