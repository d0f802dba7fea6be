package bot

import (
	"bytes"
	"compress/zlib"
	"errors"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// deflater is the peer: one zlib stream, flushed after each payload.
type deflater struct {
	packed bytes.Buffer
	*zlib.Writer
}

func newDeflater() *deflater {
	d := &deflater{}
	d.Writer, _ = zlib.NewWriterLevel(&d.packed, zlib.BestSpeed)
	return d
}

func (d *deflater) pack(t interface{ Fatal(...any) }, payload []byte) []byte {
	d.packed.Reset()
	if _, err := d.Write(payload); err != nil {
		t.Fatal(err)
	}
	if err := d.Flush(); err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(d.packed.Bytes())
}

// Payloads of any size, those at the edges of deflate's window above all, in any number of frames, come out as they
// went in.
func TestACompressedStreamComesOutAsItWentIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, z := newDeflater(), &inflater{sizes: sizes{frame: 256 << 10, bomb: 1 << 20}}
		for range rapid.IntRange(1, 5).Draw(t, "payloads") {
			size := rapid.SampledFrom([]int{1, 5, 100, 700, 1500, 3000, windowSize - 1, windowSize, windowSize + 1}).Draw(t, "size")
			random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
			payload := make([]byte, size)
			letters := rapid.IntRange(1, 256).Draw(t, "letters")
			for i := range payload {
				payload[i] = byte(random.IntN(letters))
			}
			packed := d.pack(t, payload)
			at := rapid.IntRange(0, len(packed)-5).Draw(t, "cut")
			var out bytes.Buffer
			if at > 0 && !bytes.HasSuffix(packed[:at], syncMark) {
				if done, err := z.add(packed[:at], &out); done || err != nil {
					t.Fatalf("half a payload: %v, %v", done, err)
				}
				packed = packed[at:]
			}
			done, err := z.add(packed, &out)
			if !done || err != nil || !bytes.Equal(out.Bytes(), payload) {
				t.Fatalf("%d bytes came out as %d, %v, %v", size, out.Len(), done, err)
			}
			if len(z.window) > windowSize {
				t.Fatalf("the window holds %d bytes", len(z.window))
			}
		}
	})
}

func TestAPayloadThatIsTooLargeIsSkippedAndTheStreamGoesOn(t *testing.T) {
	d, z := newDeflater(), &inflater{sizes: sizes{frame: 100_000, bomb: 1 << 20}}
	var out bytes.Buffer
	if _, err := z.add(d.pack(t, bytes.Repeat([]byte("x"), 300_000)), &out); !errors.Is(err, errTooLarge) {
		t.Fatalf("got %v", err)
	}
	out.Reset()
	if done, err := z.add(d.pack(t, []byte("xxxxx and on")), &out); !done || err != nil || out.String() != "xxxxx and on" {
		t.Errorf("then %q, %v, %v", out.String(), done, err)
	}
	out.Reset()
	if _, err := z.add(d.pack(t, make([]byte, 2<<20)), &out); !errors.Is(err, errBomb) {
		t.Errorf("a bomb gives %v", err)
	}
}

func FuzzInflate(f *testing.F) {
	f.Add([]byte("\x78\x9c\x00\x00\x00\xff\xff"))
	f.Add([]byte("no zlib\x00\x00\xff\xff"))
	f.Add(newDeflater().pack(f, []byte(`{"op":11}`)))
	f.Fuzz(func(t *testing.T, frame []byte) {
		z := &inflater{sizes: sizes{frame: 1 << 16, bomb: 1 << 18}}
		var out bytes.Buffer
		for range 2 {
			if _, err := z.add(frame, &out); err == nil && int64(out.Len()) > 2*z.sizes.frame {
				t.Fatalf("%d bytes came out", out.Len())
			}
		}
	})
}
