package static

import (
	"net/http"
	"strconv"
	"strings"
)

// Handler serves the tree under Root: GET and HEAD, compressed for whoever takes gzip, to be kept for a year.
// Everything else is 404 or 405. It sets no security headers: those are the same for every answer and come from the
// router.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Only GET and HEAD.", http.StatusMethodNotAllowed)
		return
	}
	hashed, _ := strings.CutPrefix(r.URL.Path, Root)
	asset, found := Open(hashed)
	if !found {
		http.NotFound(w, r)
		return
	}
	body, header := asset.Body, w.Header()
	header.Set("Content-Type", asset.Type)
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	if asset.Gzip != nil {
		header.Add("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Get("Accept-Encoding")) {
			body = asset.Gzip
			header.Set("Content-Encoding", "gzip")
		}
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the client is gone: nobody is left to tell
	}
}

// takesGzip reads Accept-Encoding; a coding with weight 0 is refused by the client.
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			q, weighted := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
			weight, err := strconv.ParseFloat(q, 64)
			return !weighted || err != nil || weight > 0
		}
	}
	return false
}
