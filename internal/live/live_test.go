package live

import (
	"testing"

	"guildwatch/internal/frame"
)

func TestFramesReachEveryStreamOfTheirTopicInOrder(t *testing.T) {
	s := newStage(t, Options{})
	a, b := s.read("", ""), s.read("json", "")
	s.joined(2)
	s.Publish(Guild(guild), event(1, "<p>one</p>"), event(2, "two\nlines"))
	s.Publish(GuildJSON(guild), Frame{Seq: 2, Name: frame.Violation, Data: []byte(`{}`)})
	for _, want := range []message{{"event", "<p>one</p>", "1"}, {"event", "two\nlines", "2"}} {
		if got, _ := a.next(t); got != want {
			t.Errorf("page got %q, want %q", got, want)
		}
	}
	if got, _ := b.next(t); got != (message{"violation", "{}", "2"}) {
		t.Errorf("script got %q", got)
	}
}

// A stream that says no position gets what is published from the moment it came, while it opens as well, and once.
func TestWhatIsPublishedWhileAStreamOpensReachesIt(t *testing.T) {
	var s *stage
	s = newStage(t, Options{Watching: func(topic Topic) { s.Publish(topic, event(1, "early"), event(2, "too")) }})
	a := s.read("", "")
	s.joined(1)
	s.Publish(Guild(guild), event(3, "later"))
	for _, want := range []message{{"event", "early", "1"}, {"event", "too", "2"}, {"event", "later", "3"}} {
		if got, _ := a.next(t); got != want {
			t.Errorf("%q came, want %q", got, want)
		}
	}
}
