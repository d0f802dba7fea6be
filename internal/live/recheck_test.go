package live

import (
	"sync"
	"testing"

	"guildwatch/internal/snowflake"
)

// doors says for each user whether a stream may go on.
type doors struct {
	mu   sync.Mutex
	shut map[snowflake.UserID]bool
}

func (d *doors) shutFor(user snowflake.UserID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut[user] = true
}

func (d *doors) still(user snowflake.UserID) *Ending {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shut[user] {
		return &Ending{RoleLost, "You lost the role."}
	}
	return nil
}

func TestRecheckEndsThoseWhoMayNotGoOn(t *testing.T) {
	rights := &doors{shut: map[snowflake.UserID]bool{}}
	s := newStage(t, Options{})
	s.still = rights.still
	out, stays, spared := s.read("user=1", ""), s.read("user=2", ""), s.read("user=3", "")
	s.joined(3)
	rights.shutFor(1)
	rights.shutFor(3)
	s.Recheck(func(user snowflake.UserID, _ Topic) bool { return user != 3 })
	s.Publish(Guild(guild), event(1, "only who stays"))
	out.want(t, message{"end", `{"code":4003,"reason":"You lost the role."}`, ""})
	out.wantEnd(t)
	for _, r := range []*reader{stays, spared} {
		r.want(t, message{"event", "only who stays", "1"})
	}
	s.Recheck(nil)
	spared.want(t, message{"end", `{"code":4003,"reason":"You lost the role."}`, "1"})
	s.joined(1)
}

// A right that is lost between the caller's check and the stream's join is found when it has joined: whoever told the
// hub in between found no stream to end.
func TestARightLostBeforeTheJoinIsFound(t *testing.T) {
	rights := &doors{shut: map[snowflake.UserID]bool{1: true}}
	store := &shelf{}
	s := newStage(t, Options{Backfill: store.backfill})
	s.still = rights.still
	store.commit(s)
	r := s.read("user=1&after=0", "")
	r.want(t, message{"end", `{"code":4003,"reason":"You lost the role."}`, ""})
	r.wantEnd(t)
	s.joined(0)
}

// Whose right cannot be told for a mistake of ours gets nothing more, and comes back to be checked anew.
func TestAPanickingCheckCutsTheStream(t *testing.T) {
	s := newStage(t, Options{})
	var once sync.Once
	s.still = func(snowflake.UserID) *Ending {
		bad := false
		once.Do(func() { bad = true })
		if bad {
			return nil // when it joins
		}
		panic("no roster")
	}
	r := s.read("user=1", "")
	s.joined(1)
	s.Recheck(nil)
	r.wantEnd(t)
	s.joined(0)
}
