// Package casefile reads what others kept of a server's moderation: the cases of another bot, a list of bans, a table.
// It decides nothing and stores nothing; docs/IMPORTING.md tells people what each file may look like.
package casefile

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// Format is what a file is.
type Format string

// The formats.
const (
	Zeppelin Format = "zeppelin" // the JSON that Zeppelin's dashboard exports
	Bans     Format = "bans"     // Discord's list of bans as JSON, or ids, one to a line
	Table    Format = "table"    // comma-separated values with a line of headings
)

// Formats lists every format.
func Formats() []Format { return []Format{Zeppelin, Bans, Table} }

// Case is one deed of the past.
type Case struct {
	Line   int    // in the file, from 1; of JSON the place in its list
	Key    string // stays the same when the same deed is read again, from this file or another
	Kind   moderation.ActionKind
	User   snowflake.UserID
	By     snowflake.UserID // 0: nobody is named
	At     time.Time        // zero: the file does not say
	Reason string           // at most 400 characters
}

// Bad is a line that cannot be taken over.
type Bad struct {
	Line int
	Why  string // a sentence
}

// File is what was read.
type File struct {
	Cases   []Case   // the oldest first; those without a time at the end
	Bad     []Bad    // at most 100 of them
	Skipped int      // lines that cannot be taken over, in all
	Unnamed int      // cases that name a moderator, but not by an id: By is 0
	Columns []string // of a table, no two alike
	Mapping Mapping  // of a table: as given, or as guessed from its headings

	headless bool // a table without headings
}

const (
	// MaxSize is how large a file may be, in bytes: some 30 000 cases of Zeppelin's.
	MaxSize = 8 << 20
	// MaxCases is how many deeds a file may have.
	MaxCases = 100_000

	badShown = 100
	maxText  = 400 // what of a reason Discord's own log takes
)

// Read reads a file, as it came or as Text gives it. mapping is looked at for a table alone; the zero one is guessed. The
// error is an Invalid that says what is wrong with the file as a whole.
func Read(format Format, data []byte, mapping Mapping) (file File, err error) {
	if data, err = Text(data); err != nil {
		return file, err
	}
	switch format {
	case Zeppelin:
		err = file.zeppelin(data)
	case Bans:
		err = file.bans(data)
	case Table:
		err = file.table(data, mapping)
	default:
		err = fault.New(fault.Invalid, "Choose what the file is.")
	}
	if err == nil && len(file.Cases)+file.Skipped == 0 && len(file.Columns) == 0 {
		err = fault.New(fault.Invalid, "There is nothing in this file that could be taken over.")
	}
	if err == nil {
		err = file.checkRounding()
	}
	slices.SortStableFunc(file.Cases, func(a, b Case) int {
		if a.At.IsZero() != b.At.IsZero() {
			return cmp.Compare(b.At.Unix(), a.At.Unix())
		}
		return a.At.Compare(b.At)
	})
	return file, err
}

// add takes a case over, or says why not: user and by are its ids as the file has them.
func (f *File) add(c Case, user, by string) error {
	if len(f.Cases) == MaxCases {
		return fault.New(fault.Invalid, "The file has more than 100 000 entries. Split it.")
	}
	why, unnamed := "", false
	if c.User, why = person(user); why != "" {
		f.bad(c.Line, why)
		return nil
	}
	if by = strings.TrimSpace(by); by != "" {
		if c.By, why = person(by); floating.MatchString(by) {
			f.bad(c.Line, why)
			return nil
		}
		unnamed = c.By == 0
	}
	switch {
	case c.At.IsZero():
	case c.At.After(time.Now().Add(tomorrow)):
		f.bad(c.Line, "Its time is in the future.")
		return nil
	case c.At.Before(discord):
		f.bad(c.Line, "Its time is before Discord began, in 2015.")
		return nil
	}
	c.Reason = clip(c.Reason)
	if c.Key == "" {
		c.Key = keyOf(&c)
	}
	f.Cases = append(f.Cases, c)
	if unnamed {
		f.Unnamed++
	}
	return nil
}

func (f *File) bad(line int, why string) {
	if f.Skipped++; len(f.Bad) < badShown {
		f.Bad = append(f.Bad, Bad{line, why})
	}
}

// keyOf tells deeds apart that have no number of their own.
func keyOf(c *Case) string {
	at := int64(0)
	if !c.At.IsZero() {
		at = c.At.Unix()
	}
	sum := sha256.Sum256([]byte(fmt.Sprint(c.Kind, " ", int64(c.User), " ", int64(c.By), " ", at, " ", c.Reason)))
	return hex.EncodeToString(sum[:12])
}
