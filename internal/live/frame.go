package live

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// unit is what is published, kept and replayed as a whole: one frame, or all frames of one change. Its wire form is
//
//	data: first line
//	data: second line
//	event: violation
//	id: 4711
//
// and an empty line. data comes first because the library writes that word itself; id comes last so that without can
// cut it.
type unit struct {
	name  Name
	class class
	seq   int64 // of the change, or the one up to which a panel's figures are true
	id    int64 // that the frame carries, 0 for none: a panel's is the change that was published last
	wire  []byte
}

const (
	dataField  = "data: "
	eventField = "\nevent: "
	idField    = "\nid: "
	frameEnd   = "\n\n"
)

// encode appends a frame to wire; id 0 writes no id line. CR and CRLF become LF: left alone, a CR in a user's text
// would end the line and begin a field of its own.
func encode(wire []byte, name Name, data []byte, id int64) []byte {
	if len(data) > 0 && data[0] == ':' {
		data = append([]byte{' '}, data...) // the library writes data that begins with a colon as a comment
	}
	wire = append(wire, dataField...)
	for {
		end := bytes.IndexAny(data, "\r\n")
		if end < 0 {
			break
		}
		wire = append(append(append(wire, data[:end]...), '\n'), dataField...)
		if data[end] == '\r' && end+1 < len(data) && data[end+1] == '\n' {
			end++
		}
		data = data[end+1:]
	}
	wire = append(append(append(wire, data...), eventField...), name...)
	if id > 0 {
		wire = strconv.AppendInt(append(wire, idField...), id, 10)
	}
	return append(wire, frameEnd...)
}

// bounded is encode, but a frame of more than limit bytes becomes a Refetch of its name.
func bounded(wire []byte, name Name, data []byte, id int64, limit int) []byte {
	before := len(wire)
	wire = encode(wire, name, data, id)
	if len(wire)-before <= limit {
		return wire
	}
	return encode(wire[:before], Refetch, object{"name": name}.bytes(), id)
}

// without is wire with the id line of its last frame cut out.
func without(wire []byte) []byte {
	at := bytes.LastIndex(wire, []byte(idField))
	if at < 0 {
		return wire
	}
	return append(append(make([]byte, 0, at+len(frameEnd)), wire[:at]...), frameEnd...)
}

// object is the data of a control frame.
type object map[string]any

func (o object) bytes() []byte {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return text
}

// units encodes frames for publishing behind last, the newest change so far. Neighbours of one change become one unit,
// whose last frame alone carries the id: who is cut off between them gets the change whole again. A panel carries the
// id of the newest change published before it, whatever its own figures include: who resumes there misses and doubles
// none.
func units(frames []Frame, last int64, limit int, invalid func(Frame)) []unit {
	all := make([]unit, 0, len(frames))
	for i, f := range frames {
		u := unit{name: f.Name, class: f.Name.Class(), seq: f.Seq, id: f.Seq}
		switch {
		case u.class == change && f.Seq > 0:
			last = max(last, f.Seq)
		case u.class == panel:
			u.seq, u.id = max(f.Seq, last), last
		default:
			invalid(f)
			continue
		}
		if n := len(all) - 1; n >= 0 && sameChange(all[n].class, all[n].seq, u.class, u.seq) {
			u, all = all[n], all[:n]
		} else {
			u.wire = make([]byte, 0, len(f.Data)+64)
		}
		id := u.id
		if i+1 < len(frames) && sameChange(u.class, u.seq, frames[i+1].Name.Class(), frames[i+1].Seq) {
			id = 0
		}
		u.wire = bounded(u.wire, f.Name, f.Data, id, limit)
		all = append(all, u)
	}
	return all
}

func sameChange(a class, seqA int64, b class, seqB int64) bool {
	return a == change && b == change && seqA == seqB
}
