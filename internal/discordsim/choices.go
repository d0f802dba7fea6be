package discordsim

import "unicode/utf8"

// choicesMost is how many choices Discord takes for an option that is being typed.
const choicesMost = 25

// wrongChoices checks what the bot offers while somebody types.
func (i *Interaction) wrongChoices(body *messageBody) *answer {
	var wrong answer
	switch {
	case i.Kind != kindTyping:
		wrong = invalid("type", "INTERACTION_APPLICATION_COMMAND_AUTOCOMPLETE_INVALID", "Nobody is typing an option.")
	case body.Choices == nil:
		wrong = invalid("choices", "BASE_TYPE_REQUIRED", "This field is required")
	case len(body.Choices) > choicesMost:
		wrong = crowded(choicesMost, "choices")
	default:
		for _, choice := range body.Choices {
			if n := utf8.RuneCountInString(choice.Name); n == 0 || n > 100 || choice.Value == nil {
				wrong = invalid("choices", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
				return &wrong
			}
		}
		return nil
	}
	return &wrong
}
