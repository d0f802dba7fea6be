package raid

import "time"

// LeverState is how far a lever is.
type LeverState string

// The states of a lever, in the order in which they come. The last four are ends.
const (
	Open     LeverState = "open"     // not looked at yet
	Intended LeverState = "intended" // what was found is written down; Discord may have been asked already, or not
	Held     LeverState = "held"     // Discord has confirmed what raid mode wants
	Spared   LeverState = "spared"   // what was found was strict enough: nothing to change
	Refused  LeverState = "refused"  // Discord does not let guildwatch change it
	Restored LeverState = "restored" // it is as it was found
	Kept     LeverState = "kept"     // a person has changed it meanwhile: theirs stays
)

// Lever is one thing that raid mode changes in a guild. Values are whole numbers: a verification level, or until when
// invites are paused, in Unix seconds. What it holds is written down before Discord is asked, so that whoever comes after
// a crash knows what to put back.
type Lever struct {
	State LeverState `json:"state"`
	Was   int64      `json:"was"`            // as it was found
	Set   int64      `json:"set"`            // as raid mode wants it
	Prev  int64      `json:"prev,omitempty"` // as it wanted it before: the answer about Set may be lost. 0: nothing else
	// Problem is why Discord refused, with the permission that is missing.
	Problem string `json:"problem,omitempty"`
}

// Move is what Discord is to be asked for a lever.
type Move struct {
	Ask bool
	To  int64
}

// Raise gives the lever after a look at what holds now, and what to ask for. A lever that comes back Intended is to be
// written down before Discord is asked; once Discord has confirmed, it is Held.
func (l Lever) Raise(now, want int64) (Lever, Move) {
	switch l.State {
	case Open:
		if now >= want {
			return Lever{State: Spared, Was: now}, Move{}
		}
		return Lever{State: Intended, Was: now, Set: want}, Move{Ask: true, To: want}
	case Intended:
		switch {
		case now == l.Set:
			l.State, l.Prev = Held, 0
		case now == l.Was, l.Prev != 0 && now == l.Prev:
			return l, Move{Ask: true, To: l.Set}
		default:
			l.State = Kept
		}
	}
	return l, Move{}
}

// Confirm notes that Discord has done what was asked of it while raising.
func (l *Lever) Confirm(move Move) {
	if l.State == Intended && move.To == l.Set {
		l.State, l.Prev = Held, 0
	}
}

// Refuse notes that Discord does not let guildwatch raise the lever. A pause that could not be prolonged still holds as it
// was.
func (l *Lever) Refuse(why string) {
	switch {
	case l.State == Open, l.State == Intended && l.Prev == 0:
		l.State, l.Problem = Refused, why
	case l.State == Intended:
		l.State, l.Set, l.Prev = Held, l.Prev, 0
	}
}

// Extend is Raise for a lever that holds and would run out: want is later than what was set.
func (l Lever) Extend(now, want int64) (Lever, Move) {
	switch {
	case l.State != Held || want <= l.Set:
		return l, Move{}
	case now != l.Set:
		l.State = Kept
		return l, Move{}
	}
	l.State, l.Prev, l.Set = Intended, l.Set, want
	return l, Move{Ask: true, To: want}
}

// Restore gives the lever after a look at what holds now, and what to ask for. It comes back Restored or Kept where there
// is nothing to ask; otherwise it is Restored once Discord has confirmed, and looked at again until then.
func (l Lever) Restore(now int64) (Lever, Move) {
	switch l.State {
	case Open:
		l.State = Spared
		return l, Move{}
	case Intended, Held:
	default:
		return l, Move{}
	}
	switch {
	case now == l.Was:
		l.State = Restored
	case now == l.Set, l.Prev != 0 && now == l.Prev:
		return l, Move{Ask: true, To: l.Was}
	default:
		l.State = Kept
	}
	return l, Move{}
}

// Again is the lever of a raid that flares up while it is being taken back: what was put back is raised again, a
// person's choice stays.
func (l Lever) Again() Lever {
	if l.State == Restored {
		return Lever{State: Open}
	}
	return l
}

// Settled says whether the lever waits for nothing: Raise has done with it, or Restore.
func (l Lever) Settled() bool { return l.State != Open && l.State != Intended }

// Over says whether nothing is left to restore.
func (l Lever) Over() bool { return l.Settled() && l.State != Held }

const (
	// Pause is for how long invites are paused at once. Should guildwatch never come back, Discord ends it by itself.
	Pause = time.Hour
	// renew is how long before the end of a pause it is prolonged.
	renew = 20 * time.Minute
	// Level is the verification level of raid mode: Discord's "high", where nobody writes in their first ten minutes.
	Level = 3
)

// PauseFrom is the end of a pause that begins now, in Unix seconds.
func PauseFrom(now time.Time) int64 { return now.Add(Pause).Unix() }

// Renewal is when a pause has to be prolonged.
func Renewal(until int64) time.Time { return time.Unix(until, 0).Add(-renew) }

// Paused is until when invites are paused as a lever's value: 0 once that is over.
func Paused(until, now time.Time) int64 {
	if !until.After(now) {
		return 0
	}
	return until.Unix()
}

// Ended is the lever of a pause with what has run out by itself as 0, as Paused gives what holds. A pause that ran out
// before anybody knew whether it was set is begun anew.
func (l Lever) Ended(now time.Time) Lever {
	at := now.Unix()
	if l.State == Intended && l.Set <= at {
		return Lever{State: Open}
	}
	for _, value := range []*int64{&l.Was, &l.Set, &l.Prev} {
		if *value <= at {
			*value = 0
		}
	}
	return l
}
