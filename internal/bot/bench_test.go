package bot

import (
	"context"
	"fmt"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/storetest"
)

// BenchmarkIntake sends messages of 200 members in 50 channels over a real websocket as fast as they are read, through
// decoding, translation, lanes and counters, and checks that none is lost and each channel stays in order. One
// operation is one message; the stand-in encodes each of them on the same processors.
func BenchmarkIntake(b *testing.B) {
	sim := discord(b)
	guild, _, _ := harbour(sim)
	var channels []snowflake.ChannelID
	for i := range 50 {
		channels = append(channels, sim.AddChannel(guild, discordsim.Channel{Name: fmt.Sprint("c", i)}))
	}
	var members []snowflake.UserID
	for i := range 200 {
		members = append(members, sim.Join(guild, sim.AddUser(discordsim.User{Username: fmt.Sprint("member", i)})))
	}
	l := newLedger(storetest.New(b))
	last := make(map[snowflake.ChannelID]*snowflake.MessageID, len(channels)) // each touched by one lane alone
	for _, channel := range channels {
		last[channel] = new(snowflake.MessageID)
	}
	r := start(b, sim, l, func(o *Options) {
		o.pace.flush = time.Second
		o.seen = func(e moderation.Event) {
			if m, is := e.(moderation.MessagePosted); is {
				if m.Message <= *last[m.Channel] {
					b.Errorf("message %d came after %d", m.Message, *last[m.Channel])
				}
				*last[m.Channel] = m.Message
			}
		}
	})
	r.wait(b, StateConnected)
	l.waitCalls(b, "KeepMembers", 1)
	before := messages(b, l.Store, guild)
	b.ReportAllocs()
	b.ResetTimer()
	n, err := sim.Burst(context.Background(), b.N, func(i int) discordsim.Post {
		return discordsim.Post{Channel: channels[i%len(channels)], Author: members[i%len(members)],
			Content: "hello there, has anyone seen the tide table for tomorrow? https://tides.example/harbour"}
	})
	if err != nil || n != b.N {
		b.Fatal(n, err)
	}
	received(b, sim)
	if err := r.stop(); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	if counted := messages(b, l.Store, guild) - before; counted != int64(b.N) {
		b.Errorf("%d of %d messages counted", counted, b.N)
	}
	if s := r.Status(); s.Shed > 0 {
		b.Errorf("%d messages shed", s.Shed)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

const sampleMessage = `{"id":"1200000000000000000","channel_id":"1100000000000000001","guild_id":"1000000000000000001","type":0,
"content":"hello there, has anyone seen the tide table for tomorrow? https://tides.example/harbour","timestamp":"2026-08-01T10:00:00.123000+00:00",
"edited_timestamp":null,"tts":false,"mention_everyone":false,"mentions":[],"mention_roles":[],"attachments":[],"embeds":[],"pinned":false,
"flags":0,"components":[],"author":{"id":"900000000000000001","username":"ada","discriminator":"0","global_name":"Ada","avatar":null,
"public_flags":0},"member":{"nick":null,"avatar":null,"roles":["800000000000000001","800000000000000002"],"joined_at":
"2020-01-02T03:04:05.000000+00:00","deaf":false,"mute":false,"pending":false,"flags":0,"communication_disabled_until":null},"nonce":"1"}`

// BenchmarkEnvelope is what the socket's goroutine does with a message: open the envelope, find lane and guild.
func BenchmarkEnvelope(b *testing.B) {
	frame := []byte(`{"t":"MESSAGE_CREATE","s":42,"op":0,"d":` + sampleMessage + `}`)
	b.SetBytes(int64(len(frame)))
	b.ReportAllocs()
	for b.Loop() {
		e, err := openEnvelope(frame)
		if lane, guild := place(e.kind, e.data); err != nil || lane == 0 || guild == 0 {
			b.Fatal("not read")
		}
	}
}

// BenchmarkMessage is what a lane does with a message: decode, translate, count.
func BenchmarkMessage(b *testing.B) {
	w := bench()
	w.in.desk = unruled(nil)
	it := item{kind: kindMessageCreate, at: time.Now(), payload: []byte(sampleMessage)}
	b.ReportAllocs()
	for b.Loop() {
		w.handle(b.Context(), it)
	}
}
