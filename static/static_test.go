package static_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"guildwatch/static"
)

func get(t *testing.T, method, path, accept string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEveryFileIsServedForAYear(t *testing.T) {
	names := static.Names("")
	if len(names) < 10 {
		t.Fatalf("only %v", names)
	}
	for _, name := range names {
		r := get(t, "GET", static.Path(name), "")
		plain := body(t, r)
		if r.StatusCode != 200 || r.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" ||
			len(plain) == 0 ||
			r.ContentLength != int64(len(plain)) || r.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %d %v, %d bytes", name, r.StatusCode, r.Header, len(plain))
		}
		if kind := r.Header.Get("Content-Type"); kind == "" || strings.HasPrefix(kind, "text/plain") {
			t.Errorf("%s: type %q", name, kind)
		}
		packed := get(t, "GET", static.Path(name), "br, gzip;q=0.8")
		if packed.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(packed.Body)
			if err != nil {
				t.Fatal(err)
			}
			if unpacked, err := io.ReadAll(z); err != nil || !bytes.Equal(unpacked, plain) {
				t.Errorf("%s: not the same when unpacked: %v", name, err)
			}
			if packed.Header.Get("Vary") != "Accept-Encoding" || r.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: a cache may mix up the two forms", name)
			}
		} else if strings.HasSuffix(name, ".js") && len(plain) > 1000 || strings.HasSuffix(name, ".css") {
			t.Errorf("%s is not compressed", name)
		}
		if refused := get(t, "GET", static.Path(name), "gzip;q=0"); refused.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: compressed for a client that refuses it", name)
		}
		head := get(t, "HEAD", static.Path(name), "")
		if head.StatusCode != 200 || len(body(t, head)) != 0 ||
			head.Header.Get("Content-Length") != r.Header.Get("Content-Length") {
			t.Errorf("%s: HEAD %d %v", name, head.StatusCode, head.Header)
		}
	}
}

func TestWhatIsNotServed(t *testing.T) {
	real := static.Path("css/app.css")
	hash := strings.Split(real, "/")[2]
	for path, want := range map[string]int{
		"/static/": 404, "/static/" + hash: 404, "/static/" + hash + "/": 404, "/static/" + hash + "/css/": 404,
		"/static/0000000000/css/app.css": 404, "/static/css/app.css": 404, "/css/app.css": 404,
		"/static/" + hash + "/css/tokens.css": 404, "/static/" + hash + "/static.go": 404, "/static/" + hash +
			"/js/README.md": 404,
		"/static/" + hash + "/../static.go": 404, "/static/" + hash + "/css/../css/app.css": 404,
	} {
		if r := get(t, "GET", path, ""); r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
	}
	if r := get(t, "POST", real, ""); r.StatusCode != 405 || r.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d %v", r.StatusCode, r.Header)
	}
	defer func() {
		if recover() == nil {
			t.Error("Path of a file that is not there gives an address")
		}
	}()
	static.Path("css/none.css")
}

// A sheet that the bundle forgets is a sheet that no page loads.
func TestTheStyleSheetHasEveryPart(t *testing.T) {
	whole := body(t, get(t, "GET", static.Path("css/app.css"), ""))
	parts, err := filepath.Glob("css/*.css")
	if err != nil || len(parts) < 5 {
		t.Fatalf("%v %v", parts, err)
	}
	sum := 0
	for _, part := range parts {
		text, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		if sum += len(text); !bytes.Contains(whole, text) {
			t.Errorf("%s is not in css/app.css", part)
		}
	}
	if sum != len(whole) {
		t.Errorf("css/app.css is %d bytes, its parts %d", len(whole), sum)
	}
	if outside := regexp.MustCompile(`@import|url\(`).Find(whole); outside != nil {
		t.Errorf("the style sheet loads something: %s", outside)
	}
}

func TestTheManifestLeadsToItsIcons(t *testing.T) {
	var manifest struct {
		Icons []struct{ Src, Type string }
	}
	if err := json.Unmarshal(body(t, get(t, "GET", static.Path("manifest.webmanifest"), "")), &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest.Icons) < 2 {
		t.Fatalf("%d icons", len(manifest.Icons))
	}
	for _, icon := range manifest.Icons {
		if r := get(t, "GET", icon.Src, ""); r.StatusCode != 200 || r.Header.Get("Content-Type") != icon.Type {
			t.Errorf("%s: %d %s", icon.Src, r.StatusCode, r.Header.Get("Content-Type"))
		}
	}
}

// Whoever vendors a file says whose it is.
func TestVendoredFilesHaveALicence(t *testing.T) {
	notes, err := os.ReadFile("vendor/LICENSES.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(static.Names("vendor/"), "icons.svg") {
		if !strings.Contains(string(notes), "`"+name+"`") {
			t.Errorf("vendor/LICENSES.md does not speak of %s", name)
		}
	}
}
