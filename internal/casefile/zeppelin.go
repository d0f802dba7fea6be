package casefile

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

// zeppelinCase is a case as Zeppelin exports it.
type zeppelinCase struct {
	Number  word `json:"case_number"`
	User    word `json:"user_id"`
	By      word `json:"mod_id"`
	Type    word `json:"type"`
	Created word `json:"created_at"` // "2021-03-04 05:06:07", UTC
	Notes   []struct {
		Body word `json:"body"`
	} `json:"notes"`
}

// zeppelinKinds are the kinds of Zeppelin's cases, by its numbers. Those of deleted cases are left out.
var zeppelinKinds = map[word]moderation.ActionKind{"1": moderation.ActionBan, "2": moderation.ActionUnban, "3": moderation.ActionNote,
	"4": moderation.ActionWarn, "5": moderation.ActionKick, "6": moderation.ActionTimeout, "7": moderation.ActionUntimeout,
	"9": moderation.ActionKick} // 9 is a ban that is lifted at once: a kick that deletes messages

func (f *File) zeppelin(data []byte) error {
	var whole struct {
		Cases []json.RawMessage `json:"cases"`
	}
	if err := json.Unmarshal(data, &whole); err != nil || whole.Cases == nil {
		return fault.New(fault.Invalid, "This is not what Zeppelin exports: a JSON object with a list of cases.")
	}
	for i, raw := range whole.Cases {
		var c zeppelinCase
		if err := json.Unmarshal(raw, &c); err != nil || raw[0] != '{' {
			f.bad(i+1, "It is no case as Zeppelin writes it.")
			continue
		}
		if err := f.zeppelinCase(i+1, &c); err != nil {
			return err
		}
	}
	return nil
}

// zeppelinCase takes a case over by its number, which Zeppelin counts in each server from 1.
func (f *File) zeppelinCase(line int, c *zeppelinCase) error {
	number, err := strconv.ParseInt(string(c.Number), 10, 64)
	kind, known := zeppelinKinds[c.Type]
	at := momentOf(string(c.Created))
	switch {
	case err != nil || number <= 0:
		f.bad(line, "It has no case number.")
		return nil
	case c.Type == "8":
		f.bad(line, "The case was deleted there.")
		return nil
	case !known:
		f.bad(line, fmt.Sprintf("Nobody knows what was done: cases have no type %.20q.", string(c.Type)))
		return nil
	case at.IsZero():
		f.bad(line, "Its time cannot be read.")
		return nil
	}
	var reason []string
	for _, note := range c.Notes {
		if note.Body != "" {
			reason = append(reason, string(note.Body))
		}
	}
	return f.add(Case{Line: line, Key: "zeppelin:" + strconv.FormatInt(number, 10), Kind: kind, At: at, Reason: strings.Join(reason, "\n")},
		string(c.User), string(c.By))
}
