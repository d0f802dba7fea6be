package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

var adjectives = strings.Fields(`amber ancient arctic autumn bold brave breezy bright bronze calm cedar clever cloudy cobalt copper coral
cosmic crimson crisp curious daring dawn deep distant dusty eager early echo electric ember emerald fabled feral fern frosty gentle
gilded golden granite hazel hidden hollow indigo iron ivory jade jolly keen lazy lilac little lively lone lucky lunar marble mellow
merry mild misty mossy nimble noble northern oaken opal orange pale patient pearl pepper plucky polar proud quick quiet rapid rustic
saffron sandy scarlet secret shady silent silver sleepy solar spiral starry steady stormy sunny swift tawny teal tidal tiny topaz
twilight umber velvet violet wandering warm western wild winter wooden young zesty`)

var animals = strings.Fields(`albatross alpaca antelope badger bat beaver bison bobcat bumblebee buzzard camel caracal cassowary cheetah
chinchilla cicada cobra condor cormorant cougar coyote crab crane cricket crow dolphin donkey dormouse dragonfly eagle echidna eel egret
falcon ferret finch firefly flamingo fox gazelle gecko gibbon goose grouse gull hare hawk hedgehog heron hoopoe hornet ibex ibis iguana
jackal jackdaw jaguar jay kestrel kingfisher kiwi koala lark lemur leopard lizard lobster lynx macaw magpie manatee mantis marmot marten
mole mongoose moose moth narwhal newt nightjar ocelot octopus orca oriole osprey otter owl oyster panda pangolin parrot pelican penguin
pheasant pigeon pika plover porcupine puffin quail quokka rabbit raccoon raven reindeer robin salamander sandpiper seal shrew skua
skylark sloth snail sparrow squid squirrel stoat stork swallow swan swift tapir tern toad toucan trout turtle viper vole vulture wallaby
walrus warbler weasel whale wolf wombat woodpecker wren yak zebra`)

// handle makes a user name and a display name; n keeps it unique. Some users have no display name, a few decorate
// theirs.
func handle(r *rand.Rand, n int) (name, display string) {
	adjective, animal := adjectives[r.IntN(len(adjectives))], animals[r.IntN(len(animals))]
	name = fmt.Sprintf("%s.%s%d", adjective, animal, n)
	display = strings.ToUpper(adjective[:1]) + adjective[1:] + " " + strings.ToUpper(animal[:1]) + animal[1:]
	switch k := r.IntN(40); {
	case k == 0: // right-to-left override: pages must show it, not obey it
		display = "\u202e" + display
	case k == 1:
		display = "✧ " + display + " ✧"
	case k == 2: // markup is text
		display = "<b>" + display + "</b>"
	case k < 14:
		display = ""
	}
	return name, display
}
