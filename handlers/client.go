package handlers

import (
	"net"
	"net/netip"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
)

// addressFrom gives the way to a visitor's address. X-Forwarded-For is read from the right, beginning with the
// connection's own address: the first hop that is none of our proxies is the visitor. So what a visitor writes into
// that header counts for nothing: a proxy adds to its right, and without trusted proxies nobody looks.
func addressFrom(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trusted := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		addr := p.Addr()
		trusted = append(trusted, echo.TrustIPRange(&net.IPNet{IP: addr.AsSlice(), Mask: net.CIDRMask(p.Bits(),
			addr.BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(trusted...)
}

// clientOf is the visitor's address as a limiter counts it: of IPv6 the first 64 bits, because one subscriber has them
// all.
func clientOf(c echo.Context) string {
	ip, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return c.RealIP()
	}
	if ip = ip.Unmap(); ip.Is6() {
		prefix, _ := ip.WithZone("").Prefix(64) // 64 bits fit every IPv6 address
		return prefix.String()
	}
	return ip.String()
}

// accountOf is what a visitor's deeds are counted under: the person, however many sessions they have, else the
// address. In the demo whoever drops their cookie is another person, so there it is always the address.
func (s *site) accountOf(c echo.Context, actor access.Actor) string {
	if actor.User() == 0 || s.DemoKey != nil {
		return clientOf(c)
	}
	return snowflake.String(actor.User())
}
