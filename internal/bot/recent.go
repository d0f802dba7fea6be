package bot

// recentLimit is how many keys of each kind a lane remembers, at most twice: a few hundred KB.
const recentLimit = 2048

// remembered is a small memory of the last keys: two maps, of which the older is dropped when the younger is full.
type remembered[V any] struct{ young, old map[int64]V }

type (
	recent     = remembered[int64]
	recentText = remembered[string]
)

func (r *remembered[V]) get(key int64) (V, bool) {
	if v, ok := r.young[key]; ok {
		return v, true
	}
	v, ok := r.old[key]
	return v, ok
}

func (r *remembered[V]) put(key int64, v V) {
	if r.young == nil || len(r.young) >= recentLimit {
		r.old, r.young = r.young, make(map[int64]V)
	}
	r.young[key] = v
}

func (r *remembered[V]) drop(key int64) {
	delete(r.young, key)
	delete(r.old, key)
}
