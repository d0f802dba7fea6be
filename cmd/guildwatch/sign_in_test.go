package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/browser"
	"guildwatch/internal/config"
	"guildwatch/internal/discordsim"
	"guildwatch/internal/snowflake"
)

// newGate is a stage on which people have to sign in. Ada is an administrator of the guild, bob is nobody.
func newGate(t testing.TB) *stage {
	t.Helper()
	s := newStage(t)
	s.strict = true
	owner := s.sim.OwnerID()
	role := s.sim.AddRole(s.guild, owner, discordsim.Role{Name: "Boss", Permissions: discordsim.PermissionAdministrator})
	if !s.sim.SetRoles(s.guild, owner, s.ada, role) {
		t.Fatal("the stand-in refuses a role")
	}
	return s
}

// dashboard runs /guildwatch dashboard as somebody and gives what the bot says, and the address of its button.
func (s *stage) dashboard(user snowflake.UserID) (text, address string) {
	s.Helper()
	var use snowflake.InteractionID
	s.until("the command is registered", func() bool {
		use = s.sim.RunCommand(s.channel, user, "guildwatch dashboard")
		return use != 0
	})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	answer, err := s.sim.WaitAnswer(ctx, use)
	if err != nil {
		s.Fatal(err)
	}
	if !answer.Ephemeral {
		s.Error("everybody can read the answer")
	}
	if buttons := answer.Original.Buttons(); len(buttons) > 0 {
		address = buttons[0].URL
	}
	return answer.Original.Text, address
}

// person is a browser without scripts, with cookies of its own.
type person struct {
	*stage
	client *http.Client
}

func (s *stage) person() *person {
	jar, _ := cookiejar.New(nil) // never fails
	transport := &http.Transport{}
	s.Cleanup(transport.CloseIdleConnections)
	return &person{s, &http.Client{Jar: jar, Transport: transport}}
}

// visit opens an address, redirects followed, and gives the status, where that led and the page.
func (p *person) visit(method, address string) (status int, path, body string) {
	p.Helper()
	if strings.HasPrefix(address, "/") {
		address = "http://" + p.address + address
	}
	r, err := http.NewRequestWithContext(context.Background(), method, address, nil)
	if err != nil {
		p.Fatal(err)
	}
	response, err := p.client.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		p.Fatal(err)
	}
	return response.StatusCode, response.Request.URL.Path, string(text)
}

// From the command in Discord to the guild's page in a real browser: the link opens a page with a button, the button
// signs in, a second opening says that it is spent. The link is in no log and in no Referer.
func TestSomebodySignsInFromDiscord(t *testing.T) {
	tab := browser.New(t)
	complaints := browser.Listen(t, tab)
	s := newGate(t)
	log := &tape{}
	s.log, s.config.LogLevel = log, slog.LevelDebug
	s.open()
	_, address := s.dashboard(s.ada)
	link, err := url.Parse(address)
	if err != nil || link.Host != s.address || !strings.HasPrefix(link.Path, "/sign-in/link/") {
		t.Fatalf("the button leads to %q: %v", address, err)
	}

	browser.Open(t, tab, address)
	if text := browser.Eval[string](t, tab, `document.querySelector("main").innerText`); !strings.Contains(text,
		"Sign in as ada") ||
		!strings.Contains(text, "Harbour") {
		t.Errorf("the page of the link says %q", text)
	}
	browser.Click(t, tab, `main button[type="submit"]`)
	browser.Wait(t, tab, `location.pathname === "`+s.page()+`" && document.querySelector("h1").innerText === "Harbour"`)
	if cookies := browser.Eval[string](t, tab, `document.cookie`); cookies != "" {
		t.Errorf("scripts can read %q", cookies)
	}
	browser.Wait(t, tab, `document.querySelector("[data-connection]").dataset.state === "live"`)

	other := browser.Tab(t, tab)
	browser.Open(t, other, address)
	if text := browser.Eval[string](t, other, `document.querySelector("main").innerText`); !strings.Contains(text,
		"used already") {
		t.Errorf("the second opening says %q", text)
	}
	complaints.None(t)

	browser.Open(t, tab, "http://"+s.address+"/sessions")
	if n := browser.Eval[int](t, tab, `document.querySelectorAll(".session").length`); n != 1 {
		t.Errorf("%d sessions", n)
	}
	browser.Click(t, tab, `.menu-button`)
	browser.Click(t, tab, `.account > summary`)
	browser.Click(t, tab, `.account button[type="submit"]`)
	browser.Wait(t, tab, `location.pathname === "/sign-in" && document.body.innerText.includes("You are signed out.")`)
	browser.Open(t, tab, "http://"+s.address+s.page())
	browser.Wait(t, tab, `location.pathname === "/sign-in" && `+
		`new URLSearchParams(location.search).get("next") === "`+s.page()+`"`)
	s.close()
	token := strings.TrimPrefix(link.Path, "/sign-in/link/")
	if strings.Contains(log.String(), token) || !strings.Contains(log.String(), "/sign-in/link/:token") {
		t.Error("the link stands in the log, or its route does not")
	}
}

