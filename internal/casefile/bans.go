package casefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

// bans reads Discord's list of bans, as its API gives it, or what people have of it: a table with headings, ids with a
// reason beside each or not, any number of ids to a line.
func (f *File) bans(data []byte) error {
	data = bytes.TrimSpace(data)
	if data[0] == '[' || data[0] == '{' {
		return f.bansOfJSON(data)
	}
	if done, err := f.bansOfTable(data); done || err != nil {
		return err
	}
	for _, row := range rowsOf(string(data)) {
		if err := f.banRow(row); err != nil {
			return err
		}
	}
	return nil
}

// bansOfJSON reads what the API gives, and lists of ids or of objects that have one.
func (f *File) bansOfJSON(data []byte) error {
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return fault.Wrap(err, fault.Invalid, "This is not a list of bans as Discord gives it.")
	}
	for i, raw := range list {
		var ban struct {
			Reason word `json:"reason"`
			User   struct {
				ID word `json:"id"`
			} `json:"user"`
			UserID word `json:"user_id"`
			ID     word `json:"id"`
		}
		var id word
		if raw[0] == '{' {
			if err := json.Unmarshal(raw, &ban); err != nil {
				f.bad(i+1, "It is no ban as Discord gives it.")
				continue
			}
			id = firstOf(ban.User.ID, ban.UserID, ban.ID)
		} else if err := json.Unmarshal(raw, &id); err != nil {
			f.bad(i+1, "It is no ban as Discord gives it.")
			continue
		}
		if err := f.ban(i+1, string(id), string(ban.Reason)); err != nil {
			return err
		}
	}
	return nil
}

func firstOf(words ...word) word {
	if i := slices.IndexFunc(words, func(w word) bool { return w != "" }); i >= 0 {
		return words[i]
	}
	return ""
}

// bansOfTable reads a table whose headings say where the members are, if this is one. A row that says it was something
// else than a ban is none.
func (f *File) bansOfTable(data []byte) (done bool, err error) {
	var table File
	if _, err := table.opened(data, Mapping{}); err != nil || table.headless || table.Mapping.User == "" {
		return false, nil
	}
	mapping := table.Mapping
	if mapping.Kind == "" {
		mapping.Always = string(moderation.ActionBan)
	}
	table = File{}
	if err := table.table(data, mapping); err != nil {
		return true, err
	}
	f.Bad, f.Skipped, f.Unnamed = table.Bad, table.Skipped, table.Unnamed
	for i := range table.Cases {
		c := &table.Cases[i]
		if c.Kind != moderation.ActionBan {
			f.bad(c.Line, "It is no ban. Choose that the file is a table to take over everything in it.")
			continue
		}
		c.Key = banKey(c.User.String())
		f.Cases = append(f.Cases, *c)
	}
	return true, nil
}

// banRow is a line of a list, cut into its cells where it has any.
type banRow struct {
	line  int
	cells []string
}

// rowsOf cuts a list into lines, by the rules of comma-separated values where those hold.
func rowsOf(text string) (rows []banRow) {
	if strings.Contains(text, `"`) {
		reader := tableReader(text)
		record, err := reader.Read()
		for ; err == nil; record, err = reader.Read() {
			line, _ := reader.FieldPos(0)
			rows = append(rows, banRow{line, record})
		}
		if errors.Is(err, io.EOF) {
			return rows
		}
		rows = nil
	}
	line := 0
	for one := range strings.Lines(text) {
		if line++; strings.TrimSpace(one) != "" {
			rows = append(rows, banRow{line, []string{one}})
		}
	}
	return rows
}

var (
	anID = regexp.MustCompile(`\b(\d([.,]\d+)?[eE]\+?\d{2}|\d{15,}(\.\d+)?)\b`)
	// between is what stands between ids that are all there is on a line, and around them.
	between = " \t\n,;|<@!>\"'[]()"
)

// banRow reads one line: an id with a reason behind it, an id somewhere among words, or nothing but ids.
func (f *File) banRow(row banRow) error {
	text := strings.TrimSpace(strings.Join(row.cells, " "))
	ids := anID.FindAllString(text, -1)
	switch {
	case strings.HasPrefix(text, "# end"):
		return nil
	case len(ids) > 1 && strings.Trim(anID.ReplaceAllString(text, ""), between) == "":
		for _, id := range ids {
			if err := f.ban(row.line, id, ""); err != nil {
				return err
			}
		}
		return nil
	case len(ids) == 0:
		first, _, _ := strings.Cut(text, " ")
		return f.ban(row.line, first, "")
	}
	before, after, _ := strings.Cut(text, ids[0])
	if before = strings.Trim(before, between); before != "" && len(ids) > 1 {
		f.bad(row.line, "It has more than one user id. Begin the line with the member's.")
		return nil
	}
	reason := strings.TrimLeft(after, between+":–-")
	if len(row.cells) > 1 && before == "" {
		empty := func(cell string) bool { return strings.TrimSpace(cell) == "" }
		reason = strings.Join(slices.DeleteFunc(slices.Clone(row.cells[1:]), empty), ", ")
	}
	return f.ban(row.line, ids[0], reason)
}

func (f *File) ban(line int, user, reason string) error {
	id, _ := person(user)
	return f.add(Case{Line: line, Key: banKey(id.String()), Kind: moderation.ActionBan, Reason: reason}, user, "")
}

func banKey(id string) string { return "ban:" + id }
