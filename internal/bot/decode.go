package bot

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// decode reads a payload into own structs that tolerate what they do not know: an unknown field is skipped, one of the
// wrong type stays zero, and all others are there. Only a text that is no JSON is an error.
func decode(payload []byte, v any) error {
	err := json.Unmarshal(payload, v)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return nil
	}
	return err
}

// id is any identifier on the wire. What is no id is 0.
type id int64

func (i *id) UnmarshalJSON(data []byte) error {
	*i = id(digits(data))
	return nil
}

// moment is a time on the wire. What is no time is the zero time.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(data []byte) error {
	m.Time = time.Time{}
	if n := len(data); n > 2 && data[0] == '"' {
		if t, err := time.Parse(time.RFC3339, string(data[1:n-1])); err == nil {
			m.Time = t.UTC()
		}
	}
	return nil
}

// bits are permissions on the wire: a string of digits.
type bits int64

func (b *bits) UnmarshalJSON(data []byte) error {
	text := string(data)
	if n := len(text); n > 2 && text[0] == '"' {
		text = text[1 : n-1]
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		n = 0
	}
	*b = bits(n)
	return nil
}

type wireUser struct {
	ID         id     `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
	Avatar     string `json:"avatar"`
	Bot        bool   `json:"bot"`
}

func (u *wireUser) user() moderation.User {
	if u == nil {
		return moderation.User{}
	}
	return moderation.User{ID: snowflake.UserID(u.ID), Name: u.Username, Global: u.GlobalName, Avatar: u.Avatar, Bot: u.Bot}
}

type wireMember struct {
	User         *wireUser `json:"user"`
	Nick         string    `json:"nick"`
	Roles        []id      `json:"roles"`
	JoinedAt     moment    `json:"joined_at"`
	TimeoutUntil moment    `json:"communication_disabled_until"`
	Pending      bool      `json:"pending"`
}

// member joins a member with its user; a message carries them apart.
func (m *wireMember) member(u *wireUser) moderation.Member {
	member := moderation.Member{User: u.user()}
	if m == nil {
		return member
	}
	member.Nick, member.JoinedAt, member.TimeoutUntil, member.Pending = m.Nick, m.JoinedAt.Time, m.TimeoutUntil.Time, m.Pending
	member.Roles = roleIDs(m.Roles)
	return member
}

func roleIDs(ids []id) []snowflake.RoleID {
	if len(ids) == 0 {
		return nil
	}
	roles := make([]snowflake.RoleID, len(ids))
	for i, n := range ids {
		roles[i] = snowflake.RoleID(n)
	}
	return roles
}

// farAhead is how far Discord's clock may run before ours until its times are not believed: counters are kept by time.
const farAhead = 10 * time.Minute

// madeAt is when Discord made what has this id; the time of arrival when there is no id or it lies in the future.
func madeAt(n id, arrived time.Time) time.Time {
	at := snowflake.Time(snowflake.MessageID(n))
	if n == 0 || at.After(arrived.Add(farAhead)) {
		return arrived.UTC()
	}
	return at
}
