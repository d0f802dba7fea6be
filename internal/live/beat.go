package live

import "time"

// beat publishes a heartbeat to every watched topic once per Heartbeat and puts topics to sleep that nobody watches.
func (h *Hub) beat() {
	tick := time.NewTicker(h.options.Heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-h.quit:
			return
		case now := <-tick.C:
			pulse := unit{name: Heartbeat, class: control,
				wire: encode(nil, Heartbeat, object{"at": now.UTC().Truncate(time.Second)}.bytes(), 0)}
			for _, r := range h.all() {
				r.sleep(now.Add(-h.options.Linger))
				r.order.Lock()
				r.publish([]unit{pulse})
				r.order.Unlock()
			}
		}
	}
}
