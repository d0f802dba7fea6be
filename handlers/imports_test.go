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

// moveIn leaves a guild so many files to decide about.
func (h *house) moveIn(t *testing.T, guild snowflake.GuildID, owner snowflake.UserID, n int) {
	t.Helper()
	grant, err := access.Check[access.UpdateSettings](t.Context(), h.Roster, access.Person(owner, false), guild)
	must(t, err)
	for range n {
		_, err := h.Store.DraftImport(t.Context(), grant, "bans", "bans.txt", []byte(plainID.String()))
		must(t, err)
	}
}

// An admin brings cases along, looks at them, takes them over, sees them on the member's card, and takes them back.
func TestMovingIn(t *testing.T) {
	h, _ := steered(t, nil)
	admin, moderator := h.signIn(t, adminID), h.signIn(t, modID)
	const file = `{"cases":[{"case_number":7,"user_id":"%s","mod_id":"%s","type":%d,"created_at":"2021-03-04 05:06:07",
		"notes":[{"body":"</script><b>=1+1 @everyone"}]},{"case_number":8,"user_id":"?","type":1,"created_at":"2021-03-04 05:06:07"}]}`
	cases := fmt.Sprintf(file, plainID, modID, 5)

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
	if text := plainText(h.get(t, 200, memberPath(plainID), "Cookie", admin).body); strings.Contains(text, "Imported") {
		t.Error("a draft is on the card already")
	}
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
	card := plainText(h.get(t, 200, memberPath(plainID), "Cookie", admin).body)
	if !strings.Contains(card, "Imported") || !strings.Contains(card, "Kicked before") {
		t.Errorf("the card says %s", card)
	}
	if text := plainText(h.get(t, 200, homePath+"/imports", "Cookie", admin).body); !strings.Contains(text, "1 taken over, 1 left out") {
		t.Errorf("the list says %s", text)
	}
	press(admin, "undo", http.StatusSeeOther)
	if text := plainText(h.get(t, 200, memberPath(plainID), "Cookie", admin).body); strings.Contains(text, "Imported") ||
		strings.Contains(text, "Kicked before") {
		t.Errorf("taken back, the card says %s", text)
	}
	press(admin, "undo", http.StatusConflict)
	alone(t, h.get(t, 200, homePath+"/imports?region=imports", "Cookie", admin), "imports")
}

// A table without headings that say what they are is mapped by hand.
func TestATableIsMappedByHand(t *testing.T) {
	h, _ := steered(t, nil)
	admin := h.signIn(t, adminID)
	got := h.bring(t, admin, "table", "old.csv", "wer;was\n"+plainID.String()+";ban\n")
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

func TestFilesThatAreRefused(t *testing.T) {
	h, _ := steered(t, nil)
	admin := h.signIn(t, adminID)
	for what, file := range map[string][2]string{"another format": {"zeppelin", "a,b"}, "no format": {"", "a,b"}, "empty": {"bans", ""},
		"too large": {"bans", strings.Repeat("1\n", 4<<20+1)}} {
		if got := h.bring(t, admin, file[0], "x", file[1]); got.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", what, got.StatusCode)
		}
	}
	if got := h.bring(t, admin, "bans", "x", strings.Repeat("x", 10<<20)); got.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("10 MB: status %d", got.StatusCode)
	}
}
