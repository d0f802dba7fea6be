package discordsim

// table is the one list of all routes, by ServeMux's patterns, without "/api" and version.
func (s *Sim) table() map[string]route {
	return map[string]route{
		"GET /gateway":                 {anyone, getGateway},
		"GET /gateway/bot":             {asBot, getGatewayBot},
		"GET /applications/@me":        {asBot, getApplication},
		"GET /oauth2/applications/@me": {asBot, getApplication},
		"GET /users/@me":               {asUser, getMe},
		"GET /users/{user}":            {asBot, getUser},
		"GET /users/@me/guilds":        {asUser, getMyGuilds},
		"POST /users/@me/channels":     {asBot, postMyChannels},
	}
}
