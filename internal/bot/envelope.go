package bot

import "errors"

// The gateway's operations that guildwatch sends or reads.
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opResume    = 6
	opReconnect = 7
	opMembers   = 8
	opInvalid   = 9
	opHello     = 10
	opACK       = 11
)

// closeResume is the code with which we close: unlike 1000 and 1001 it leaves the session resumable.
const closeResume = 4000

var errNoOp = errors.New("bot: a gateway frame without an operation")

// envelope is the outside of a gateway frame. Data aliases the frame.
type envelope struct {
	op   int
	seq  int64 // 0: none
	kind kind
	data []byte
}

// openEnvelope reads the outside alone; the payload stays raw for the lanes.
func openEnvelope(frame []byte) (envelope, error) {
	e := envelope{op: -1}
	err := fields(frame, func(key, value []byte) bool {
		if len(key) == 1 || len(key) == 2 {
			switch string(key) {
			case "op":
				e.op = -1
				if value[0] >= '0' && value[0] <= '9' && len(value) < 10 {
					e.op = int(digits(value))
				}
			case "s":
				e.seq = digits(value)
			case "t":
				e.kind = kindOf(value)
			case "d":
				e.data = value
			}
		}
		return true
	})
	if err == nil && e.op < 0 {
		err = errNoOp
	}
	return e, err
}

// kind is what a dispatch is about, as far as guildwatch reads it.
type kind uint8

const (
	kindUnknown kind = iota // also what guildwatch has no use for
	kindReady
	kindResumed
	kindRateLimited
	kindMessageCreate
	kindMessageUpdate
	kindMessageDelete
	kindMessageDeleteBulk
	kindThreadCreate
	kindThreadUpdate
	kindGuildCreate
	kindGuildUpdate
	kindGuildDelete
	kindRoleCreate
	kindRoleUpdate
	kindRoleDelete
	kindChannelCreate
	kindChannelUpdate
	kindChannelDelete
	kindMemberAdd
	kindMemberRemove
	kindMemberUpdate
	kindMembersChunk
	kindBanAdd
	kindAuditEntry
	kindAutoModExecution
	kindAutoModRuleCreate
	kindAutoModRuleUpdate
	kindAutoModRuleDelete
	kindInteraction
	kindMade // not from the wire: an event that the loop itself translated
	kindPage // nor this: a page of history, asked for by REST
	kinds
)

// rank says what a full lane gives up first.
type rank uint8

const (
	rankMessage rank = iota // counted, sheddable
	rankRecord              // becomes a row: kept until the hard limit
)

// route is how one kind travels: its name on the wire, the key that chooses its lane, and its rank.
type route struct {
	name string
	by   string // "" for what no lane handles
	rank rank
}

var routes = [kinds]route{
	kindReady:             {name: "READY"},
	kindResumed:           {name: "RESUMED"},
	kindRateLimited:       {name: "RATE_LIMITED"},
	kindMessageCreate:     {"MESSAGE_CREATE", "channel_id", rankMessage},
	kindMessageUpdate:     {"MESSAGE_UPDATE", "channel_id", rankMessage},
	kindMessageDelete:     {"MESSAGE_DELETE", "channel_id", rankMessage},
	kindMessageDeleteBulk: {"MESSAGE_DELETE_BULK", "channel_id", rankMessage},
	kindThreadCreate:      {"THREAD_CREATE", "id", rankMessage}, // a thread's id is the channel of its messages
	kindThreadUpdate:      {"THREAD_UPDATE", "id", rankMessage},
	kindGuildCreate:       {"GUILD_CREATE", "id", rankRecord},
	kindGuildUpdate:       {"GUILD_UPDATE", "id", rankRecord},
	kindGuildDelete:       {"GUILD_DELETE", "id", rankRecord},
	kindRoleCreate:        {"GUILD_ROLE_CREATE", "guild_id", rankRecord},
	kindRoleUpdate:        {"GUILD_ROLE_UPDATE", "guild_id", rankRecord},
	kindRoleDelete:        {"GUILD_ROLE_DELETE", "guild_id", rankRecord},
	kindChannelCreate:     {"CHANNEL_CREATE", "guild_id", rankRecord},
	kindChannelUpdate:     {"CHANNEL_UPDATE", "guild_id", rankRecord},
	kindChannelDelete:     {"CHANNEL_DELETE", "guild_id", rankRecord},
	kindMemberAdd:         {"GUILD_MEMBER_ADD", "guild_id", rankRecord},
	kindMemberRemove:      {"GUILD_MEMBER_REMOVE", "guild_id", rankRecord},
	kindMemberUpdate:      {"GUILD_MEMBER_UPDATE", "guild_id", rankRecord},
	kindMembersChunk:      {"GUILD_MEMBERS_CHUNK", "guild_id", rankRecord},
	kindBanAdd:            {"GUILD_BAN_ADD", "guild_id", rankRecord},
	kindAuditEntry:        {"GUILD_AUDIT_LOG_ENTRY_CREATE", "guild_id", rankRecord},
	kindAutoModExecution:  {"AUTO_MODERATION_ACTION_EXECUTION", "guild_id", rankRecord},
	kindAutoModRuleCreate: {"AUTO_MODERATION_RULE_CREATE", "guild_id", rankRecord},
	kindAutoModRuleUpdate: {"AUTO_MODERATION_RULE_UPDATE", "guild_id", rankRecord},
	kindAutoModRuleDelete: {"AUTO_MODERATION_RULE_DELETE", "guild_id", rankRecord},
	kindInteraction:       {name: "INTERACTION_CREATE"},
}

var kindByName = func() map[string]kind {
	byName := make(map[string]kind, kinds)
	for k, r := range routes {
		if r.name != "" {
			byName[r.name] = kind(k)
		}
	}
	return byName
}()

func (k kind) String() string {
	if k < kinds && routes[k].name != "" {
		return routes[k].name
	}
	return "unknown"
}

// kindOf reads the quoted name of a dispatch without allocating.
func kindOf(value []byte) kind {
	if len(value) < 2 || value[0] != '"' {
		return kindUnknown
	}
	return kindByName[string(value[1:len(value)-1])]
}

// place finds where a payload belongs: the value that chooses its lane, and its guild (0 when it has none).
func place(k kind, payload []byte) (lane, guild int64) {
	by := routes[k].by
	_ = fields(payload, func(key, value []byte) bool {
		if string(key) == by {
			lane = digits(value)
		}
		if string(key) == "guild_id" {
			guild = digits(value)
		}
		return lane == 0 || guild == 0
	})
	switch k {
	case kindGuildCreate, kindGuildUpdate, kindGuildDelete:
		guild = lane
	}
	return lane, guild
}
