package browser

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Point is a place in the viewport, in CSS pixels.
type Point struct{ X, Y float64 }

// Phone makes the tab a phone of 390 by 844 with touch.
func Phone(t testing.TB, tab context.Context) {
	t.Helper()
	Do(t, tab, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
}

// Drag puts a finger down, moves it in twenty steps of 10 ms and lifts it: real touch events, so the browser scrolls if it
// wants to. The events say when they happened: how long the browser takes for them is no slowness of the finger. During
// runs before the finger is lifted and may be nil.
func Drag(t testing.TB, tab context.Context, from, to Point, during func()) {
	t.Helper()
	const steps = 20
	began := time.Now()
	after := func(steps float64) time.Time { return began.Add(time.Duration(steps) * 10 * time.Millisecond) }
	touch(t, tab, began, input.DispatchTouchEventTypeTouchStart, from)
	for i := 1.0; i <= steps; i++ {
		touch(t, tab, after(i), input.DispatchTouchEventTypeTouchMove,
			Point{from.X + (to.X-from.X)*i/steps, from.Y + (to.Y-from.Y)*i/steps})
	}
	if during != nil {
		during()
	}
	touch(t, tab, after(steps+1), input.DispatchTouchEventTypeTouchEnd)
}

func touch(t testing.TB, tab context.Context, at time.Time, kind input.DispatchTouchEventType, points ...Point) {
	t.Helper()
	params := input.DispatchTouchEventParams{Type: kind, TouchPoints: []*input.TouchPoint{},
		Timestamp: input.TimeSinceEpoch(float64(at.UnixMicro()) / 1e6)}
	for _, p := range points {
		params.TouchPoints = append(params.TouchPoints, &input.TouchPoint{X: p.X, Y: p.Y})
	}
	Do(t, tab, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.DispatchTouchEvent, params)
		return err
	}))
}
