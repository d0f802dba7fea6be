package snowflake

// The methods below are the same for each type; Go has no way to declare them once for all.

// String writes the id in decimal.
func (id GuildID) String() string { return String(id) }

// MarshalJSON writes the id as a JSON string.
func (id GuildID) MarshalJSON() ([]byte, error) { return encode(id), nil }

// UnmarshalJSON reads a JSON string or number; null, "" and 0 are the zero id.
func (id *GuildID) UnmarshalJSON(data []byte) error { return decode(id, data) }

// String writes the id in decimal.
func (id UserID) String() string { return String(id) }

// MarshalJSON writes the id as a JSON string.
func (id UserID) MarshalJSON() ([]byte, error) { return encode(id), nil }

// UnmarshalJSON reads a JSON string or number; null, "" and 0 are the zero id.
func (id *UserID) UnmarshalJSON(data []byte) error { return decode(id, data) }

// String writes the id in decimal.
func (id ChannelID) String() string { return String(id) }

// MarshalJSON writes the id as a JSON string.
func (id ChannelID) MarshalJSON() ([]byte, error) { return encode(id), nil }

// UnmarshalJSON reads a JSON string or number; null, "" and 0 are the zero id.
func (id *ChannelID) UnmarshalJSON(data []byte) error { return decode(id, data) }

// String writes the id in decimal.
func (id MessageID) String() string { return String(id) }

// MarshalJSON writes the id as a JSON string.
func (id MessageID) MarshalJSON() ([]byte, error) { return encode(id), nil }

// UnmarshalJSON reads a JSON string or number; null, "" and 0 are the zero id.
func (id *MessageID) UnmarshalJSON(data []byte) error { return decode(id, data) }

// String writes the id in decimal.
func (id RoleID) String() string { return String(id) }

// MarshalJSON writes the id as a JSON string.
func (id RoleID) MarshalJSON() ([]byte, error) { return encode(id), nil }

// UnmarshalJSON reads a JSON string or number; null, "" and 0 are the zero id.
func (id *RoleID) UnmarshalJSON(data []byte) error { return decode(id, data) }

// String writes the id in decimal.
func (id ApplicationID) String() string { return String(id) }

// MarshalJSON writes the id as a JSON string.
func (id ApplicationID) MarshalJSON() ([]byte, error) { return encode(id), nil }

// UnmarshalJSON reads a JSON string or number; null, "" and 0 are the zero id.
func (id *ApplicationID) UnmarshalJSON(data []byte) error { return decode(id, data) }

// String writes the id in decimal.
func (id InteractionID) String() string { return String(id) }

// MarshalJSON writes the id as a JSON string.
func (id InteractionID) MarshalJSON() ([]byte, error) { return encode(id), nil }

// UnmarshalJSON reads a JSON string or number; null, "" and 0 are the zero id.
func (id *InteractionID) UnmarshalJSON(data []byte) error { return decode(id, data) }

// String writes the id in decimal.
func (id RuleID) String() string { return String(id) }

// MarshalJSON writes the id as a JSON string.
func (id RuleID) MarshalJSON() ([]byte, error) { return encode(id), nil }

// UnmarshalJSON reads a JSON string or number; null, "" and 0 are the zero id.
func (id *RuleID) UnmarshalJSON(data []byte) error { return decode(id, data) }

// String writes the id in decimal.
func (id EntryID) String() string { return String(id) }

// MarshalJSON writes the id as a JSON string.
func (id EntryID) MarshalJSON() ([]byte, error) { return encode(id), nil }

// UnmarshalJSON reads a JSON string or number; null, "" and 0 are the zero id.
func (id *EntryID) UnmarshalJSON(data []byte) error { return decode(id, data) }

// String writes the id in decimal.
func (id WebhookID) String() string { return String(id) }

// MarshalJSON writes the id as a JSON string.
func (id WebhookID) MarshalJSON() ([]byte, error) { return encode(id), nil }

// UnmarshalJSON reads a JSON string or number; null, "" and 0 are the zero id.
func (id *WebhookID) UnmarshalJSON(data []byte) error { return decode(id, data) }

// String writes the id in decimal.
func (id CommandID) String() string { return String(id) }

// MarshalJSON writes the id as a JSON string.
func (id CommandID) MarshalJSON() ([]byte, error) { return encode(id), nil }

// UnmarshalJSON reads a JSON string or number; null, "" and 0 are the zero id.
func (id *CommandID) UnmarshalJSON(data []byte) error { return decode(id, data) }
