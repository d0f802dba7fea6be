package discordsim

import (
	"net/http"
	"time"
)

// Knobs make the stand-in misbehave, or set a limit. They may be turned at any time with Set. A field of type Times
// counts down: 1 means the next time only, Always means until it is turned back.
type Knobs struct {
	HeartbeatInterval time.Duration // told in HELLO; 41.25 s
	HeartbeatPatience time.Duration // silence beyond the interval before the socket is closed with 4009; 20 s
	PrivilegedIntents Intents       // those that the application may ask for; others are refused with 4014
	Shards            int           // recommended by GET /gateway/bot; 1
	MaxConcurrency    int           // IDENTIFY per 5 s, more get op 9; 16
	StartsTotal       int           // IDENTIFY per 24 h, beyond which the token is reset; 1000
	ResumeWindow      int           // events kept for RESUME; 10 000
	ResumeFor         time.Duration // how long a session without a socket may be resumed; 5 min
	MostUnsent        int           // frames that a client may leave unread before it is cut off; 200 000, some 120 MB
	ChunkSize         int           // members in one GUILD_MEMBERS_CHUNK; 1000
	MemberListEvery   time.Duration // between two requests for a whole member list of one guild; 30 s

	NoHello           Times // accept the socket and say nothing
	Op7InsteadOfHello Times
	Op7AfterResume    Times // instead of the replay
	Op11BeforeReady   Times
	Op9OnIdentify     Times
	Op9OnResume       Times
	Op9Resumable      bool // the d of an op 9 caused by the two above
	CloseOnIdentify   int  // close code in answer to IDENTIFY; 0 for none
	CloseOnResume     int
	StopACK           bool          // heartbeats are not answered
	ACKDelay          time.Duration // heartbeats are answered this late
	Frozen            bool          // nothing is written to the sockets and what comes is lost: a half-open connection
	RefuseSockets     bool          // the gateway answers 503 instead of upgrading
	Offline           bool          // every connection, of the gateway or of REST, is cut: the network is down
	AuditFirst        bool          // audit entries come before the events of the deeds that they name, not after

	RESTLatency  time.Duration
	Failures     []Failure        // the first that fits a request is served instead of the answer
	Limits       map[string]Limit // by pattern as in "POST /channels/{channel}/messages"; DefaultLimit for all others
	DefaultLimit Limit            // for each route and each channel, guild or webhook in it; 50 per second
	GlobalLimit  int              // requests per second, interactions exempt; 50, 0 for none
	InvalidLimit int              // answers 401, 403 and 429 per 10 min until the address is banned; 10 000

	Redirects     []string      // the redirect URIs registered for OAuth2; any will do while there is none
	DenyAuthorize bool          // the user refuses what the OAuth2 page asks
	CodesLive     time.Duration // how long an OAuth2 code may be exchanged; 1 min
}

// Times says how often something shall still happen.
type Times int

// Always is the Times that never runs out.
const Always Times = -1

// take spends one and says whether it was there.
func (t *Times) take() bool {
	if *t > 0 {
		*t--
		return true
	}
	return *t == Always
}

// Limit is a rate limit: so many requests in each window.
type Limit struct {
	Requests int
	Window   time.Duration
}

// Failure is a bad answer to a REST request.
type Failure struct {
	Times  Times  // Always, or how many requests it spoils
	Method string // any when empty
	Path   string // a prefix of the path after the version, such as "/channels/"; any when empty

	Status int         // 0 gives the true answer, after Hang or by Drip
	Code   int         // Discord's error code in the JSON body
	Body   string      // instead of the JSON body; HTML when it starts with "<"
	Header http.Header // added to the answer

	After bool          // let the deed happen, then fail: the client cannot know
	Reset bool          // cut the connection instead of answering
	Hang  time.Duration // wait before answering
	Drip  time.Duration // send the true answer byte by byte, this long between two
}

// Set turns knobs. The function runs under the Sim's lock, so it must not call the Sim.
func (s *Sim) Set(turn func(*Knobs)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	turn(&s.knobs)
	for c := range s.conns {
		if s.knobs.Offline {
			c.drop()
		}
		c.nudge()
	}
}

func defaultKnobs() Knobs {
	return Knobs{
		HeartbeatInterval: 41250 * time.Millisecond,
		HeartbeatPatience: 20 * time.Second,
		PrivilegedIntents: IntentsPrivileged,
		Shards:            1,
		MaxConcurrency:    16,
		StartsTotal:       1000,
		ResumeWindow:      10_000,
		ResumeFor:         5 * time.Minute,
		MostUnsent:        200_000,
		ChunkSize:         1000,
		MemberListEvery:   30 * time.Second,
		DefaultLimit:      Limit{Requests: 50, Window: time.Second},
		GlobalLimit:       50,
		InvalidLimit:      10_000,
		CodesLive:         time.Minute,
	}
}
