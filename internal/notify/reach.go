package notify

import "net/netip"

// closed are the networks that nothing given by people may reach, although they look like any other. What is not
// listed of IPv4 is the internet; of IPv6 only 2000::/3 is.
var closed = []struct {
	network netip.Prefix
	why     string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "this machine"},
	{netip.MustParsePrefix("10.0.0.0/8"), "a private network"},
	{netip.MustParsePrefix("100.64.0.0/10"), "a provider's own network"},
	{netip.MustParsePrefix("127.0.0.0/8"), "this machine"},
	{netip.MustParsePrefix("168.63.129.16/32"), "a cloud's metadata"}, // Azure's, on a public address
	{netip.MustParsePrefix("169.254.0.0/16"), "a local link"},         // with the metadata of most clouds
	{netip.MustParsePrefix("172.16.0.0/12"), "a private network"},
	{netip.MustParsePrefix("192.0.0.0/24"), "a reserved network"},
	{netip.MustParsePrefix("192.0.2.0/24"), "a network for examples"},
	{netip.MustParsePrefix("192.88.99.0/24"), "a reserved network"},
	{netip.MustParsePrefix("192.168.0.0/16"), "a private network"},
	{netip.MustParsePrefix("198.18.0.0/15"), "a network for tests"},
	{netip.MustParsePrefix("198.51.100.0/24"), "a network for examples"},
	{netip.MustParsePrefix("203.0.113.0/24"), "a network for examples"},
	{netip.MustParsePrefix("224.0.0.0/4"), "many machines at once"},
	{netip.MustParsePrefix("240.0.0.0/4"), "a reserved network"},
	{netip.MustParsePrefix("2001::/23"), "a reserved network"}, // Teredo among them, which holds an IPv4 address
	{netip.MustParsePrefix("2001:db8::/32"), "a network for examples"},
	{netip.MustParsePrefix("2002::/16"), "a tunnel to an IPv4 address"},
	{netip.MustParsePrefix("3fff::/20"), "a network for examples"},
}

var (
	internet6   = netip.MustParsePrefix("2000::/3")
	translation = netip.MustParsePrefix("64:ff9b::/96") // NAT64: the last four bytes are an IPv4 address
)

// closedTo says why an address may not be reached; empty: it is the internet's. An IPv4 address inside an IPv6 one is
// judged as what it is.
func closedTo(address netip.Addr) string {
	if address.Zone() != "" {
		return "a local link"
	}
	address = address.Unmap()
	if translation.Contains(address) {
		bytes := address.As16()
		address = netip.AddrFrom4([4]byte(bytes[12:]))
	}
	if !address.IsValid() || address.Is6() && !internet6.Contains(address) {
		return "no public address"
	}
	for _, c := range closed {
		if c.network.Contains(address) {
			return c.why
		}
	}
	return ""
}
