package discordsim

import "guildwatch/internal/snowflake"

type Webhook struct {
	ID   snowflake.WebhookID
	Name string
}
type Command struct{}
type Interaction struct{}
