package viewtest_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"guildwatch/internal/frame"
	"guildwatch/internal/stats"
	"guildwatch/views/event"
	"guildwatch/views/guild"
	"guildwatch/views/overview"
	"guildwatch/views/viewtest"
)

// nodes parses a component's HTML and lists its elements. A fragment is parsed inside a body.
func nodes(t *testing.T, text string) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var all []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	return all
}

func attr(n *html.Node, key string) (value string, has bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// The content security policy allows no script, style or handler inside a page; htmx runs none from attributes either.
func TestNothingIsInline(t *testing.T) {
	for _, s := range states() {
		for _, n := range nodes(t, raw(t, s.component)) {
			if n.Data == "style" {
				t.Errorf("%s: a style element", s.name)
			}
			if _, outside := attr(n, "src"); n.Data == "script" && (!outside || n.FirstChild != nil) {
				t.Errorf("%s: a script in the page", s.name)
			}
			for _, a := range n.Attr {
				switch {
				case a.Key == "style", strings.HasPrefix(a.Key, "on"), strings.HasPrefix(a.Key, "hx-on"),
					a.Key == "hx-vars":
					t.Errorf("%s: <%s %s=%q>", s.name, n.Data, a.Key, a.Val)
				case strings.Contains(strings.ToLower(a.Val), "javascript:"):
					t.Errorf("%s: <%s %s=%q> leads to a script", s.name, n.Data, a.Key, a.Val)
				}
			}
		}
	}
}

// What an id is asked for by must be there, once.
func TestIDs(t *testing.T) {
	for _, s := range states() {
		ids := map[string]int{}
		var asked []string
		all := nodes(t, raw(t, s.component))
		whole := strings.Contains(s.name, ".Page/") || strings.HasPrefix(s.name, "start.") || strings.HasPrefix(s.name, "signin.") ||
			strings.HasPrefix(s.name, "layout.")
		for _, n := range all {
			if id, ok := attr(n, "id"); ok {
				ids[id]++
			}
			for _, key := range []string{"for", "aria-labelledby", "aria-describedby", "popovertarget"} {
				if id, ok := attr(n, key); ok {
					asked = append(asked, strings.Fields(id)...)
				}
			}
			for _, key := range []string{"href", "hx-target"} {
				if id, ok := attr(n, key); ok && strings.HasPrefix(id, "#") {
					asked = append(asked, id[1:])
				}
			}
		}
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%s: id %q stands %d times", s.name, id, n)
			}
		}
		for _, id := range asked {
			if ids[id] == 0 && (whole || !strings.HasPrefix(s.name, "layout.")) {
				t.Errorf("%s: nothing has the id %q", s.name, id)
			}
		}
	}
}

// ours is where pictures may come from.
var ours = regexp.MustCompile(`^(/static/|https://cdn\.discordapp\.com/)`)

// Pictures have a text or are hidden from readers; everything that can be pressed has a name; only https leads out.
func TestNamesAndLinks(t *testing.T) {
	for _, s := range states() {
		for _, n := range nodes(t, raw(t, s.component)) {
			label, named := attr(n, "aria-label")
			switch n.Data {
			case "img":
				if _, ok := attr(n, "alt"); !ok {
					t.Errorf("%s: an img without alt", s.name)
				}
				if src, _ := attr(n, "src"); !ours.MatchString(src) {
					t.Errorf("%s: an img from %s", s.name, src)
				}
			case "svg":
				hidden, _ := attr(n, "aria-hidden")
				if role, _ := attr(n, "role"); hidden != "true" && role != "img" {
					t.Errorf("%s: an svg that is neither hidden nor a picture", s.name)
				}
			case "button", "a", "summary":
				if named && label != "" || strings.TrimSpace(text(n)) != "" {
					continue
				}
				t.Errorf("%s: <%s> without a name", s.name, n.Data)
			}
		}
	}
}

func text(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
		}
	}
	return out.String()
}

