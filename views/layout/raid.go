package layout

// raids says whether the page shows that raid mode is on: those of a guild do, but for the one that says more of it.
func (p Page) raids() bool {
	g, ok := p.current()
	return ok && path(p.Path) != g.URL()+"/raid"
}
