package bot

import (
	"strings"

	"guildwatch/internal/moderation"
)

// pressMark stands between the parts of a button's id. The ids of forms that commands open have none.
const pressMark = "/"

// PressID is the id of a button that leads to the LetterPress of that name. Name and args must not hold a slash; all
// together has at most 100 characters.
func PressID(name string, args ...string) string {
	return strings.Join(append([]string{name}, args...), pressMark)
}

// pressed says whether the interaction is with a button of guildwatch's own, or with the form that one opened.
func (u *wireInteraction) pressed() bool {
	return (u.Type == interactionPress || u.Type == interactionForm) && strings.Contains(u.Data.CustomID, pressMark)
}

// args are what a button's id has after the name.
func (u *wireInteraction) args() []string {
	if !u.pressed() {
		return nil
	}
	return strings.Split(u.Data.CustomID, pressMark)[1:]
}

// user is whoever uses it, in a guild or in a direct conversation.
func (u *wireInteraction) user() moderation.User {
	if u.Member != nil {
		return u.Member.User.user()
	}
	return u.User.user()
}

// registered is how many commands Discord knows.
func (c *commands) registered() (n int) {
	for _, command := range c.list {
		if command.Kind != LetterPress {
			n++
		}
	}
	return n
}
