package discordsim

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/gorilla/websocket"
)

func TestBurstIsWholeAndInOrder(t *testing.T) {
	const n = 6000 // more than the 4096 that a burst may run ahead
	s := start(t, Options{})
	_, post := harbour(s)
	c := connect(t, s, allIntents)
	c.event("GUILD_CREATE")
	wrote := make(chan error, 1)
	go func() {
		written, err := s.Burst(context.Background(), n, func(i int) Post {
			post.Content = strconv.Itoa(i)
			return post
		})
		if written != n {
			err = errors.Join(err, errors.New("wrote "+strconv.Itoa(written)))
		}
		wrote <- err
	}()
	for i := range n {
		var m struct{ Content string }
		if c.decode(c.event("MESSAGE_CREATE"), &m); m.Content != strconv.Itoa(i) {
			t.Fatalf("message %d is %q", i, m.Content)
		}
	}
	if err := <-wrote; err != nil {
		t.Error(err)
	}
}

func TestBurstWaitsForTheReader(t *testing.T) {
	s := start(t, Options{})
	_, post := harbour(s)
	connect(t, s, allIntents)
	s.Set(func(k *Knobs) { k.Frozen = true })
	ctx, stop := context.WithCancel(context.Background())
	written, err := s.Burst(ctx, 1_000_000, func(i int) Post {
		if i == 4096 {
			stop()
		}
		return post
	})
	if !errors.Is(err, context.Canceled) || written > 5000 {
		t.Errorf("%d written against a reader that stands still, %v", written, err)
	}
}

// BenchmarkBurst is the stand-in's own share of an intake benchmark: messages through one socket to a client that reads
// and throws away.
func BenchmarkBurst(b *testing.B) {
	for _, query := range []string{"", "v=10&compress=zlib-stream"} {
		b.Run("compress="+strconv.FormatBool(query != ""), func(b *testing.B) {
			s := start(b, Options{})
			_, post := harbour(s)
			post.Content = "a message of the usual length, about as long as this sentence"
			c := dial(b, s, query)
			c.want(opHello)
			c.identify(s, allIntents)
			c.ready()
			c.event("GUILD_CREATE")
			b.ReportAllocs()
			b.ResetTimer()
			go s.Burst(context.Background(), b.N, func(int) Post { return post })
			for range b.N {
				if kind, _, err := c.ws.ReadMessage(); err != nil || kind == websocket.CloseMessage {
					b.Fatal(kind, err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}
