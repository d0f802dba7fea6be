package discordsim

import (
	"encoding/json"
	"net/url"
)

// Button is a button below a message: a link, or one that tells the bot when it is pressed.
type Button struct {
	Label    string `json:"label"`
	Style    int    `json:"style"` // 5 is a link
	URL      string `json:"url"`   // of a link
	CustomID string `json:"custom_id"`
	Disabled bool   `json:"disabled"`
}

const (
	componentButton = 2
	styleLink       = 5
	longestURL      = 512
	longestLabel    = 80
)

// Buttons are those of a message, in order.
func (m *Message) Buttons() []Button { return buttonsOf(m.Components) }

func buttonsOf(components json.RawMessage) (buttons []Button) {
	var rows []struct {
		Components []struct {
			Type int `json:"type"`
			Button
		} `json:"components"`
	}
	if json.Unmarshal(components, &rows) != nil {
		return nil
	}
	for _, row := range rows {
		for _, c := range row.Components {
			if c.Type == componentButton {
				buttons = append(buttons, c.Button)
			}
		}
	}
	return buttons
}

// wrong checks a button as Discord does.
func (b Button) wrong() *answer {
	var refused answer
	at, err := url.Parse(b.URL)
	switch {
	case len([]rune(b.Label)) > longestLabel:
		refused = tooLong("label", longestLabel)
	case b.Style != styleLink && b.CustomID == "" || b.Style == styleLink && b.CustomID != "":
		refused = invalid("custom_id", "COMPONENT_CUSTOM_ID_REQUIRED", "A custom id and a URL cannot both be specified.")
	case b.Style != styleLink:
		return nil
	case len(b.URL) > longestURL:
		refused = tooLong("url", longestURL)
	case err != nil || at.Scheme != "http" && at.Scheme != "https":
		refused = invalid("url", "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https', 'discord').")
	case at.Host == "":
		refused = invalid("url", "URL_TYPE_INVALID_URL", "Not a well formed URL.")
	default:
		return nil
	}
	return &refused
}
