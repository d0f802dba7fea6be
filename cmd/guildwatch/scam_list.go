package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"guildwatch/handlers"
	"guildwatch/internal/config"
	"guildwatch/internal/moderation/rule/scam"
)

// scamPace is how often the operator's list of scam domains is looked at; SIGHUP has it read at once.
const scamPace = time.Minute

// scamFile is where the operator's list is, or would be.
func scamFile(cfg config.Config) string {
	if cfg.ScamDomains != "" {
		return cfg.ScamDomains
	}
	return filepath.Join(cfg.Data, "scam-domains.txt")
}

// readScams reads the operator's list; without one nothing is wrong unless it was asked for by name.
func readScams(cfg config.Config) (list scam.List, there bool, err error) {
	path := scamFile(cfg)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) && cfg.ScamDomains == "" {
		return list, false, nil
	} else if err != nil {
		return list, false, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, scam.MostBytes+1))
	switch {
	case err != nil:
		return list, true, err
	case len(text) > scam.MostBytes:
		return list, true, fmt.Errorf("%s is larger than %d MB", path, scam.MostBytes>>20)
	}
	if list, err = scam.Take(string(text)); err != nil {
		err = fmt.Errorf("%s: %w%s", path, err, named(list.Bad))
	}
	return list, true, err
}

// badNamed is how many lines that mean nothing are named.
const badNamed = 10

// named lists lines that mean nothing, to stand behind a sentence.
func named(bad []scam.Bad) string {
	if len(bad) == 0 {
		return ""
	}
	texts := make([]string, 0, badNamed+1)
	for _, b := range bad[:min(badNamed, len(bad))] {
		texts = append(texts, b.String())
	}
	if more := len(bad) - badNamed; more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return "; not understood: " + strings.Join(texts, ", ")
}

// scamWatch keeps the rules to the operator's list of scam domains.
type scamWatch struct {
	config config.Config
	use    func(scam.Domains)
	log    *slog.Logger

	mu    sync.Mutex
	stamp string // of the file as it was last read
	own   bool   // the operator's list is in use
	part  handlers.Part
}

func newScamWatch(cfg config.Config, use func(scam.Domains), log *slog.Logger) *scamWatch {
	w := &scamWatch{config: cfg, use: use, log: log}
	w.part = handlers.Part{Name: "scam list", State: handlers.Well,
		Reason: fmt.Sprintf("%d domains, those that come with guildwatch.", len(scam.Known()))}
	w.look()
	return w
}

// run looks at the file every minute and at each SIGHUP until ctx ends.
func (w *scamWatch) run(ctx context.Context) {
	hangUp := make(chan os.Signal, 1)
	signal.Notify(hangUp, syscall.SIGHUP)
	defer signal.Stop(hangUp)
	tick := time.NewTicker(scamPace)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangUp:
			w.forget()
		case <-tick.C:
		}
		w.look()
	}
}

// forget has the file read again even if it looks the same.
func (w *scamWatch) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stamp = ""
}

// look reads the file if it has changed. One that cannot be used changes nothing but what is said about it.
func (w *scamWatch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	stamp := "none"
	if info, err := os.Stat(scamFile(w.config)); err == nil {
		stamp = fmt.Sprint(info.ModTime().UnixNano(), info.Size())
	}
	if stamp == w.stamp {
		return
	}
	w.stamp = stamp
	list, there, err := readScams(w.config)
	switch {
	case err != nil:
		w.part.State = handlers.Degraded
		w.part.Reason = "The list cannot be used, and the one before it stays: " + err.Error() + "."
		w.log.Warn("the list of scam domains cannot be used; the one before it stays", "err", err)
	case !there && w.own:
		w.own = false
		w.put(scam.Known(), "those that come with guildwatch", nil)
	case there:
		about := "those of " + scamFile(w.config) + " alone"
		if list.BuiltIn {
			about = "those that come with guildwatch and those of " + scamFile(w.config)
		}
		w.own = true
		w.put(list.Domains, about, list.Bad)
	}
}

func (w *scamWatch) put(domains scam.Domains, about string, bad []scam.Bad) {
	w.use(domains)
	w.part.State, w.part.Reason = handlers.Well, fmt.Sprintf("%d domains, %s%s.", len(domains), about, named(bad))
	if len(bad) > 0 {
		w.part.State = handlers.Degraded
		w.log.Warn("lines of the list of scam domains are not understood", "lines", len(bad), "first", bad[0].String())
	}
	w.log.Info("scam domains", "domains", len(domains), "from", about)
}

// health says which list is in use.
func (w *scamWatch) health() handlers.Part {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.part
}

// scams looks at the operator's list of scam domains.
func (x *examination) scams(cfg config.Config) {
	list, there, err := readScams(cfg)
	switch {
	case err != nil:
		x.mend("scam list", "cannot be used: "+err.Error(), "Put one domain on each line, such as evil.example.")
	case !there:
		x.well("scam list", "%d domains, those that come with guildwatch", len(scam.Known()))
	case len(list.Bad) > 0:
		x.mend("scam list", fmt.Sprintf("%d domains%s", len(list.Domains), named(list.Bad)),
			"Put one domain on each line, such as evil.example; the other lines count.")
	default:
		x.well("scam list", "%d domains with %s", len(list.Domains), scamFile(cfg))
	}
}