// A region is replaced by its own answer: both carry the frame's name as id, and a page has each of its regions once.
func TestRegions(t *testing.T) {
	o, g := viewtest.Overview(), viewtest.Guild(stats.PeriodDay)
	known := append(frame.Names(), event.Region)
	check := func(page state, names []frame.Name, one func(frame.Name) templ.Component) {
		whole := nodes(t, raw(t, page.component))
		for _, name := range names {
			if !slices.Contains(known, name) {
				t.Errorf("%s is no frame", name)
			}
			roots := 0
			for _, n := range whole {
				if region, ok := attr(n, "data-region"); ok && region == string(name) {
					roots++
				}
			}
			if roots != 1 {
				t.Errorf("%s has the region %s %d times", page.name, name, roots)
			}
			answer := nodes(t, raw(t, one(name)))[3] // after html, head, body
			if id, _ := attr(answer, "id"); id != string(name) {
				t.Errorf("region %s answers an element with id %q", name, id)
			}
		}
	}
	front := overview.Page(overview.View{Page: viewtest.Page("Overview", "/"), Overview: o})
	check(state{"overview", front}, overview.Regions(),
		func(n frame.Name) templ.Component { return overview.Region(n, o) })
	harbor := guild.Page(guild.View{Page: viewtest.GuildPage(viewtest.HarborID, "Pixel Harbor", ""), Guild: g})
	check(state{"guild", harbor}, guild.Regions(),
		func(n frame.Name) templ.Component { return guild.Region(n, g) })
	if overview.Region("panel-none", o) != nil || guild.Region("panel-none", g) != nil {
		t.Error("a region that no page has is answered")
	}
}

// A frame has 16 KB. Streamed panels stay below it on a server with a million messages an hour, all lanes full, one gap
// after the other, ten long names.
func TestPanelsFitIntoFrames(t *testing.T) {
	const limit = 16<<10 - 256 // the id, the event's name, "data: " before each line
	g := viewtest.Guild(stats.PeriodDay)
	for i := range g.Activity {
		g.Activity[i] = stats.Hour{Start: g.Activity[i].Start, Messages: 1_234_567, Commands: 12_345,
			Violations: 12_345, Actions: 12_345, Joins: 999, Leaves: 999, Gap: true}
	}
	long := strings.Repeat("\u202eW", 4) + strings.Repeat("語", 24) // Discord's limit is 32 characters
	for i := range 10 {
		g.Targets = append(g.Targets[:i], stats.Target{Person: viewtest.Person(int64(i+1), long),
			Actions: 1_000_000, Last: g.At})
		g.Offenders = append(g.Offenders[:i], stats.Offender{Person: viewtest.Person(int64(i+1), long),
			Violations: 1_000_000, Last: g.At})
	}
	for len(g.Gaps) < 20 {
		g.Gaps = append(g.Gaps, g.Gaps[1])
	}
	o := viewtest.Overview()
	o.Activity = g.Activity
	for _, name := range guild.Regions() {
		if n := len(raw(t, guild.Region(name, g))); n > limit && name != event.Region {
			t.Errorf("guild's %s is %d bytes", name, n)
		}
	}
	for _, name := range overview.Regions() {
		if n := len(raw(t, overview.Region(name, o))); n > limit && name != event.Region {
			t.Errorf("overview's %s is %d bytes", name, n)
		}
	}
	worst := viewtest.Lines()[0]
	worst.Target.Name, worst.Detail, worst.Label = strings.Repeat("\u200b", 32), strings.Repeat("\u200b", 600),
		strings.Repeat("\u200b\"", 50)
	if n := len(raw(t, event.Row(event.Item{Line: worst, Now: viewtest.Now}))); n > limit {
		t.Errorf("a row full of invisible characters is %d bytes", n)
	}
}

// A line of the feed is one element on the wire whatever people write: no line break gets from a text into a frame.
func TestRowsAreOneLine(t *testing.T) {
	breaks := regexp.MustCompile(`[\r\n\x{2028}\x{2029}\x{85}]`)
	for _, line := range viewtest.Lines() {
		line.Detail += "\r\ndata: x\n\nevent: end\u2028\u2029\u0085"
		line.Label += "\nid: 9"
		html := raw(t, event.Row(event.Item{Line: line, Now: viewtest.Now}))
		if at := breaks.FindStringIndex(html); at != nil {
			t.Errorf("a break at byte %d of %s", at[0], html)
		}
	}
}
