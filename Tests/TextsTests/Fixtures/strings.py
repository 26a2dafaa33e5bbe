"""Strings for comparisons of tokenizers: texts of crystals, formulas, and all sorts of Unicode. The same for the same seed."""

import random

ELEMENTS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In "
    "Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi"
).split()
GROUPS = "Fm-3m P6_3/mmc F-43m Im-3m Pm-3m R-3m P6/mmm I4/mmm Fd-3m P-1 C2/c P2_1/c Pnma P4/nmm Cmcm I-42d P2_12_12_1 Ia-3d P3_121".split()
GEOMETRIES = "body-centered cubic|14-coordinate|distorted|octahedral|square co-planar|trigonal planar|bent 120 degrees|see-saw-like".split("|")
LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
HIGH = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
UNITS = ["Å", "Å³", "eV", "eV/atom", "GPa", "µB", "μB", "°", "°C", "Ω·cm", "K", "meV", "g/cm³", "%", "nm", "kJ mol⁻¹", "m²", "Å^-1", "A\u030a"]
BLOCKS = [
    (0x20, 0x7F), (0xA0, 0x180), (0x250, 0x2B0), (0x300, 0x370), (0x370, 0x400), (0x400, 0x530), (0x590, 0x600), (0x600, 0x700), (0x900, 0x980),
    (0xE00, 0xE80), (0x1100, 0x1200), (0x1E00, 0x2000), (0x2000, 0x2070), (0x2070, 0x20D0), (0x20D0, 0x2100), (0x2100, 0x2200), (0x2200, 0x2300),
    (0x2460, 0x2500), (0x2500, 0x2600), (0x3000, 0x30FF), (0x3200, 0x3400), (0x4E00, 0x9FFF), (0xAC00, 0xD7A4), (0xF900, 0xFB00), (0xFB00, 0xFE00),
    (0xFE00, 0xFE30), (0xFF00, 0xFFF0), (0x1D400, 0x1D800), (0x1F300, 0x1F700), (0x20000, 0x20100), (0, 0x20), (0x7F, 0xA0), (0xE0000, 0xE0080),
    (0xFFF0, 0x10000), (0x10780, 0x107C0), (0x11900, 0x11A00), (0x2F800, 0x2FA20),
]
SPECIAL = ["<s>", "</s>", "<pad>", "<unk>", "<mask>", "[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]", "[cls]", "<S>"]
WRITTEN = [
    "", "a", " ", "  ", "\n", "\t \n", " a", "a ", "Hello world", " Hello world", "NaCl  x\n y", "Both Ti(1)-Ti(1) bond lengths are 2.83 Å.",
    "Cu₂O, 2.82 Å", "9,", "9,9", "1,000,000 atoms", "``quoted'' text", "it's we'll I'D they've can't 's'S'", "naïve café ÀÉÎ", "ﬁ ﬂ ½ ² ㎏ ™",
    "日本語のテキスト", "한국어 텍스트", "\u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165", "مرحبا بالعالم", "שלום עולם", "👩‍🔬🧪🏳️‍🌈 👍🏽",
    "a\u200bb\u00adc\ufeffd", "\u0000x\u0001\u007f", "x\ufffdy", "İstanbul ΣΑΣ ß", "ΌΣΟΣ.", "𝚺𝐀 a𝚺", "A\u030a", "A\u0323\u030a", "e\u0301\u0327",
    "\u0301start", "a\r\nb\rc", "tab\tsep\x1cx\x1dy", "▁already▁marked ▁ x", "▁", "▁▁", "Ġ", "##ing ##", "...", "!!!???", "a" * 101, "a" * 100, "é" * 101,
    "--–—", "P6_3/mmc", "Fm-3m", "Fm3\u0305m", "10 %", "5°", "90.0°-100.5°", "(1, 1, 0)", "<<s>>", "</s></s>", " <mask> x", "x<mask>y",
    "x  <mask>  y", "[CLS] hello [SEP]", "x[MASK] y", "[ MASK ]", "1½2", "x²y³", "Ⅷ", "٣٤٥", "१२३,", "NaCl3.5", "\u0600a", "a\u0903b", "क\u094dष",
]


