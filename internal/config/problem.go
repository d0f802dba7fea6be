package config

import (
	"fmt"
	"strings"
)

// Problem is one setting that cannot be used.
type Problem struct {
	Field string // the flag and the variable: "--listen (GUILDWATCH_LISTEN)"
	Value string // empty where it says nothing, or must not be shown
	Want  string // what would be right
}

// Problems is every setting that cannot be used, as one error.
type Problems []Problem

// Error lists the problems, a line each.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = "  " + one.Field
		if one.Value != "" {
			lines[i] += fmt.Sprintf(" is %q", one.Value)
		}
		lines[i] += ": " + one.Want
	}
	return "these settings cannot be used:\n" + strings.Join(lines, "\n")
}

func (p *Problems) add(field, value, want string, args ...any) {
	*p = append(*p, Problem{field, value, fmt.Sprintf(want, args...)})
}