// What people may see follows Discord at once: who loses the role loses the guild with the next request.
func TestRightsFollowDiscord(t *testing.T) {
	s := newGate(t)
	s.open()
	_, address := s.dashboard(s.ada)
	ada := s.person()
	if status, path, body := ada.visit("GET", address); status != 200 || strings.Contains(body, "used already") {
		t.Fatalf("the link: %d at %s", status, path)
	}
	if status, path, body := ada.visit("POST", address); status != 200 || path != s.page() ||
		!strings.Contains(body, "Harbour") {
		t.Fatalf("after the button: %d at %s", status, path)
	}
	if status, _, _ := ada.visit("GET", "/instance"); status != 403 {
		t.Errorf("an administrator of a guild opens the instance: %d", status)
	}
	s.sim.SetRoles(s.guild, s.sim.OwnerID(), s.ada)
	s.until("the guild is gone for ada", func() bool {
		status, _, _ := ada.visit("GET", s.page())
		return status == 404
	})
	if _, _, body := ada.visit("GET", "/servers"); strings.Contains(body, "Harbour") {
		t.Error("the list of servers still names it")
	}
	if text, address := s.dashboard(s.ada); address != "" || !strings.Contains(text, "no role") {
		t.Errorf("without a role the command says %q, %q", text, address)
	}
	s.close()
}

// Who has no role is told how to get one, and gets no link.
func TestTheCommandSaysHowToGetARole(t *testing.T) {
	s := newGate(t)
	s.open()
	if text, address := s.dashboard(s.bob); address != "" || !strings.Contains(text, "owner can give you one") {
		t.Errorf("the command says %q, %q", text, address)
	}
	s.close()
}

// Through Discord's own page, with the client secret of the environment: the application's owner lands on the overview.
func TestSomebodySignsInThroughDiscordsPage(t *testing.T) {
	s := newGate(t)
	s.config.ClientSecret = config.NewSecret(s.sim.ClientSecret())
	s.open()
	s.sim.AuthorizeAs(s.sim.OwnerID())
	owner := s.person()
	s.until("the application is known", func() bool {
		_, _, body := owner.visit("GET", "/sign-in?next=%2Fservers")
		return strings.Contains(body, `href="/sign-in/discord?next=%2Fservers"`)
	})
	if status, path, _ := owner.visit("GET", "/sign-in/discord?next=%2Fservers"); status != 200 || path != "/servers" {
		t.Errorf("on the way back: %d at %s", status, path)
	}
	s.until("the owner of the application is the operator", func() bool {
		status, path, body := owner.visit("GET", "/")
		return status == 200 && path == "/" && strings.Contains(body, "Overview")
	})
	s.close()
}

