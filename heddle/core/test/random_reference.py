"""The numbers that random_test.cc and portable_math_test.cc store, from another implementation (Python and numpy).

    python3 heddle/core/test/random_reference.py

Written from the definitions in random.h, philox.h and the comments of random_fill.cc: integers are Python's, doubles
are Python's, floats are numpy's, all rounded after every operation as IEEE-754 says.
"""

import math
import struct

import numpy as np

M32, M64 = 2**32 - 1, 2**64 - 1
F = np.float32


def philox(counter, key):
    k0, k1 = key & M32, key >> 32
    a, b, c, d = counter
    for _ in range(10):
        p, q = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (q >> 32) ^ b ^ k0, q & M32, (p >> 32) ^ d ^ k1, p & M32
        k0, k1 = (k0 + 0x9E3779B9) & M32, (k1 + 0xBB67AE85) & M32
    return a, b, c, d


def bits_of_double(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def log(x):
    mantissa, exponent = math.frexp(x)  # exact: x = mantissa 2^exponent
    if mantissa < math.sqrt(0.5):
        mantissa, exponent = 2 * mantissa, exponent - 1
    s = (mantissa - 1.0) / (mantissa + 1.0)
    s2 = s * s
    series = 1.0 / 23.0
    for odd in range(21, 2, -2):
        series = series * s2 + 1.0 / odd
    ln2_high, ln2_low = float.fromhex("0x1.62e42fefa38p-1"), float.fromhex("0x1.ef35793c7673p-45")
    return exponent * ln2_high + ((2.0 * s + 2.0 * s * (s2 * series)) + exponent * ln2_low)


def sincos_of_turns(turns):
    quarter = int(turns * 4.0 + 0.5)
    x = (turns - quarter * 0.25) * 6.283185307179586476925286766559
    x2 = x * x
    sin_series = cos_series = 1.0
    for n in range(16, 1, -2):
        sin_series = 1.0 - sin_series * x2 * (1.0 / (n * (n + 1)))
        cos_series = 1.0 - cos_series * x2 * (1.0 / (n * (n - 1)))
    s, c = x * sin_series, cos_series
    return [(s, c), (c, -s), (-s, -c), (-c, s)][quarter & 3]


class Stream:
    def __init__(self, key, ident):
        self.key, self.ident, self.block, self.words = key, ident, 0, []

    @staticmethod
    def of(seed, name):
        return Stream(seed, 0).split(name)

    def child(self, what, tag):
        a, b, c, d = philox((what & M32, what >> 32, self.ident & M32, self.ident >> 32), self.key ^ tag)
        return Stream(a | b << 32, c | d << 32)

    def split(self, what):
        if isinstance(what, int):
            return self.child(what, 0x696E646578207370)
        hashed = 0xCBF29CE484222325
        for byte in what.encode():
            hashed = ((hashed ^ byte) * 0x100000001B3) & M64
        return self.child(hashed, 0x6E616D652073706C)

    def next_block(self):
        counter = (self.block & M32, self.block >> 32, self.ident & M32, self.ident >> 32)
        self.block += 1
        return list(philox(counter, self.key))

    def bits32(self):
        if not self.words:
            self.words = self.next_block()
        return self.words.pop(0)

    def bits64(self):
        low = self.bits32()
        return low | self.bits32() << 32

    def uniform(self):
        return (self.bits64() >> 11) * 2.0**-53

    def below(self, n):
        product = self.bits64() * n
        while product & M64 < (2**64 - n) % n:
            product = self.bits64() * n
        return product >> 64

    def normal(self):
        radius = math.sqrt(-2.0 * log(1.0 - self.uniform()))
        return radius * sincos_of_turns(self.uniform())[1]

    def fill(self, count, pair):
        self.words = []
        values = []
        for _ in range((count + 3) // 4):
            w = self.next_block()
            values += pair(w[0], w[1]) + pair(w[2], w[3])
        return values[:count]


def normal_pair(word0, word1):
    u = (F(word0 >> 16) * F(65536) + (F(word0 & 0xFFFF) + F(0.5))) * F(2.0**-32)
    bits = int(u.view(np.int32))
    exponent = (bits - 0x3F3504F3) >> 23
    m = np.int32(bits - exponent * 2**23).view(F)
    s = (m - F(1)) / (m + F(1))
    s2 = s * s
    series = F(1) + s2 * (F(1 / 3) + s2 * (F(1 / 5) + s2 * (F(1 / 7) + s2 * F(1 / 9))))
    radius = np.sqrt(max(F(0), F(-4) * s * series - F(exponent) * F(1.38629436111989062)))
    quarter = ((word1 + 0x20000000) & M32) >> 30
    rest = (word1 - (quarter << 30)) & M32
    x = F(rest - 2**32 if rest >= 2**31 else rest) * F(1.46291807926715968e-9)
    x2 = x * x
    sin = x * (F(1) - x2 * (F(1 / 6) - x2 * (F(1 / 120) - x2 * (F(1 / 5040) - x2 * F(1 / 362880)))))
    cos = F(1) - x2 * (F(0.5) - x2 * (F(1 / 24) - x2 * (F(1 / 720) - x2 * F(1 / 40320))))
    sin, cos = [(sin, cos), (cos, -sin), (-sin, -cos), (-cos, sin)][quarter]
    return [radius * cos, radius * sin]


def uniform_pair(word0, word1):
    return [F(word >> 8) * F(2.0**-24) for word in (word0, word1)]


def main():
    print("log(0.3), log(1e-17):", bits_of_double(log(0.3)), bits_of_double(log(1e-17)))
    print("sin(.1), cos(.7):", bits_of_double(sincos_of_turns(0.1)[0]), bits_of_double(sincos_of_turns(0.7)[1]))
    stream = Stream.of(2026, "stored")
    print("bits32, bits64, below:", stream.bits32(), stream.bits64(), stream.below(1000000))
    print("uniform, normal:", bits_of_double(stream.uniform()), bits_of_double(stream.normal()))
    print("split:", stream.split("name").bits64(), stream.split(12).bits64())
    print("fill normal:", [int(value.view(np.uint32)) for value in stream.fill(3, normal_pair)])
    print("fill uniform:", [int(value * 2**24) for value in stream.fill(3, uniform_pair)])


if __name__ == "__main__":
    main()
