// Package scam carries a list of domains that were used to defraud Discord's users.
//
// domains.txt is the domain list of github.com/nikolaischunk/discord-phishing-links as of 24 March 2024 (MIT, see
// LICENSE), in small letters, sorted, one to a line. It has not grown since; domains are registered anew by others, so a
// hit alone is no reason for a ban.
package scam

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed domains.txt
var list string

// Domains is a set of domains; each stands for all below it.
type Domains map[string]struct{}

// Known is the list that comes with guildwatch, read when it is first asked for.
var Known = sync.OnceValue(known)

func known() Domains {
	domains, err := Read(list)
	if err != nil {
		panic(err)
	}
	return domains
}

// Read takes a list of one domain to a line; empty lines and lines that begin with # are left out. An error names the
// first line that is no domain.
func Read(text string) (Domains, error) {
	domains := make(Domains, strings.Count(text, "\n"))
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.ToLower(strings.TrimSpace(line))
		switch {
		case line == "", strings.HasPrefix(line, "#"):
			continue
		case !strings.Contains(line, ".") || strings.ContainsAny(line, " /:@*"):
			return nil, fmt.Errorf("line %d of the list of scam domains, %.60q, is no domain", number, line)
		}
		domains[line] = struct{}{}
	}
	return domains, nil
}

// Has says whether a host, in small letters, or a domain above it is in the set.
func (d Domains) Has(host string) bool {
	for {
		if _, ok := d[host]; ok {
			return true
		}
		_, above, found := strings.Cut(host, ".")
		if !found {
			return false
		}
		host = above
	}
}
