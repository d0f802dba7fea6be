package live

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"guildwatch/internal/frame"
)

// hostile are texts that would break a careless encoder.
var hostile = []string{
	"", "\n", "\r", "\r\n", "\n\n", "\r\r", ":comment", ": comment", " leading",
	"data: x", "\ndata: forged\n\n", "\rid: 9\r\r",
	"\nevent: end\ndata: {}\n\n", "a\x00b", "\u202eright to left", "\u200bzero width",
	"\u2028line\u2029paragraph", "</script>",
	"\ufeffmark", "\xff\xfe not UTF-8", "retry: 1",
}

// dispatched is what a browser makes of wire.
func dispatched(wire []byte) []message {
	r := &reader{messages: make(chan message, 100), retry: make(chan string, 100)}
	r.parse(bufio.NewReader(bytes.NewReader(wire)), "")
	var all []message
	for m := range r.messages {
		all = append(all, m)
	}
	return all
}

func TestAnyTextSurvivesAsData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.OneOf(rapid.SampledFrom(hostile), rapid.String())
		text := strings.Join(rapid.SliceOfN(piece, 0, 5).Draw(t, "pieces"), "")
		want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
		got := dispatched(encode(nil, frame.Event, []byte(text), 7))
		if len(got) != 1 || got[0].name != "event" || got[0].id != "7" {
			t.Fatalf("%q became %q, want one event", text, got)
		}
		if data := got[0].data; data != want && (text[0] != ':' || data != " "+want) {
			t.Fatalf("%q arrived as %q", text, data)
		}
	})
}

func TestHostileTextArrivesThroughTheWholeHub(t *testing.T) {
	s := newStage(t, Options{})
	r := s.read("", "")
	s.joined(1)
	for i, text := range hostile {
		s.Publish(Guild(guild), event(int64(i+1), text))
	}
	for _, text := range hostile {
		want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
		if strings.HasPrefix(text, ":") {
			want = " " + want
		}
		if m, ok := r.next(t); !ok || m.name != "event" || m.data != want {
			t.Errorf("%q arrived as %q", text, m)
		}
	}
}

func TestFrameOverTheLimitBecomesRefetch(t *testing.T) {
	s := newStage(t, Options{})
	r := s.read("", "")
	s.joined(1)
	big := strings.Repeat("x", 16<<10-len("data: \nevent: violation\nid: 1\n\n"))
	s.Publish(Guild(guild),
		Frame{Seq: 1, Name: frame.Violation, Data: []byte(big)},
		Frame{Seq: 2, Name: frame.Violation, Data: []byte(big + "x")},
		Frame{Name: frame.PanelCards, Data: []byte(strings.Repeat("\n", 4<<10))}) // encoding makes it larger
	r.want(t, message{"violation", big, "1"})
	r.want(t, message{"refetch", `{"name":"violation"}`, "2"})
	r.want(t, message{"refetch", `{"name":"panel-cards"}`, "2"})
}

func TestFramesOutsideTheSetAreDropped(t *testing.T) {
	s := newStage(t, Options{})
	r := s.read("user=5", "")
	s.joined(1)
	s.Publish(Guild(guild), Frame{Seq: 1, Name: "event\ndata: forged", Data: []byte("x")},
		Frame{Seq: 1, Name: frame.End},
		Frame{Name: frame.Event, Data: []byte("a change without a number")}, event(1, "good"))
	s.Tell(5, Guild(guild), Frame{Name: frame.End})
	r.want(t, message{"event", "good", "1"})
	if n := s.Stats().Invalid; n != 4 {
		t.Errorf("%d frames were dropped, want 4", n)
	}
}

func TestWithoutCutsOnlyTheID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.SampledFrom(hostile), rapid.String()).Draw(t, "text")
		with, plain := encode(nil, frame.PanelCards, []byte(text), 9), encode(nil, frame.PanelCards, []byte(text), 0)
		if got := without(with); !bytes.Equal(got, plain) {
			t.Fatalf("%q became %q, want %q", with, got, plain)
		}
		if got := without(plain); !bytes.Equal(got, plain) {
			t.Fatalf("%q became %q", plain, got)
		}
	})
}
