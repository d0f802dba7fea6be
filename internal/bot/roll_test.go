package bot

import (
	"slices"
	"testing"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// asking is a list of guild 1 that was asked for.
func asking(t *testing.T) (*memberList, *roll) {
	t.Helper()
	m := newMemberList(brisk())
	m.allow(true)
	m.want(1)
	r, _ := m.next()
	if r == nil || r.guild != 1 {
		t.Fatalf("asked for %+v", r)
	}
	return m, r
}

func partOf(r *roll, index, count int, users ...snowflake.UserID) part {
	p := part{guild: r.guild, number: r.number, index: index, count: count}
	for _, user := range users {
		p.members = append(p.members, moderation.Member{User: moderation.User{ID: user}})
	}
	return p
}

func TestEventsBetweenThePartsAreNewerThanTheList(t *testing.T) {
	m, r := asking(t)
	m.tell(1, 11, false)
	m.tell(1, 12, true)
	m.tell(1, 13, true)
	m.tell(1, 13, false)
	news, everybody := m.arrived(partOf(r, 0, 2, 10, 11, 12))
	if len(news) != 1 || news[0].ID != 10 || everybody != nil {
		t.Errorf("of the first part %v is news, and everybody is %v", news, everybody)
	}
	m.tell(1, 10, false) // has left since their part came
	m.tell(1, 14, true)  // is on no part
	_, everybody = m.arrived(partOf(r, 1, 2, 13, 15))
	if want := []snowflake.UserID{12, 14, 15}; !slices.Equal(everybody, want) {
		t.Errorf("everybody is %v, want %v", everybody, want)
	}
	if m.follows(1) {
		t.Error("followed before the list is recorded")
	}
	if m.recorded(1); !m.follows(1) {
		t.Error("not followed once it is")
	}
}

func TestAListWithAHoleIsAskedForAgain(t *testing.T) {
	m, r := asking(t)
	m.pace.chunks = 0
	if _, everybody := m.arrived(partOf(r, 1, 2, 10)); everybody != nil {
		t.Errorf("without its first part the list says that %v are all", everybody)
	}
	m.recorded(1)
	again, _ := m.next()
	if m.follows(1) || again == nil || again.guild != 1 || again.number == r.number {
		t.Errorf("followed %v, asked again for %+v", m.follows(1), again)
	}
	if news, everybody := m.arrived(partOf(r, 0, 1, 10)); news != nil || everybody != nil {
		t.Errorf("a part of the list that was given up says %v, %v", news, everybody)
	}
}

func TestADoubtWhileTheListComesIsNotLost(t *testing.T) {
	for name, when := range map[string]func(*memberList, func()){
		"while it comes":        func(m *memberList, comes func()) { m.drop(1); comes() },
		"before it is recorded": func(m *memberList, comes func()) { comes(); m.drop(1) },
	} {
		m, r := asking(t)
		when(m, func() { m.arrived(partOf(r, 0, 1, 10)) })
		if m.recorded(1); m.follows(1) {
			t.Errorf("%s: followed, though something was given up", name)
		}
		m.need(1)
		if again, _ := m.next(); again == nil {
			t.Errorf("%s: not asked for again", name)
		}
	}
}

func TestANewSessionForgetsEveryList(t *testing.T) {
	m, r := asking(t)
	m.arrived(partOf(r, 0, 1, 10))
	m.forget()
	if m.recorded(1); m.follows(1) {
		t.Error("a list of the last session counts in this one")
	}
}
