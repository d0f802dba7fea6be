package rule

// folds maps characters that are drawn like Latin letters, and Latin letters that Unicode does not take apart, to what
// they read as. The rows were put together by looking at the scripts; letters whose likeness depends on the font are
// left out, because they would make innocent words of those scripts match.
var folds = func() map[rune]string {
	table := map[rune]string{
		'ß': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ĳ': "ij", 'ŉ': "n", 'ﬀ': "ff", 'ﬁ': "fi", 'ﬂ': "fl",
		'\u00a0': " ", '\u2028': " ", '\u2029': " ", '€': "€", '£': "£",
	}
	for _, row := range alike {
		for _, r := range row[1:] {
			table[r] = row[:1]
		}
	}
	for i := range rune(26) {
		letter := string('a' + i)
		table[0x1f1e6+i] = letter // regional indicators, which pair up to flags
		table[0x1f130+i] = letter // squared
		table[0x1f150+i] = letter // white on black circles
		table[0x1f170+i] = letter // white on black squares
	}
	return table
}()

// alike lists, behind each letter, what is drawn like it.
var alike = []string{
	"aаΑАαɑᴀᎪ∀ⱥȺ𐊠ꓮ",
	"bΒВЬƄƅвβᏴʙɓƀɃꓐ",
	"cсСϲϹⅽᴄƈȼȻᏟꓚ¢©",
	"dԁđĐɗɖᴅᎠꓓÐð",
	"eеЕΕεєЄəǝᴇᎬɘɛҽꓰ℮ɇɆ",
	"fƒϝғҒꜰꓝſ",
	"gɡɢԍǥǤɠᏀꓖց",
	"hһНΗнħĦʜᎻɦҺꓧհ",
	"iіІΙιɪıɩᎥƗɨⅰꓲ¡",
	"jјЈϳɉɈᴊᎫꓙ",
	"kкКΚκᴋƙқҚᏦꓗĸ",
	"lⅼʟłŁƚɫɭᏞꓡⵏӀӏ",
	"mмМΜᴍɱᎷꓟⅿ",
	"nΝηпɴɲƞŋŊꓠո",
	"oоОΟοσᴏøØɵөӨꓳ๐०੦૦௦○◯⊙",
	"pрРΡρᴘƿᏢꓑ",
	"qԛԚɋʠ",
	"rгʀɾɼᎡᏒɍꓣɹ",
	"sѕЅʂꜱᏚꓢ§",
	"tтТΤτᴛŧŦƭᎢꓔ†",
	"uυսᴜʊʉꓴ",
	"vѵѴνᴠᏙꓦⅴ∨",
	"wԝԜѡωᴡᏔꓪɯ",
	"xхХΧχⅹ×ꓫ✕✖",
	"yуУΥγʏүҮʎɏɎᎩꓬ¥",
	"zΖᴢƶƵʐᏃꓜ",
}
