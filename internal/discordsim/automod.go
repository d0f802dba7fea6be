package discordsim

type AutoModRule struct{}
