package handlers

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// bring posts a file as a browser does.
func (h *house) bring(t *testing.T, cookie, format, name, text string) reply {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	must(t, form.WriteField("format", format))
	file, err := form.CreateFormFile("file", name)
	must(t, err)
	_, err = file.Write([]byte(text))
	must(t, err)
	must(t, form.Close())
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL+homePath+"/imports", &body)
	must(t, err)
	request.Header.Set("Cookie", cookie)
	request.Header.Set("Content-Type", form.FormDataContentType())
	return h.send(t, request)
}

// movedID is somebody whom files name; ids of fewer digits are none.
const movedID = snowflake.UserID(81_384_788_765_712_384)

// moveIn leaves a guild so many files to decide about.
func (h *house) moveIn(t *testing.T, guild snowflake.GuildID, owner snowflake.UserID, n int) {
	t.Helper()
	grant, err := access.Check[access.UpdateSettings](t.Context(), h.Roster, access.Person(owner, false), guild)
	must(t, err)
	for range n {
		_, err := h.Store.DraftImport(t.Context(), grant, "bans", "bans.txt", []byte(movedID.String()))
		must(t, err)
	}
}

// An admin brings cases along, looks at them, takes them over, sees them on the member's card, and takes them back.
func TestMovingIn(t *testing.T) {
	h, _ := steered(t, nil)
	admin, moderator := h.signIn(t, adminID), h.signIn(t, modID)
	const file = `{"cases":[{"case_number":7,"user_id":"%s","mod_id":"%s","type":%d,"created_at":"2021-03-04 05:06:07",
		"notes":[{"body":"</script><b>=1+1 @everyone"}]},{"case_number":8,"user_id":"?","type":1,"created_at":"2021-03-04 05:06:07"}]}`
	cases := fmt.Sprintf(file, movedID, modID, 5)

	got := h.bring(t, admin, "zeppelin", "../../export <b>.json", cases)
	page := got.Header.Get("Location")
	if got.StatusCode != http.StatusSeeOther || page != homePath+"/imports/1" {
		t.Fatalf("status %d, %q: %s", got.StatusCode, page, plainText(got.body))
	}
	preview := h.get(t, 200, page, "Cookie", admin).body
	clean(t, "the preview", preview)
	if text := plainText(preview); !strings.Contains(text, "Take over 1") || !strings.Contains(text, "1 cannot be taken over") ||
		!strings.Contains(text, "</script><b>=1+1 @everyone") {
		t.Errorf("the preview says %s", text)
	}
	h.get(t, 404, memberPath(movedID), "Cookie", admin) // a draft makes nobody known
	press := func(cookie, do string, want int) reply {
		t.Helper()
		got := h.submit(t, cookie, page, url.Values{"do": {do}})
		if got.StatusCode != want {
			t.Fatalf("%s: status %d: %s", do, got.StatusCode, plainText(got.body))
		}
		return got
	}
	press(moderator, "import", http.StatusForbidden)
	press(admin, "import", http.StatusSeeOther)
	press(admin, "import", http.StatusConflict)
	card := plainText(h.get(t, 200, memberPath(movedID), "Cookie", admin).body)
	if !strings.Contains(card, "Imported") || !strings.Contains(card, "Kicked before") {
		t.Errorf("the card says %s", card)
	}
	if text := plainText(h.get(t, 200, homePath+"/imports", "Cookie", admin).body); !strings.Contains(text, "1 taken over, 1 left out") {
		t.Errorf("the list says %s", text)
	}
	press(admin, "undo", http.StatusSeeOther)
	h.get(t, 404, memberPath(movedID), "Cookie", admin)
	press(admin, "undo", http.StatusConflict)
	alone(t, h.get(t, 200, homePath+"/imports?region=imports", "Cookie", admin), "imports")
}

// A table without headings that say what they are is mapped by hand.
func TestATableIsMappedByHand(t *testing.T) {
	h, _ := steered(t, nil)
	admin := h.signIn(t, adminID)
	got := h.bring(t, admin, "table", "old.csv", "wer;was\n"+movedID.String()+";ban\n")
	page := got.Header.Get("Location")
	f := formTo(t, h.get(t, 200, page, "Cookie", admin).body, page, "user_column")
	f.values.Set("user_column", "wer")
	f.values.Set("kind_column", "was")
	f.values.Set("do", "look")
	if text := plainText(h.submit(t, admin, page, f.values).body); !strings.Contains(text, "Take over 1") {
		t.Errorf("mapped, the page says %s", text)
	}
	f.values.Set("do", "drop")
	if got := h.submit(t, admin, page, f.values); got.StatusCode != http.StatusSeeOther {
		t.Errorf("dropped: status %d", got.StatusCode)
	}
	h.get(t, 404, page, "Cookie", admin)
}

