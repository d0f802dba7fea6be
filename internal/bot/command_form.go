package bot

import (
	"strings"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/snowflake"
)

// Form is one field that a member fills in before a command goes on. The zero value is none.
type Form struct {
	Title string // at most 45 characters; more is cut
	Label string // at most 45 characters
	Most  int    // characters that fit into the field, at most 4000
	Empty bool   // the field may stay empty

	id string // which command it goes on with, and about whom
}

// FormText is the option in which a form's text reaches Submit.
const FormText = "text"

const (
	formWords   = 45
	formTooLate = "Discord opens a form within three seconds, and this took longer. Please try again."
)

// keep has the form remember which command opened it, and for whom. Discord gives it back as it is; what the sender may
// do is checked when it comes.
func (f *Form) keep(command string, use *wireInteraction) {
	switch {
	case *f == (Form{}):
	case use.pressed():
		f.id = use.Data.CustomID
	default:
		f.id = command + ":" + use.target().ID.String()
	}
}

func (f Form) response() *discordgo.InteractionResponse {
	field := discordgo.TextInput{
		CustomID: FormText, Label: cut(f.Label, formWords), Style: discordgo.TextInputParagraph, Required: !f.Empty,
		MaxLength: f.Most,
	}
	if !f.Empty {
		field.MinLength = 1
	}
	return &discordgo.InteractionResponse{
		Type: discordgo.InteractionResponseModal,
		Data: &discordgo.InteractionResponseData{
			CustomID: f.id, Title: cut(f.Title, formWords),
			Components: []discordgo.MessageComponent{
				discordgo.ActionsRow{Components: []discordgo.MessageComponent{field}},
			},
		},
	}
}

// wireForm is a form that was sent.
type wireForm struct {
	CustomID   string `json:"custom_id"`
	Components []struct {
		Components []struct {
			CustomID string `json:"custom_id"`
			Value    string `json:"value"`
		} `json:"components"`
	} `json:"components"`
}

// opener is the command that opened the form, and for whom.
func (f *wireForm) opener() (command string, user snowflake.UserID) {
	at := strings.LastIndexByte(f.CustomID, ':')
	if at < 0 {
		return "", 0
	}
	user, err := snowflake.Parse[snowflake.UserID](f.CustomID[at+1:])
	if err != nil {
		return "", 0
	}
	return f.CustomID[:at], user
}

func (f *wireForm) answers() map[string]string {
	answers := map[string]string{}
	for _, row := range f.Components {
		for _, field := range row.Components {
			answers[field.CustomID] = field.Value
		}
	}
	return answers
}

// answered says whether guildwatch answers interactions of this type.
func (u *wireInteraction) answered() bool {
	return u.Type == interactionCommand || u.Type == interactionTyping || u.Type == interactionForm || u.Type == interactionPress && u.pressed()
}
