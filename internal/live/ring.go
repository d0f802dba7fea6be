package live

import (
	"slices"
	"sync/atomic"
)

// unknownFloor is a ring's floor before anything says from where on it is whole.
const unknownFloor = -1

// ring remembers a watched topic's newest changes, in seq order and without a gap: all above floor.
type ring struct {
	units  []unit
	floor  int64
	forgot int64 // newest change that trim took out
	bytes  int
	total  *atomic.Int64 // bytes of all rings of the hub
}

// covers says whether every change above after is here, or still to come.
func (r *ring) covers(after int64) bool { return r.floor != unknownFloor && after >= r.floor }

// add puts u behind the others; what a backfill brought already is left as it is. The first one sets the floor of a
// ring that has none: changes come in order, so all below it came before anybody watched.
func (r *ring) add(u unit) {
	if r.floor == unknownFloor {
		r.floor = u.seq - 1
	}
	if n := len(r.units); n > 0 && r.units[n-1].seq >= u.seq || u.seq <= r.floor {
		return
	}
	r.units = append(r.units, u)
	r.grow(len(u.wire))
}

// merge puts older, which are all changes above after that the store had, before what is here. It cannot when changes
// newer than those have come and been forgotten meanwhile: there would be a hole.
func (r *ring) merge(after int64, older []unit) {
	newest := after
	if len(older) > 0 {
		newest = older[len(older)-1].seq
	}
	if r.covers(after) || newest < r.forgot {
		return
	}
	if len(r.units) > 0 {
		first := r.units[0].seq
		for len(older) > 0 && older[len(older)-1].seq >= first {
			older = older[:len(older)-1]
		}
	}
	r.units = slices.Concat(older, r.units) // a copy: trim wipes what it forgets
	r.floor = after
	for _, u := range older {
		r.grow(len(u.wire))
	}
}

// trim forgets the oldest changes until the ring, and all rings together, are within bounds.
func (r *ring) trim(frames, bytes, total int) {
	n := 0
	for n < len(r.units) && (len(r.units)-n > frames || r.bytes > bytes || r.total.Load() > int64(total)) {
		r.floor, r.forgot = r.units[n].seq, r.units[n].seq
		r.grow(-len(r.units[n].wire))
		r.units[n] = unit{}
		n++
	}
	if n == 0 {
		return
	}
	if cap(r.units) > 2*frames || len(r.units) == n {
		r.units = append([]unit(nil), r.units[n:]...)
		return
	}
	r.units = r.units[n:]
}

// since lists the changes above after.
func (r *ring) since(after int64) []unit {
	for i, u := range r.units {
		if u.seq > after {
			return append([]unit(nil), r.units[i:]...)
		}
	}
	return nil
}

// restart forgets all changes up to seq, where the store must be asked.
func (r *ring) restart(seq int64) {
	r.grow(-r.bytes)
	r.units, r.floor, r.forgot = nil, seq, seq
}

// clear forgets everything.
func (r *ring) clear() {
	r.restart(unknownFloor)
}

func (r *ring) grow(n int) {
	r.bytes += n
	r.total.Add(int64(n))
}