// A table that does not say what was done is of one kind, which somebody chooses.
func TestATableOfWarnings(t *testing.T) {
	h, _ := steered(t, nil)
	admin := h.signIn(t, adminID)
	page := h.bring(t, admin, "table", "warnings.csv", "at,user_id,given_by_id,reason\n2026-11-20T12:00:00Z,"+movedID.String()+",,spam\n").
		Header.Get("Location")
	f := formTo(t, h.get(t, 200, page, "Cookie", admin).body, page, "kind_always")
	if text := plainText(h.get(t, 200, page, "Cookie", admin).body); strings.Contains(text, "Take over") {
		t.Errorf("nobody said what was done, and the page says %s", text)
	}
	f.values.Set("kind_always", "warn")
	f.values.Set("do", "look")
	if text := plainText(h.submit(t, admin, page, f.values).body); !strings.Contains(text, "Take over 1") {
		t.Errorf("chosen, the page says %s", text)
	}
	f.values.Set("do", "import")
	if got := h.submit(t, admin, page, f.values); got.StatusCode != http.StatusSeeOther {
		t.Errorf("taken over: status %d", got.StatusCode)
	}
	if text := plainText(h.get(t, 200, memberPath(movedID), "Cookie", admin).body); !strings.Contains(text, "Imported") {
		t.Errorf("the card says %s", text)
	}
}

// Before a file is taken over it is told what is known of it already; taken back, it leaves what another file has too.
func TestWhatIsKnownAlready(t *testing.T) {
	h, _ := steered(t, nil)
	admin := h.signIn(t, adminID)
	bring := func(text string) (page, preview string) {
		t.Helper()
		page = h.bring(t, admin, "bans", "bans.txt", text).Header.Get("Location")
		return page, plainText(h.get(t, 200, page, "Cookie", admin).body)
	}
	press := func(page, do string) string {
		t.Helper()
		if got := h.submit(t, admin, page, url.Values{"do": {do}}); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: status %d: %s", do, got.StatusCode, plainText(got.body))
		}
		return plainText(h.get(t, 200, page, "Cookie", admin).body)
	}
	says := func(what, text string, want ...string) {
		t.Helper()
		for _, one := range want {
			if !strings.Contains(text, one) {
				t.Errorf("%s says %s, want %q", what, text, one)
			}
		}
	}
	one, two := movedID.String(), (movedID + 1).String()
	first, preview := bring(one + "\n")
	says("a new file", preview, "Take over 1")
	press(first, "import")
	second, preview := bring(one + "\n" + two + "\n" + two + "\n")
	says("a file of which one is known", preview, "1 of them is known already, 1 of them stands in the file twice: these change nothing.", "Take over 1")
	says("taken over", press(second, "import"), "1 taken over, 2 known before")
	again, preview := bring(one + "\n" + two + "\n")
	says("the same again", preview, "2 of them are known already and change nothing.", "There is nothing new in this file")
	if strings.Contains(preview, "Take over ") {
		t.Errorf("there is a button for nothing: %s", preview)
	}
	press(first, "undo")
	says("what another file has too", plainText(h.get(t, 200, again, "Cookie", admin).body), "2 of them are known already and change nothing.")
	says("whose it is now", plainText(h.get(t, 200, second, "Cookie", admin).body), "2 taken over, 1 known before")
	press(second, "undo")
	says("nobody's any more", plainText(h.get(t, 200, again, "Cookie", admin).body), "Take over 2")
}

// What of a file does not stay, or not whole, is said before it is taken over.
func TestWhatOfAFileIsLost(t *testing.T) {
	h, _ := steered(t, nil)
	admin := h.signIn(t, adminID)
	grant, err := access.Check[access.UpdateSettings](t.Context(), h.Roster, access.Person(adminID, false), home)
	must(t, err)
	must(t, h.Store.SetRetention(t.Context(), grant, store.Retention{Text: 7, Rows: 90}))
	row := movedID.String() + ",%s,2020-01-02,otto\n"
	page := h.bring(t, admin, "table", "a.csv", "user_id,kind,at,moderator\n"+fmt.Sprintf(row+row+row, "warn", "ban", "note")).Header.Get("Location")
	text := plainText(h.get(t, 200, page, "Cookie", admin).body)
	for _, want := range []string{"3 of them name their moderators without an id", "2 of them are older than the 90 days", "Take over 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page says %s, want %q", text, want)
		}
	}
}

// A file is kept as text in which an erased member is found, whatever it came as.
func TestAnErasedMemberIsFoundInAFileOfTwoBytes(t *testing.T) {
	h, _ := steered(t, nil)
	owner := h.signIn(t, keeper)
	wide := "\xff\xfe"
	for _, r := range movedID.String() + " spam\r\n" {
		wide += string(r) + "\x00"
	}
	page := h.bring(t, owner, "bans", "bans.txt", wide).Header.Get("Location")
	if text := plainText(h.get(t, 200, page, "Cookie", owner).body); !strings.Contains(text, "Take over 1") {
		t.Fatalf("the page says %s", text)
	}
	grant, err := access.Check[access.EraseMember](t.Context(), h.Roster, access.Person(keeper, false), home)
	must(t, err)
	_, err = h.Store.EraseMember(t.Context(), grant, movedID)
	must(t, err)
	h.get(t, 404, page, "Cookie", owner)
}

func TestFilesThatAreRefused(t *testing.T) {
	h, _ := steered(t, nil)
	admin := h.signIn(t, adminID)
	for what, file := range map[string][2]string{"another format": {"zeppelin", "a,b"}, "no format": {"", "a,b"}, "empty": {"bans", ""},
		"too large": {"bans", strings.Repeat("1\n", 4<<20+1)}} {
		if got := h.bring(t, admin, file[0], "x", file[1]); got.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", what, got.StatusCode)
		}
	}
	got := h.bring(t, admin, "bans", "x", strings.Repeat("x", 10<<20))
	if got.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(got.body, "larger than 8 MB") {
		t.Errorf("10 MB: status %d: %s", got.StatusCode, plainText(got.body))
	}
}
