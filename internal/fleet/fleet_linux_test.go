package fleet

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	Main(nil)
	m.Run()
}

// Each reader gets five marks in pieces, among text that looks like marks: the third twice, and every other reader not
// the fourth.
func TestReadersCountWhatComesWhatIsLostAndWhatIsDoubled(t *testing.T) {
	begin := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Transfer-Encoding", "identity") // chunks would stand in the middle of marks
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		<-begin
		for number := range int64(5) {
			mark := string(Mark(number, time.Now().Add(-time.Second)))
			switch {
			case number == 2:
				mark += mark
			case number == 3 && r.URL.Query().Get("reader") == "2":
				continue
			}
			for _, piece := range strings.SplitAfter("<b>@ada, @0123456789abcdef and @@</b>"+mark+"\n", "a") {
				fmt.Fprint(w, piece)
				_ = http.NewResponseController(w).Flush()
			}
		}
		<-r.Context().Done()
	}))
	defer server.Close()
	fleet := Launch(t, Plan{Addr: server.Listener.Addr().String(), Path: "/?reader=%d", Readers: 3, Silent: 1})
	defer fleet.Stop()
	fleet.Count(5)
	close(begin)
	got := fleet.Result()
	if got.Received != 9 || got.Lost != 1 || got.Doubled != 2 {
		t.Errorf("received %d, lost %d, doubled %d; want 9, 1, 2", got.Received, got.Lost, got.Doubled)
	}
	if got.P50 < 1000 || got.Max < got.P99 || got.P99 < got.P50 {
		t.Errorf("marks a second old were read after %.0f, %.0f and %.0f ms", got.P50, got.P99, got.Max)
	}
}

func TestSpreadIsMedianAndRange(t *testing.T) {
	if got, want := SpreadOf([]float64{5, 1, 3}), (Spread{3, 1, 5}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
