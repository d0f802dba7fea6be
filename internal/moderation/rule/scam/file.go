package scam

import (
	"fmt"
	"maps"
	"strings"
)

// The limits of a list: with them it takes some 60 MB of memory.
const (
	MostBytes   = 16 << 20
	mostDomains = 500_000
)

// The two lines of a list that are no domains: one takes guildwatch's own list in, the other, before a domain, leaves a
// domain out.
const (
	builtIn = "include built-in"
	without = '!'
)

// List is a list of scam domains as an operator has written it.
type List struct {
	Domains Domains
	BuiltIn bool  // guildwatch's own list is among them
	Bad     []Bad // lines that are none; the others count
}

// Bad is a line of a list that means nothing.
type Bad struct {
	Line int // from 1
	Text string
}

// String is the line as people find it: `line 12, "htp:/evil"`.
func (b Bad) String() string { return fmt.Sprintf("line %d, %.60q", b.Line, b.Text) }

// Take reads an operator's list: a domain to a line, each standing for all below it. Lines that are empty or begin with #
// are left out. "include built-in" adds guildwatch's own list, and "!example.org" takes a domain out of all of it. A list
// without a single domain, or with too many, is an error: then the earlier one should go on.
func Take(text string) (List, error) {
	list := List{Domains: Domains{}}
	out := map[string]struct{}{}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(line, "\ufeff")))
		name, left := strings.CutPrefix(line, string(without))
		switch {
		case line == "", strings.HasPrefix(line, "#"):
		case line == builtIn:
			list.BuiltIn = true
		case !domain(name):
			list.Bad = append(list.Bad, Bad{number, line})
		case left:
			out[name] = struct{}{}
		default:
			list.Domains[name] = struct{}{}
		}
		if len(list.Domains) > mostDomains {
			return List{}, fmt.Errorf("the list has more than %d domains", mostDomains)
		}
	}
	if list.BuiltIn {
		maps.Copy(list.Domains, Known())
	}
	for name := range out {
		delete(list.Domains, name)
	}
	if len(list.Domains) == 0 {
		return list, fmt.Errorf("the list has no domain in it")
	}
	return list, nil
}

// domain says whether a line could be one: letters of any script, digits, - and at least one dot within.
func domain(line string) bool {
	return len(line) <= 253 && strings.Contains(strings.Trim(line, "."), ".") && strings.Trim(line, ".") == line &&
		!strings.ContainsAny(line, " \t/:@*!#?=&%<>()[]{}\"'\\|,;_") && !strings.Contains(line, "..")
}
