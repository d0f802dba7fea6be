package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/demo"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/notify"
	"guildwatch/store"
)

// sinkName is what the demo's own webhook is called in its servers.
const sinkName = "The demo's own webhook"

// sinkHost is a webhook on this machine that takes whatever is sent to it, so that reports of the demo arrive somewhere.
type sinkHost struct {
	address netip.AddrPort
	server  *http.Server
}

// openSink listens on a free port.
func openSink() (*sinkHost, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address, err := netip.ParseAddrPort(listener.Addr().String())
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	sink := &sinkHost{address: address, server: &http.Server{ReadTimeout: 10 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, 16<<20))
			w.WriteHeader(http.StatusNoContent)
		})}}
	go func() { _ = sink.server.Serve(listener) }() // ends with Close
	return sink, nil
}

// setUpReports has a server of the demo send its reports to the sink, which is elsewhere with each start.
func setUpReports(ctx context.Context, g *demo.Guild, owner access.Actor, st *store.Store, sink *sinkHost) error {
	grant, err := access.Check[access.UpdateSettings](ctx, standings{st}, owner, g.ID)
	if err != nil {
		return err
	}
	var old []store.Destination
	if err := st.Read(ctx, func(now *store.Snapshot) { old = now.Destinations(g.ID) }); err != nil {
		return err
	}
	for _, d := range old {
		if d.Name == sinkName {
			if err := st.RemoveDestination(ctx, grant, d.Number); err != nil {
				return err
			}
		}
	}
	address := notify.Address{URL: "http://" + sink.address.String() + "/reports", Key: notify.NewKey()}
	if _, err := st.AddDestination(ctx, grant, store.NewDestination{Kind: string(notify.KindWebhook), Name: sinkName,
		Shown: sink.address.String() + "/…", Address: address.Seal(), Reports: store.Reports{Daily: true, Weekly: true,
			Monthly: true}}); err != nil {
		return err
	}
	if len(old) > 0 { // somebody's own demo again, with the hours that they chose
		return nil
	}
	if err := st.SaveSchedule(ctx, grant, edition.Daily, 7); err != nil {
		return err
	}
	return st.SaveSchedule(ctx, grant, edition.Weekly, 8)
}
