// Package static holds everything that a browser loads besides pages: style sheet, scripts, icons, vendored libraries.
// All of it is in the binary. Every address carries one hash of the whole tree, so that an answer may be kept for a
// year and a new version is never mixed with an old one; one hash instead of one for each file because modules import
// each other by relative path.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed css img js vendor icons.svg manifest.webmanifest
var files embed.FS

// Root is the path under which the files are served.
const Root = "/static/"

// Asset is one file as it is sent.
type Asset struct {
	Name string // path within the tree: "css/app.css"
	Type string // content type
	Body []byte
	Gzip []byte // Body compressed; nil where that saves less than a tenth
}

// types says what is served; files of any other kind (notes, sources) stay inside.
var types = map[string]string{
	".css":         "text/css; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".webmanifest": "application/manifest+json",
}

type forest struct {
	hash   string
	assets map[string]Asset
}

// tree is built when first asked for, in about 15 ms: a command that serves nothing does not pay for it.
var tree = sync.OnceValue(build)

// Path is the address of a file: Path("css/app.css") is "/static/3fa9c1d204/css/app.css". It panics on a name that is
// not there: that is a mistake in a template, which any test that renders it finds.
func Path(name string) string {
	t := tree()
	if _, found := t.assets[name]; !found {
		panic(fmt.Sprintf("static: no file %q", name))
	}
	return Root + t.hash + "/" + name
}

// Names lists the files below a folder ("js/"), sorted.
func Names(folder string) []string {
	var names []string
	for name := range tree().assets {
		if strings.HasPrefix(name, folder) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Open finds an asset by what follows Root in its address: "3fa9c1d204/css/app.css". A name under another version's
// hash is not found: its content would be this version's.
func Open(hashed string) (Asset, bool) {
	t := tree()
	name, ok := strings.CutPrefix(hashed, t.hash+"/")
	if !ok {
		return Asset{}, false
	}
	asset, found := t.assets[name]
	return asset, found
}

func build() forest {
	bodies := map[string][]byte{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || types[path.Ext(name)] == "" {
			return err
		}
		bodies[name], err = files.ReadFile(name)
		return err
	})
	if err != nil {
		panic("static: " + err.Error()) // the embedded tree cannot fail to read
	}
	bundle(bodies)

	names := make([]string, 0, len(bodies))
	for name := range bodies {
		names = append(names, name)
	}
	slices.Sort(names)
	sum := sha256.New()
	for _, name := range names {
		fmt.Fprintf(sum, "%s %d\n", name, len(bodies[name]))
		sum.Write(bodies[name])
	}
	t := forest{hash: hex.EncodeToString(sum.Sum(nil))[:10], assets: make(map[string]Asset, len(names))}
	address(bodies, t.hash)
	for _, name := range names {
		body := bodies[name]
		t.assets[name] = Asset{Name: name, Type: types[path.Ext(name)], Body: body, Gzip: compress(body)}
	}
	return t
}
