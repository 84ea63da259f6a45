"""Copies a JPEG and writes when it was taken into it: write_exif.py IN OUT 2026-05-02T17:30:00"""
import struct
import sys

ASCII, SHORT, LONG = 2, 3, 4


def directory(entries, offset):
    """One TIFF directory at an offset; long values follow it."""
    head = struct.pack("<H", len(entries))
    values = b""
    free = offset + 2 + 12 * len(entries) + 4
    for tag, kind, value in entries:
        if kind == ASCII:
            data = value.encode("ascii") + b"\0"
            head += struct.pack("<HHII", tag, kind, len(data), free + len(values))
            values += data + b"\0" * (len(data) % 2)
        else:
            head += struct.pack("<HHII", tag, kind, 1, value)
    return head + struct.pack("<I", 0) + values


def exif(taken_at):
    day, time = taken_at.split("T")
    stamp = f"{day.replace('-', ':')} {time}"
    first = [(0x0112, SHORT, 1), (0x0131, ASCII, "Rafaga sample"), (0x0132, ASCII, stamp), (0x8769, LONG, 0)]
    photo_at = 8 + len(directory(first, 8))
    first[-1] = (0x8769, LONG, photo_at)
    photo = [(0x9003, ASCII, stamp), (0x9004, ASCII, stamp)]
    return b"Exif\0\0" + b"II*\0" + struct.pack("<I", 8) + directory(first, 8) + directory(photo, photo_at)


source, target, taken = sys.argv[1:]
with open(source, "rb") as file:
    jpeg = file.read()
if jpeg[:2] != b"\xff\xd8":
    sys.exit(f"{source} is not a JPEG.")
segment = exif(taken)
with open(target, "wb") as file:
    file.write(jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:])
