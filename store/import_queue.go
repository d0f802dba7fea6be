package store

// importChunk is how many rows go to the writing goroutine at once: at 5 us a row, one hand-over in a millisecond.
const importChunk = 256

// importQueue lets an import tell its history on one processor while SQLite writes it on another.
type importQueue struct {
	chunk  []func() error
	chunks chan []func() error
	done   chan error
}

func newImportQueue() importQueue {
	q := importQueue{chunks: make(chan []func() error, 8), done: make(chan error, 1)}
	go func() {
		var failed error
		for chunk := range q.chunks {
			for _, write := range chunk {
				if failed == nil {
					failed = write()
				}
			}
		}
		q.done <- failed
	}()
	return q
}

// do has a row written, some time before drain returns and in the order of the calls. After a failed one nothing is
// written.
func (q *importQueue) do(write func() error) {
	if q.chunk = append(q.chunk, write); len(q.chunk) == importChunk {
		q.chunks <- q.chunk
		q.chunk = make([]func() error, 0, importChunk)
	}
}

// drain waits until every row is written and gives the first error. Nothing may be written after it.
func (q *importQueue) drain() error {
	q.chunks <- q.chunk
	close(q.chunks)
	return <-q.done
}
