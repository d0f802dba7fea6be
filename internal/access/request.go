package access

import "context"

type requestKey struct{}

// WithRequest notes the reference id of the request that ctx serves, for the audit log.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestOf is the reference id of the request that ctx serves; empty where there is none.
func RequestOf(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
