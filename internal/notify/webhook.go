package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"guildwatch/internal/snowflake"
)

// webhook tells programs: JSON, signed. docs/REPORTS.md tells them how to read it.
type webhook struct {
	way   *Way
	clock func() time.Time
}

// hookBody is the JSON of a webhook. The shape only ever grows.
type hookBody struct {
	ID    string     `json:"id"`
	Type  string     `json:"type"`
	At    time.Time  `json:"at"`
	Guild hookGuild  `json:"guild"`
	Title string     `json:"title"`
	Text  string     `json:"text"`
	Link  string     `json:"link"`
	Data  any        `json:"data"`
	Files []hookFile `json:"files"`
}

type hookGuild struct {
	ID   snowflake.GuildID `json:"id"`
	Name string            `json:"name"`
}

type hookFile struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Body string `json:"body"`
}

func (h webhook) tell(ctx context.Context, address Address, m *Message) Outcome {
	body := hookBody{ID: m.ID, Type: m.Type, At: m.At.UTC(), Guild: hookGuild{m.Guild, m.Name}, Title: m.Title,
		Text: m.text(), Link: m.Link, Data: m.Data, Files: []hookFile{}}
	for _, file := range m.Files {
		body.Files = append(body.Files, hookFile{file.Name, file.Type, string(file.Body)})
	}
	data, err := json.Marshal(body)
	if err != nil {
		return Outcome{Detail: "The message could not be written.", Final: true}
	}
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("Guildwatch-Delivery", m.ID)
	header.Set("Guildwatch-Event", m.Type)
	header.Set("Guildwatch-Signature", Sign(address.Key, h.clock(), data))
	return fromAnswer(h.way.post(ctx, address.URL, header, data))
}

// Sign is the value of Guildwatch-Signature for a body that is sent at a moment: "t=1763640000,v1=…", the HMAC-SHA256
// over the time in seconds, a dot and the body, under the key as the page has shown it. The time is under the signature
// so that an old message cannot be sent again.
func Sign(key string, at time.Time, body []byte) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(seconds + "."))
	mac.Write(body)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
