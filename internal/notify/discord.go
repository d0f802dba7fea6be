package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"time"
)

// What Discord takes in an embed, in characters.
const (
	mostTitle, mostText, mostFacts, mostFactName, mostFactValue = 256, 4000, 25, 256, 1024
)

// discord tells a channel in Discord by one of its webhooks.
type discord struct{ way *Way }

type discordBody struct {
	Embeds   []discordEmbed  `json:"embeds"`
	Mentions discordMentions `json:"allowed_mentions"`
}

// discordMentions with an empty list: whatever text says, nobody is mentioned.
type discordMentions struct {
	Parse []string `json:"parse"`
}

type discordEmbed struct {
	Title  string         `json:"title"`
	Text   string         `json:"description,omitempty"`
	URL    string         `json:"url,omitempty"`
	At     time.Time      `json:"timestamp"`
	Fields []discordField `json:"fields"`
	Footer discordFooter  `json:"footer"`
}

type discordField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

type discordFooter struct {
	Text string `json:"text"`
}

func (d discord) tell(ctx context.Context, address Address, m *Message) Outcome {
	embed := discordEmbed{Title: clip(unmarked(oneLine(m.Title)), mostTitle), URL: m.Link, At: m.At.UTC(),
		Text: clip(unmarked(strings.Join(m.Lines, "\n")), mostText), Fields: []discordField{},
		Footer: discordFooter{clip("guildwatch · "+m.Name, mostTitle)}}
	for _, fact := range m.Facts[:min(len(m.Facts), mostFacts)] {
		embed.Fields = append(embed.Fields, discordField{clip(unmarked(fact.Name), mostFactName),
			clip(unmarked(fact.Value), mostFactValue), true})
	}
	body, kind, err := discordForm(discordBody{[]discordEmbed{embed}, discordMentions{[]string{}}}, m.Files)
	if err != nil {
		return Outcome{Detail: "The message could not be written.", Final: true}
	}
	header := http.Header{}
	header.Set("Content-Type", kind)
	// wait: Discord answers once the message is there, so that "sent" is true.
	return fromAnswer(d.way.post(ctx, address.URL+"?wait=true", header, body))
}

// discordForm is the message and its files as Discord takes them.
func discordForm(body discordBody, files []File) (data []byte, kind string, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, "", err
	}
	var buffer bytes.Buffer
	form := multipart.NewWriter(&buffer)
	if err := form.WriteField("payload_json", string(text)); err != nil {
		return nil, "", err
	}
	for i, file := range files {
		about := textproto.MIMEHeader{}
		about.Set("Content-Disposition", `form-data; name="files[`+string(rune('0'+i%10))+`]"; filename="`+plainName(file.Name)+`"`)
		about.Set("Content-Type", file.Type)
		part, err := form.CreatePart(about)
		if err != nil {
			return nil, "", err
		}
		if _, err := part.Write(file.Body); err != nil {
			return nil, "", err
		}
	}
	if err := form.Close(); err != nil { // writes the end
		return nil, "", err
	}
	return buffer.Bytes(), form.FormDataContentType(), nil
}

// unmarked keeps Discord from reading text as markup.
func unmarked(text string) string { return markup.Replace(text) }

var markup = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "|", `\|`, ">", `\>`, "[", `\[`,
	"]", `\]`, "#", `\#`, "<", `\<`, "@", "@\u200b", "://", ":\u200b//")

// plainName leaves of a file's name what needs no quoting anywhere.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '-'
	}, name)
}
