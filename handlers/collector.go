package handlers

import "github.com/prometheus/client_golang/prometheus"

// figure is one metric that is read from a T when somebody asks for it.
type figure[T any] struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(T) float64
}

// collector reads part of guildwatch for Prometheus: all its figures come from one reading, so that they agree.
type collector[T any] struct {
	read    func() []T // one for each set of label values
	labels  []string
	values  func(T) []string // of the labels
	figures []figure[T]
}

// only makes a collector of figures without labels.
func only[T any](read func() T) *collector[T] {
	return &collector[T]{read: func() []T { return []T{read()} }, values: func(T) []string { return nil }}
}

// by makes a collector of figures with one value for each set of labels.
func by[T any](read func() []T, values func(T) []string, labels ...string) *collector[T] {
	return &collector[T]{read: read, values: values, labels: labels}
}

func (c *collector[T]) gauge(name, help string, value func(T) float64) *collector[T] {
	return c.add(name, help, prometheus.GaugeValue, value)
}

func (c *collector[T]) counter(name, help string, value func(T) float64) *collector[T] {
	return c.add(name, help, prometheus.CounterValue, value)
}

func (c *collector[T]) add(name, help string, kind prometheus.ValueType, value func(T) float64) *collector[T] {
	c.figures = append(c.figures, figure[T]{prometheus.NewDesc(name, help, c.labels, nil), kind, value})
	return c
}

// Describe tells which metrics there are.
func (c *collector[T]) Describe(told chan<- *prometheus.Desc) {
	for _, f := range c.figures {
		told <- f.desc
	}
}

// Collect reads all figures. It runs in a goroutine of the library's, where a panic would end the process: here it
// costs the figures of this collector alone.
func (c *collector[T]) Collect(told chan<- prometheus.Metric) {
	err := guard(func() error {
		for _, reading := range c.read() {
			for _, f := range c.figures {
				told <- prometheus.MustNewConstMetric(f.desc, f.kind, f.value(reading), c.values(reading)...)
			}
		}
		return nil
	})
	if err != nil {
		told <- prometheus.NewInvalidMetric(c.figures[0].desc, err)
	}
}
