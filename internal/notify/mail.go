package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/mail"
	"net/netip"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// MailOptions is the operator's mail server. Nobody else chooses it.
type MailOptions struct {
	Server   string                                // host:port; port 465 speaks TLS from the start, any other by STARTTLS
	User     string                                // empty: the server wants none
	Password func(context.Context) (string, error) // asked for each time, so that a new one holds at once; may be nil
	From     *mail.Address
	Agent    string

	connect gomail.DialContextFunc // tests alone, like roots: to a server that is elsewhere by its name
	roots   *x509.CertPool
}

// post is e-mail by SMTP. Beyond this machine nothing is sent without TLS: a password and figures of moderation would
// pass everybody on the way.
type post struct{ options MailOptions }

func (p post) tell(ctx context.Context, address Address, m *Message) Outcome {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	letter, err := p.letter(address.Mail, m)
	if err != nil {
		return Outcome{Detail: "The message could not be written.", Final: true}
	}
	client, err := p.client(ctx)
	if err != nil {
		return Outcome{Detail: sentence(err)}
	}
	if err := client.DialAndSendWithContext(ctx, letter); err != nil && !letter.IsDelivered() {
		return p.explain(ctx, err)
	}
	return Outcome{Sent: true}
}

// letter is the message as RFC 5322 has it. The identity is the message's own, so that a repetition is recognised.
func (p post) letter(to string, m *Message) (*gomail.Msg, error) {
	letter := gomail.NewMsg(gomail.WithEncoding(gomail.EncodingQP))
	letter.FromMailAddress(p.options.From)
	if err := letter.To(to); err != nil {
		return nil, err
	}
	_, host, _ := strings.Cut(p.options.From.Address, "@")
	letter.SetMessageIDWithValue(plainName(m.ID) + "@" + host)
	letter.SetDateWithValue(m.At)
	letter.SetUserAgent(oneLine(p.options.Agent))
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // so that no absence note answers
	letter.Subject(clip(oneLine(m.Title), 200))
	text := m.text()
	if m.Link != "" {
		text += "\n\n" + m.Link
	}
	letter.SetBodyString(gomail.TypeTextPlain, text+"\n\n-- \nguildwatch, for "+oneLine(m.Name)+"\n")
	for _, file := range m.Files {
		if err := letter.AttachReader(plainName(file.Name), bytes.NewReader(file.Body),
			gomail.WithFileContentType(gomail.ContentType(file.Type))); err != nil {
			return nil, err
		}
	}
	return letter, nil
}

// client is a connection's settings. One is made for each letter: they are minutes apart, and the password may change.
func (p post) client(ctx context.Context) (*gomail.Client, error) {
	host, port, err := net.SplitHostPort(p.options.Server)
	if err != nil {
		return nil, errors.New("the mail server's address cannot be read")
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, errors.New("the mail server's port cannot be read")
	}
	wire := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12, RootCAs: p.options.roots}
	options := []gomail.Option{gomail.WithPort(number), gomail.WithTimeout(callTime), gomail.WithTLSConfig(wire),
		gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithDialContextFunc(p.dial(ctx, wire, number == 465))}
	if number == 465 || isHere(host) {
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if p.options.User != "" {
		password := ""
		if p.options.Password != nil {
			if password, err = p.options.Password(ctx); err != nil {
				return nil, errors.New("the password of the mail server cannot be read")
			}
		}
		options = append(options, gomail.WithUsername(p.options.User), gomail.WithPassword(password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return gomail.NewClient(host, options...)
}

// dial connects to the mail server, and closes the connection with ctx: the library's own deadline begins anew with each
// step, so that a server that answers slowly enough would keep it for ever.
func (p post) dial(ctx context.Context, wire *tls.Config, encrypted bool) gomail.DialContextFunc {
	return func(dialing context.Context, network, address string) (net.Conn, error) {
		connect := p.options.connect
		if connect == nil {
			connect = (&net.Dialer{Timeout: dialTime}).DialContext
		}
		conn, err := connect(dialing, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { _ = conn.Close() })
		if !encrypted {
			return conn, nil
		}
		secure := tls.Client(conn, wire)
		if err := secure.HandshakeContext(dialing); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		return secure, nil
	}
}

// isHere says whether the mail server is on this machine, where nobody is on the way.
func isHere(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// explain says why a letter was not taken. The library's errors name the recipient, which is nobody else's business.
func (p post) explain(ctx context.Context, err error) Outcome {
	var sending *gomail.SendError
	var certificate *tls.CertificateVerificationError
	switch {
	case ctx.Err() != nil:
		return Outcome{Detail: "The mail server did not answer within " + callTime.String() + "."}
	case errors.As(err, &sending) && sending.ErrorCode() >= 500 && sending.Reason == gomail.ErrSMTPRcptTo:
		return Outcome{Detail: "The mail server takes nothing for this address (" + strconv.Itoa(sending.ErrorCode()) + ").", Final: true}
	case errors.As(err, &sending) && sending.ErrorCode() >= 500:
		return Outcome{Detail: "The mail server does not take the message (" + strconv.Itoa(sending.ErrorCode()) + ").", Final: true}
	case errors.As(err, &sending):
		return Outcome{Detail: "The mail server does not take the message just now."}
	case errors.As(err, &certificate):
		return Outcome{Detail: "The mail server has no certificate that can be believed."}
	case strings.Contains(err.Error(), "SMTP AUTH"):
		return Outcome{Detail: "The mail server does not accept guildwatch's user and password."}
	case strings.Contains(err.Error(), "STARTTLS"):
		return Outcome{Detail: "The mail server offers no TLS, and nothing is sent without it."}
	}
	return Outcome{Detail: "The mail server cannot be reached."}
}
