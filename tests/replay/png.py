# SPDX-License-Identifier: MIT
"""Pictures of 8 bits a colour, red, green and blue: PNG files, and PPM files as programs without libraries write them."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def paeth(left, above, corner):
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


def row_decode(kind, row, above):
    """Undoes a filter: see PNG's specification, "Filter types"."""
    for i, value in enumerate(row):
        left = row[i - 3] if i >= 3 else 0
        corner = above[i - 3] if i >= 3 else 0
        guesses = (0, left, above[i], (left + above[i]) // 2, paeth(left, above[i], corner))
        row[i] = (value + guesses[kind]) & 255
    return row


def chunks(data):
    at = len(SIGNATURE)
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8:at + 8 + size]
        at += 12 + size


def read(path):
    """(width, height, bytes)"""
    data = path.read_bytes()
    if data[:len(SIGNATURE)] != SIGNATURE:
        raise ValueError(f"{path} is no PNG")
    packed = b""
    for kind, content in chunks(data):
        if kind == b"IHDR":
            width, height, depth, color = struct.unpack_from(">IIBB", content)
            if (depth, color) != (8, 2):
                raise ValueError(f"{path} is not 8 bits of red, green and blue")
        elif kind == b"IDAT":
            packed += content
    raw = zlib.decompress(packed)
    pixels, above, stride = b"", bytes(3 * width), 3 * width + 1
    for y in range(height):
        above = row_decode(raw[y * stride], bytearray(raw[y * stride + 1:(y + 1) * stride]), above)
        pixels += bytes(above)
    return width, height, pixels


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def write(path, width, height, pixels):
    rows = b"".join(b"\0" + pixels[3 * width * y:3 * width * (y + 1)] for y in range(height))
    path.write_bytes(SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
                     chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def read_ppm(path):
    kind, size, _, pixels = path.read_bytes().split(b"\n", 3)
    if kind != b"P6":
        raise ValueError(f"{path} is no PPM")
    width, height = map(int, size.split())
    return width, height, pixels


def differing(one, other, tolerance):
    """How many pixels of two pictures' bytes differ by more than tolerance, and by how much the worst does."""
    differences = [max(abs(a - b) for a, b in zip(one[i:i + 3], other[i:i + 3])) for i in range(0, len(one), 3)]
    return sum(d > tolerance for d in differences), max(differences)