class Strings:
    """A stream of strings."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def number(self):
        r = self.random
        power = str(r.randint(1, 30)).translate(HIGH)
        return r.choice(
            [
                "%.2f" % r.uniform(1, 4), "%d" % r.randint(0, 200), "%.4f" % r.uniform(0, 9), "%d,%d" % (r.randint(0, 99), r.randint(0, 999)),
                "%.1e" % r.uniform(0, 1e6), "%d×10⁻%s" % (r.randint(1, 9), power),
            ]
        )

    def formula(self):
        r = self.random
        text = ""
        for _ in range(r.randint(1, 4)):
            count = r.choice(["", "", "2", "3", "4", "0.5", "12", "3.5", "(x)"])
            text += r.choice(ELEMENTS) + (count.translate(LOW) if r.random() < 0.2 else count)
        hydrate = text + "·%dH2O" % r.randint(1, 9)
        return r.choice([text, text, text, hydrate, "(%s)%d" % (text, r.randint(2, 4)), text + "3.5", text.lower(), text.upper()])

    def site(self):
        r = self.random
        return "%s(%d)%s" % (r.choice(ELEMENTS), r.randint(1, 9), r.choice(["", "", "1+", "2+", "3-", "1-"]))

    def bond(self):
        r = self.random
        a, b, d, e = self.site(), self.site(), "%.2f" % r.uniform(1.5, 3.5), "%.2f" % r.uniform(1.5, 3.5)
        if r.random() < 0.6:
            form = ["The %s–%s bond length is %s Å.", "All %s-%s bond lengths are %s Å.", "Both %s-%s bond lengths are %s Å."]
            return r.choice(form) % (a, b, d)
        form = ["There are three shorter (%s Å) and two longer (%s Å) %s-%s bond lengths.", "A spread of distances ranging from %s-%s Å (%s-%s)."]
        return r.choice(form) % (d, e, a, b)

    def crystal(self):
        r = self.random
        minerals = ["Copper", "Halite, Rock Salt", "Zincblende, Sphalerite", "(Cubic) Perovskite", "Heusler", "alpha Po"]
        system = r.choice(["cubic", "hexagonal", "trigonal", "orthorhombic", "monoclinic"])
        text = "%s is %s structured and crystallizes in the %s %s space group. " % (self.formula(), r.choice(minerals), system, r.choice(GROUPS))
        for _ in range(r.randint(0, 5)):
            text += r.choice(
                [
                    "%s is bonded in a %s geometry to %s equivalent %s atoms. "
                    % (self.site(), r.choice(GEOMETRIES), r.choice(["six", "eight", "twelve"]), self.site()),
                    self.bond() + " ",
                    "The corner-sharing octahedral tilt angles are %s°. " % self.number(),
                    "%s is bonded to four equivalent %s atoms to form a mixture of edge and corner-sharing %s tetrahedra. "
                    % (self.site(), self.site(), self.formula()),
                ]
            )
        return text.strip()

    def blocks(self):
        r = self.random
        text = ""
        for _ in range(r.randint(1, 6)):
            low, high = r.choice(BLOCKS)
            text += "".join(chr(r.randrange(low, high)) for _ in range(r.randint(1, 8)))
            if r.random() < 0.4:
                text += r.choice([" ", "a", "x1", "\u0301", "\u0327", "\u200d", "\ufe0f", "\n", "\t", "\r\n", "e"])
        return text

    def anything(self):
        r = self.random
        text = ""
        for _ in range(r.randint(1, 30)):
            value = r.choice([r.randrange(0x110000), r.randrange(0x3000), r.randrange(0x20000), r.randrange(0x250)])
            text += chr(0x41 if 0xD800 <= value < 0xE000 else value)
        return text

    def string(self):
        r = self.random
        sort = r.random()
        if sort < 0.35:
            return self.crystal()
        if sort < 0.5:
            words = [self.formula, self.bond, self.site, lambda: r.choice(GROUPS), lambda: self.number() + r.choice(["", " "]) + r.choice(UNITS)]
            return " ".join(r.choice(words)() for _ in range(r.randint(1, 8)))
        if sort < 0.7:
            return self.blocks()
        if sort < 0.8:
            return self.anything()
        if sort < 0.88:
            start, between, end = r.choice(["", " ", "x", "  ", "Å"]), r.choice(["", " ", "y", "  ", "\n"]), r.choice(["", " z", "."])
            return start + r.choice(SPECIAL) + between + r.choice(SPECIAL + [self.formula()]) + end
        if sort < 0.95:
            parts = [
                lambda: self.crystal()[: r.randint(1, 60)], self.blocks, lambda: r.choice(WRITTEN), lambda: r.choice(SPECIAL), self.number,
                lambda: r.choice([" ", "\n", "  "]),
            ]
            return "".join(r.choice(parts)() for _ in range(r.randint(1, 5)))
        signs = r.choice(["\"'`,.;:!?-–—()[]{}<>/\\|@#$%^&*_+=~", "'s 't're", ",,,9,9,", "a-b_c/d"])[r.randint(0, 5) :]
        return signs + self.formula() + r.choice(["'s", "'ll", "n't", "''", "``"]) + " " * r.randint(0, 3) + self.number() + "," + self.number()


def strings(count, seed, long=10_000):
    """`count` strings, those that were written by hand first and some of `long` characters."""
    stream = Strings(seed)
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    texts = list(WRITTEN) + [
        " ".join(stream.crystal() for _ in range(60))[:long], "x" * long, "Å" * (long // 10), "日本" * (long // 50), " " * long, "\u0301" * 200,
        "".join(stream.random.choice(letters) for _ in range(long // 5)),
    ]
    while len(texts) < count:
        texts.append(stream.string())
    return texts[:count]
