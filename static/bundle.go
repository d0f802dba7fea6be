package static

import (
	"bytes"
	"compress/gzip"
	"strings"
)

// sheets are the parts of css/app.css in the order of the cascade. The page loads them as one file: on a phone a
// request costs more than the bytes.
var sheets = []string{"tokens", "base", "shell", "ui", "chart", "event", "pages", "account", "steer", "rules", "violations", "raid", "analytics", "exports", "reports", "motion", "print"}

// bundle replaces the parts of the style sheet by the whole.
func bundle(bodies map[string][]byte) {
	var app bytes.Buffer
	for _, sheet := range sheets {
		name := "css/" + sheet + ".css"
		app.Write(bodies[name])
		delete(bodies, name)
	}
	bodies["css/app.css"] = app.Bytes()
}

// address gives the manifest's icons their hashed addresses.
func address(bodies map[string][]byte, hash string) {
	const manifest = "manifest.webmanifest"
	bodies[manifest] = []byte(strings.ReplaceAll(string(bodies[manifest]), `"img/`, `"`+Root+hash+`/img/`))
}

func compress(body []byte) []byte {
	var out bytes.Buffer
	// Neither can fail: the level is valid and a buffer takes every write.
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = w.Write(body)
	_ = w.Close()
	if out.Len() > len(body)*9/10 {
		return nil
	}
	return out.Bytes()
}
