package discordsim_test

import (
	"fmt"
	"net/http"

	"guildwatch/internal/discordsim"
)

func Example() {
	sim := discordsim.New(discordsim.Options{})
	if err := sim.Start("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	defer sim.Close()
	guild := sim.AddGuild(discordsim.Guild{Name: "Harbour", Channels: []discordsim.Channel{{Name: "general"}}})
	ada := sim.Join(guild, sim.AddUser(discordsim.User{Username: "ada"}))
	sim.Set(func(k *discordsim.Knobs) { k.Failures = []discordsim.Failure{{Times: 1, Status: 502}} })

	for range 2 {
		request, _ := http.NewRequest("DELETE", fmt.Sprintf("%s/v10/guilds/%d/members/%d", sim.URL(), guild, ada), nil)
		request.Header.Set("Authorization", "Bot "+sim.Token())
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			fmt.Println(err)
			return
		}
		answer.Body.Close()
		_, there := sim.MemberOf(guild, ada)
		fmt.Println(answer.StatusCode, "still a member:", there)
	}
	// Output:
	// 502 still a member: true
	// 204 still a member: false
}
