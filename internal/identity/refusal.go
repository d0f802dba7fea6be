package identity

// Reason says why nobody was signed in. The words for people are the edge's.
type Reason string

// The reasons.
const (
	LinkUnknown   Reason = "no such link" // or swept long ago
	LinkSpent     Reason = "the link was used"
	LinkLate      Reason = "the link is too old"
	OtherPerson   Reason = "somebody else is signed in there" // so that nobody is made to be another unawares
	RoleLost      Reason = "the person has no role there any more"
	Off           Reason = "there is no client secret"    // so nobody can sign in through Discord's page
	StateUnknown  Reason = "no such sign-in is under way" // it began too long ago, or is over
	StateForeign  Reason = "the sign-in began in another browser"
	Denied        Reason = "the person said no to Discord"
	CodeRefused   Reason = "Discord does not take the code"    // too late, or made up
	SecretRefused Reason = "Discord refuses the client secret" // the operator has to mend it
	DiscordDown   Reason = "Discord does not answer as it should"
	Insecure      Reason = "the browser would not keep the cookie"
)

// Refusal is the error of a sign-in that was refused.
type Refusal struct {
	Reason Reason
	Err    error // the cause, for the log; may be nil
}

// Error is the text for the log.
func (r *Refusal) Error() string {
	if r.Err == nil {
		return "sign-in: " + string(r.Reason)
	}
	return "sign-in: " + string(r.Reason) + ": " + r.Err.Error()
}

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

func refuse(reason Reason, cause error) error { return &Refusal{Reason: reason, Err: cause} }
