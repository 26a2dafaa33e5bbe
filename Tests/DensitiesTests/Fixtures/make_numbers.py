"""Writes numbers.txt: a number as text and the bits of the double that Python's float() makes of it (python3, no packages).

Forms that only Fortran writes are given to float() in Python's spelling.
"""
import random
import struct

rng = random.Random(20)


def bits(value):
    return struct.pack(">d", value).hex()


plain = """0 -0 0.0 -0.0 +0.0 1 -1 +1 1. .5 -.5 +.5 00012.5000 1e0 1E+00 1e-0 1E22 1E23 1e-22 1e-23 9007199254740992
9007199254740993 9007199254740993e0 9007199254740995 9007199254740992e22 9007199254740991e-22 18446744073709551615
18446744073709551616 99999999999999999999 1e308 1.7976931348623157e308 1.7976931348623158e308 2.2250738585072014e-308
2.2250738585072011e-308 4.9e-324 5e-324 2.4703282292062328e-324 2.4703282292062327e-324 1e-400 -1e-400 1e-999999999999
0e999999 0.1 0.2 0.3 1.0678E+00 6.4E-01 -.12345678901E+02 0.12345678901E+02 0.99999999999E-12 0.12345678901E-30
-.99999999999E-99 1.5e+0000000000001 3.14159265358979323846264338327950288419716939937510 8.5 8.500000000000000000000001
0.500000000000000166533453693773481063544750213623046875 1.00000000000000011102230246251565404236316680908203125
1.00000000000000011102230246251565404236316680908203124 1.00000000000000011102230246251565404236316680908203126
123456789012345678 1234567890123456789 12345678901234567890 0.00000000000000000000000000000000000000000000123
1.0000000000000000000000000000000000000000000000000001 7.2057594037927933e16 17976931348623157e292""".split()
lines = [(text, float(text)) for text in plain]
for text, python in [("1.0D+02", "1.0E+02"), ("-.123D-05", "-.123E-05"), ("2d0", "2e0"), ("0.12345678901-100", "0.12345678901E-100"),
                     ("-.12345678901+100", "-.12345678901E+100"), ("1.5D-310", "1.5E-310"), ("0.99999999999D-12", "0.99999999999E-12")]:
    lines.append((text, float(python)))
for _ in range(4000):
    form = rng.randrange(6)
    if form == 0:  # any double, to the shortest
        value = struct.unpack(">d", struct.pack(">Q", rng.getrandbits(64)))[0]
        text = repr(value) if value == value and abs(value) != float("inf") else "0.0"
    elif form == 1:  # as VASP prints
        text = "%s0.%011dE%+03d" % (rng.choice(["", "-"]), rng.randrange(10**11), rng.randrange(-40, 30))
    elif form == 2:  # as many programs print
        text = "%.*E" % (rng.randrange(0, 20), rng.uniform(-1, 1) * 10 ** rng.uniform(-40, 40))
    elif form == 3:  # any number of digits
        text = "%d.%d" % (rng.getrandbits(rng.randrange(1, 80)), rng.getrandbits(rng.randrange(1, 80)))
    elif form == 5:  # whole numbers over powers of ten
        text = "%de-%d" % (rng.getrandbits(rng.randrange(1, 54)), rng.randrange(20, 48))
    else:  # half way between two doubles, or nearly
        exact = (rng.getrandbits(53) | 1 << 53) * 2 + 1
        text = str(exact) + rng.choice(["", "e0", ".0", ".000000000000000000001", "e1"])
    lines.append((text, float(text)))
with open("numbers.txt", "w") as file:
    for text, value in lines:
        file.write(f"{text} {bits(value)}\n")
