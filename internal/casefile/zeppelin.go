package casefile

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

// zeppelinCase is a case as Zeppelin exports it.
type zeppelinCase struct {
	Number  int64  `json:"case_number"`
	User    string `json:"user_id"`
	By      string `json:"mod_id"`
	Type    int    `json:"type"`
	Created string `json:"created_at"` // "2021-03-04 05:06:07", UTC
	Notes   []struct {
		Body string `json:"body"`
	} `json:"notes"`
}

// zeppelinKinds are the kinds of Zeppelin's cases, by its numbers. Those of deleted cases are left out.
var zeppelinKinds = map[int]moderation.ActionKind{1: moderation.ActionBan, 2: moderation.ActionUnban, 3: moderation.ActionNote,
	4: moderation.ActionWarn, 5: moderation.ActionKick, 6: moderation.ActionTimeout, 7: moderation.ActionUntimeout,
	9: moderation.ActionKick} // 9 is a ban that is lifted at once: a kick that deletes messages

func (f *File) zeppelin(data []byte) error {
	var whole struct {
		Cases []zeppelinCase `json:"cases"`
	}
	if err := json.Unmarshal(data, &whole); err != nil || whole.Cases == nil {
		return fault.New(fault.Invalid, "This is not what Zeppelin exports: a JSON object with a list of cases.")
	}
	for i, c := range whole.Cases {
		kind, known := zeppelinKinds[c.Type]
		if !known {
			f.bad(i+1, "Cases of type "+strconv.Itoa(c.Type)+" are not taken over.")
			continue
		}
		at, err := time.ParseInLocation(time.DateTime, c.Created, time.UTC)
		if err != nil {
			f.bad(i+1, "Its time cannot be read.")
			continue
		}
		var reason []string
		for _, note := range c.Notes {
			reason = append(reason, note.Body)
		}
		if err := f.add(Case{Line: i + 1, Key: "zeppelin:" + strconv.FormatInt(c.Number, 10), Kind: kind, User: userID(c.User),
			By: userID(c.By), At: at, Reason: strings.Join(reason, "\n")}); err != nil {
			return err
		}
	}
	return nil
}
