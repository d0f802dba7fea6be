package casefile

import (
	"encoding/json"
	"strings"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

// bans reads Discord's list of bans, as its API gives it, or ids, one to a line, each with a reason behind it or not. No
// list of bans has times.
func (f *File) bans(data []byte) error {
	if strings.HasPrefix(strings.TrimSpace(string(data)), "[") {
		var list []struct {
			Reason string `json:"reason"`
			User   struct {
				ID string `json:"id"`
			} `json:"user"`
		}
		if err := json.Unmarshal(data, &list); err != nil {
			return fault.Wrap(err, fault.Invalid, "This is not a list of bans as Discord gives it.")
		}
		for i, ban := range list {
			if err := f.ban(i+1, ban.User.ID, ban.Reason); err != nil {
				return err
			}
		}
		return nil
	}
	line := 0
	for text := range strings.Lines(string(data)) {
		line++
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		id, reason, _ := strings.Cut(strings.Replace(text, ",", " ", 1), " ")
		if err := f.ban(line, id, reason); err != nil {
			return err
		}
	}
	return nil
}

func (f *File) ban(line int, user, reason string) error {
	id := userID(user)
	return f.add(Case{Line: line, Key: "ban:" + id.String(), Kind: moderation.ActionBan, User: id, Reason: reason})
}
