package chart

import (
	"fmt"
	"time"

	"guildwatch/internal/stats"
	"guildwatch/views/ui"
)

// Heights in pixels: the drawing is stretched in width only, so that the text beside it keeps its place.
const (
	firstLane = 112
	otherLane = 44
	laneGap   = 34 // above each lane, for its name
)

// drawing is a Day at one size. Everything is in whole numbers: a frame has 16 KB for both sizes and the table.
type drawing struct {
	Day
	size string // "wide" or "narrow"
	each int    // hours in a point
	step int    // width of a point
}

func (d Day) wide() drawing   { return drawing{d, "wide", 1, 30} }
func (d Day) narrow() drawing { return drawing{d, "narrow", 2, 28} }

// points are the hours, added up each-wise. The last point may hold fewer.
func (d drawing) points() []stats.Hour {
	out := make([]stats.Hour, 0, (len(d.Hours)+d.each-1)/d.each)
	for i := 0; i < len(d.Hours); i += d.each {
		sum := d.Hours[i]
		for _, h := range d.Hours[i+1 : min(i+d.each, len(d.Hours))] {
			sum.Messages += h.Messages
			sum.Commands += h.Commands
			sum.Violations += h.Violations
			sum.Actions += h.Actions
			sum.Joins += h.Joins
			sum.Leaves += h.Leaves
			sum.Gap = sum.Gap || h.Gap
		}
		out = append(out, sum)
	}
	return out
}

func (d Day) height() int {
	return laneGap + firstLane + (len(d.Lanes)-1)*(laneGap+otherLane)
}

// floor is the baseline of lane i, and tall its height.
func (d Day) floor(i int) (floor, tall int) {
	if i == 0 {
		return laneGap + firstLane, firstLane
	}
	return laneGap + firstLane + i*(laneGap+otherLane), otherLane
}

func (d drawing) width() int  { return d.step * max(1, len(d.points())) }
func (d drawing) box() string { return fmt.Sprintf("0 0 %d %d", d.width(), d.height()) }

// bars is lane i as one path. Without the last point, which is still running and drawn by open.
func (d drawing) bars(i int) string {
	points := d.points()
	return d.path(i, points, 0, max(0, len(points)-1))
}

// open is the running point of lane i.
func (d drawing) open(i int) string {
	points := d.points()
	return d.path(i, points, max(0, len(points)-1), len(points))
}

// path is one upright stroke for each point that is not 0: a third of the bytes of a rectangle. The style sheet has its
// width.
func (d drawing) path(lane int, points []stats.Hour, from, to int) string {
	floor, tall := d.floor(lane)
	top := float64(d.top(lane, points))
	var out []byte
	for i := from; i < to; i++ {
		if v := d.Lanes[lane].Of(points[i]); v > 0 {
			h := max(2, int(float64(v)/top*float64(tall)))
			out = fmt.Appendf(out, "M%d %dv-%d", i*d.step+d.step/2, floor, h)
		}
	}
	return string(out)
}

// top is the highest value of a lane, at least 1.
func (d drawing) top(lane int, points []stats.Hour) int64 {
	top := int64(1)
	for _, p := range points {
		top = max(top, d.Lanes[lane].Of(p))
	}
	return top
}

// says is a point in words, a line each, for whoever points at it or comes to it with the keys.
func (d drawing) says(p stats.Hour) string {
	text := d.clock(p.Start) + " to " + d.clock(p.Start.Add(time.Duration(d.each)*time.Hour))
	for _, lane := range d.Lanes {
		text += "\n" + lane.Name + ": " + ui.Count(lane.Of(p))
	}
	if p.Gap {
		text += "\nEvents may have been missed"
	}
	return text
}

// lines are the rules of a lane: its floor, and for the first, tall one also the top and the middle.
func (d drawing) lines(lane int) string {
	floor, tall := d.floor(lane)
	path := fmt.Sprintf("M0 %dH%d", floor, d.width())
	if lane == 0 {
		path += fmt.Sprintf("M0 %dH%dM0 %dH%d", floor-tall/2, d.width(), floor-tall, d.width())
	}
	return path
}

// missed covers the hours with gaps in every lane, but not the names between the lanes. Neighbours are covered as one.
func (d drawing) missed() string {
	points := d.points()
	var out []byte
	for from := 0; from < len(points); from++ {
		to := from
		for to < len(points) && points[to].Gap {
			to++
		}
		if to == from {
			continue
		}
		for lane := range d.Lanes {
			floor, tall := d.floor(lane)
			out = fmt.Appendf(out, "M%d %dH%dv-%dH%dz", from*d.step, floor, to*d.step, tall, from*d.step)
		}
		from = to
	}
	return string(out)
}