// Without the member list, as where the privileged intent is not granted, Discord is asked about who signs in: once in
// 30 s, however many pages they open.
func TestReducedModeAsksDiscord(t *testing.T) {
	s := newGate(t)
	s.sim.Set(func(k *discordsim.Knobs) { k.PrivilegedIntents = 0 })
	s.config.ClientSecret = config.NewSecret(s.sim.ClientSecret())
	s.open()
	s.sim.AuthorizeAs(s.ada)
	ada := s.person()
	s.until("the application is known", func() bool {
		_, _, body := ada.visit("GET", "/sign-in")
		return strings.Contains(body, "/sign-in/discord")
	})
	if status, path, _ := ada.visit("GET", "/sign-in/discord?next=%2Fservers"); status != 200 || path != "/servers" {
		t.Fatalf("after signing in: %d at %s", status, path)
	}
	open := func() bool { status, _, _ := ada.visit("GET", s.page()); return status == 200 }
	s.until("the guild is there", open)
	for range 5 {
		if !open() {
			t.Error("the guild's page is closed again")
		}
	}
	if _, _, body := ada.visit("GET", "/servers"); !strings.Contains(body, "Harbour") {
		t.Error("the list of servers lacks the guild")
	}
	if n := len(s.asked(s.ada)); n != 1 {
		t.Errorf("Discord was asked %d times about ada", n)
	}
	s.close()
}

// Without the member list nobody tells who leaves, but bans and kicks are told: whoever is thrown out is so from the
// dashboard too, now and not when Discord is asked again in 30 s.
func TestReducedModeHearsOfBansAndKicks(t *testing.T) {
	const soon = 20 * time.Second // well below the 30 s
	s := newGate(t)
	s.sim.Set(func(k *discordsim.Knobs) { k.PrivilegedIntents = 0 })
	owner := s.sim.OwnerID()
	s.sim.SetRoles(s.guild, owner, s.bob, s.sim.RoleNamed(s.guild, "Boss"))
	s.open()
	for _, c := range []struct {
		name string
		user snowflake.UserID
		out  func(guild snowflake.GuildID, by, target snowflake.UserID, reason string) bool
	}{{"banned", s.ada, s.sim.Ban}, {"kicked", s.bob, s.sim.Kick}} {
		var address string
		s.until("the roles are known", func() bool { _, address = s.dashboard(c.user); return address != "" })
		who := s.person()
		if status, path, _ := who.visit("POST", address); status != 200 || path != s.page() {
			t.Fatalf("%s: after the button: %d at %s", c.name, status, path)
		}
		response, err := who.client.Get("http://" + s.address + "/live/" + s.guild.String())
		if err != nil || response.StatusCode != 200 {
			t.Fatalf("%s: the stream: %v %v", c.name, response, err)
		}
		defer response.Body.Close()
		ended := make(chan string, 1)
		go func() {
			text, _ := io.ReadAll(response.Body)
			ended <- string(text)
		}()
		began := time.Now()
		if !c.out(s.guild, owner, c.user, "") {
			t.Fatalf("%s: the stand-in refuses", c.name)
		}
		select {
		case text := <-ended:
			if !strings.Contains(text, "no longer have a role") {
				t.Errorf("%s: the stream ends with %q", c.name, text)
			}
		case <-time.After(soon):
			t.Fatalf("%s: the stream goes on for %s", c.name, soon)
		}
		if status, _, _ := who.visit("GET", s.page()); status != 404 || time.Since(began) > soon {
			t.Errorf("%s: %s later the guild's page is %d", c.name, time.Since(began), status)
		}
	}
	s.close()
}

// asked are the questions to Discord about one member.
func (s *stage) asked(user snowflake.UserID) (found []discordsim.Request) {
	for _, r := range s.sim.Requests() {
		if r.Method == "GET" && strings.HasSuffix(r.Path, "/members/"+user.String()) {
			found = append(found, r)
		}
	}
	return found
}
