// A fingerprint as four words that a person can read out and compare: 1024 words, so 10 bits each and 40 bits in all.

/**
 * Short and common; no two begin with the same four letters or differ in one letter only, so that none is taken for another.
 * The order is part of the meaning: a word's place is its number. Words are never added, taken out or moved, or every host would get another name.
 */
export const WORDS: readonly string[] = `
  abbey acid acorn actor adapt adobe adult aerial agent agile album alert algae alley almond alpha altar amber amigo
  ample anchor angle animal annual answer antler anvil april apron arcade arctic arena armor aroma arrow artist
  ascot aspen asset atlas atom attic auburn audio aunt author autumn avenue award axis axle azure baby bacon badge
  bagel baker ball bamboo banana band banjo banner barber bark barley barrel basil basket bath bayou beach beak
  beaver beef beetle belfry belt beret berry beryl bingo birch bird bison blade blend block bloom blouse blue bluff
  board boat bobcat body boiler bonnet bonus bosun bottle bouncy bowl boxer brain brass brave bread breeze brick
  brief bright bronze brook broth brown brush bubble bucket budget bugle bulb bumper bundle bunny burger burrow
  butter buzzer cabin cable cactus cadet cake calf camel camp canal candy canoe canvas canyon cargo carol carpet
  carrot cart cashew castle cedar celery cello cement center cereal chain chalk charm cheese cherry chess chief chip
  choir chord chrome chute cinema circle citrus city clam clean clerk clever cliff climb clinic cloak cloth cloud
  club coach coast cobalt cobra cocoa coffee coin collar color comb comet comic comma condor cone cook copper copy
  coral corner cosmos cotton cousin coyote crab cradle craft crane crater crayon cream creek crew crisp crop cruise
  crumb cube cuckoo curl curry curve custom cycle cymbal daily dance dawn decade deck decoy deer degree delta denim
  depot deputy derby desert detail dial diary dice diesel digit diner disco ditch doctor domain dome domino donkey
  donut door dough dragon drama drawer dress drift drill drum duet dune dwell dynamo eager eagle early earth easel
  easy ebony echo editor effort eight eland elbow elder eleven emblem empire empty energy engine enjoy entry enzyme
  epic epoch equal eraser essay estate ether ethic etude event exact exit expert extra fabric face fair falcon
  family famous fancy farm father feast fence fern fiber fiddle field fifty figure film filter final finch finger
  finish fire first fish fjord flag flame flask fleet flint floor flora flower fluid flute foam focus foil folder
  folk food forest formal fort forum fossil four foyer fresh friend fringe frog front fruit fudge fuel funnel fuse
  future gadget galaxy gallon game gander garage garden garlic garnet gear gecko genie gentle geyser giant gift give
  glad glass gleam glider globe glory glow glyph gnome goblet gold gong goose gorge gourd grand grape gravy great
  green grid grotto group grove guard guest guide guitar gulf guppy gusto habit haiku halo hamlet hammer happy
  harbor harp hatch haven hawk hazel head heart hedge helium helmet herald herb heron hill hinge hippo hobby hockey
  holly honey hoop hope horse hotel human humble humor hurdle husky hyena hymn ibex icicle icon idea igloo iguana
  image impact index indigo infant inlet inner insect inside instep invite iris island item ivory jacket jaguar
  jargon jazz jeans jelly jersey jewel jigsaw joke juice july jumbo jump jungle junior just kale kayak keel keeper
  kelp kennel kettle keypad kilo kimono kind kiosk kite kitten kiwi knee knight knit knob koala label ladder lagoon
  lamb lane large laser lasso laurel lava lawyer leaf league learn legend lemon lentil lesson letter level life
  lilac lily limit linen lion liquid list little lizard llama local locket locust lodge loft logic lotus lounge love
  lucky lumber lunar lunch lung luxury lynx lyric macaw magnet magpie maize major mallet mammal mango mantle maple
  marble march margin marina market maroon mask mason matrix meadow medal medium melon member memory menu merit mesa
  meteor method metro mild mimosa mint minute mirror mixer mocha model mohair mole moment monday month moon mosaic
  moss motor mound mouse movie muffin mural muscle museum music muslin myrtle myth napkin nation nature navy neat
  nebula nectar needle neon nephew nerve never nickel niece nimble nine noble north nose noun novel nozzle nurse
  nutmeg nylon oasis object oboe ocean octave office often olive omega omelet onion onyx opal open opera optic
  orange orbit orchid order organ origin oriole osprey otter ounce outlet over owner oxygen oyster ozone pack paddle
  page paint palace palm panama panda panel pansy papaya paper parade parcel parent party pasta patio patrol pause
  peanut pebble pecan pencil penny people pepper perch period petal phone photo phrase piano pickle picnic pier
  pigeon pillar pilot pink pipe pirate pixel pizza plank plasma plate plaza plum plush podium poem polar polka
  pollen polo poncho pond pool poppy poster potato pouch powder praise pretty prince prism prize profit proof proud
  prune public pulley pulse puma pupil puppet pure purple puzzle python quail quarry queen quick quiet quill quince
  quiver quiz quota rabbit radar radio raisin rally ranch random rapid razor ready recipe record reed refuge region
  relay relic remedy rent reply report rescue result reward rhino rhyme rhythm ribbon rider ridge ring ripple road
  robin robot rock rodeo room route royal ruby rudder ruler rumba runner safari salad salmon salsa salt salute
  sandal satin saturn sauce sauna savory scale scarf scene school scout screen scroll seal season second secret
  senior sequel series sesame seven shadow shape shark sheep shelf shield shine shirt shore shovel shrimp sienna
  sierra signal silk silver simple siren sister skate sketch skill sled sleeve slope smart smile smooth snail snake
  snow soap soccer social soda solid sonata sonic sorrel soul south space spear speech sphere spider spiral splash
  sponge spoon sport spray spring spruce square squid stable staff stair stamp statue steam steel step stereo stick
  stone stool storm straw street stripe strong studio sturdy style subway sugar suit summer sunday surf swan swift
  swim swing symbol syrup system taco tailor talent tandem tape tapir target tavern taxi teapot temple tennis thank
  theme thorn three throne thumb tiara ticket tide tiger timber tiny title tofu token tomato tooth topaz torch total
  totem toucan tower town track trade trail travel tray treaty trend tribe trio triple trophy trout true trunk trust
  tuba tulip tundra turkey turnip turtle tuxedo tweed twist uncle under upper urban usher usual valid value vapor
  vault verse vicar video viola viper vista vivid voice vowel wafer wagon waltz weave whale wheat wheel white world
  wrist yacht young yucca zebra
`
  .trim()
  .split(/\s+/);

/**
 * The first 40 bits as four words, 10 bits each, the highest first. To be compared by eye beside the whole fingerprint, never
 * instead of it: whoever can make about 2^40 keys finds one with the same words.
 * @throws Error for fewer than 5 bytes
 */
export function inWords(digest: Uint8Array): string[] {
  const bytes = digest.subarray(0, 5);
  if (bytes.length < 5) throw new Error(`a fingerprint of ${bytes.length} bytes is too short for four words`);
  const number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return [30n, 20n, 10n, 0n].map((shift) => WORDS[Number((number >> shift) & 1023n)] ?? "");
}
