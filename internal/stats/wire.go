package stats

import (
	"time"

	"guildwatch/internal/snowflake"
)

// Wire is a change as scripts get it on a guild's stream: the data of `violation`, `action` and `event` frames. Text of
// users is text; ids are strings; an absent party is "".
type Wire struct {
	Seq      int64     `json:"seq"`
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	Source   string    `json:"source"`
	Severity string    `json:"severity"`
	Action   string    `json:"action"`
	Outcome  string    `json:"outcome"`
	Ref      int64     `json:"ref"`
	User     WirePart  `json:"user"`
	Actor    WirePart  `json:"actor"`
	Channel  string    `json:"channel_id"`
	Label    string    `json:"label"`
	Detail   string    `json:"detail"`
}

// WirePart is somebody in a change.
type WirePart struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Wire is the line as scripts get it.
func (l Line) Wire() Wire {
	return Wire{Seq: l.Seq, At: l.At.UTC(), Kind: string(l.Kind), Source: string(l.Source), Severity: string(l.Severity),
		Action: string(l.Action), Outcome: string(l.Outcome), Ref: l.Ref, User: l.Target.wire(), Actor: l.By.wire(),
		Channel: text(l.Channel), Label: l.Label, Detail: l.Detail}
}

func (p Person) wire() WirePart { return WirePart{text(p.ID), p.Name} }

func text[T snowflake.ID](id T) string {
	if id == 0 {
		return ""
	}
	return snowflake.String(id)
}
