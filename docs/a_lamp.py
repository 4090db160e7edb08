"""A film of a blinking lamp, drawn for docs/camera.png: a circuit board at 1280 x 720, 25 frames a second.

Shares nothing with the reader of the code book or with the clips that it is tested on.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

WIDTH, HEIGHT, FPS = 1280, 720, 25
SECONDS = 24
MARGIN = 40  # pixels around the picture, for the hand
RADIUS = 11
COLOUR = (255, 106, 0)
NOISE = 5  # of 255
#: When the lamp is lit, in seconds from the start of an 8-3: one long flash and three short ones, then three.
LIT = ((0, 0.9), (1.2, 1.4), (1.7, 1.9), (2.2, 2.4), (3.2, 3.4), (3.7, 3.9), (4.2, 4.4))
CYCLE = 6.2
BEGINS = 2.5  # seconds of the cycle that are over when the film begins


def board(chance: np.random.Generator) -> np.ndarray:
    """A green board with tracks, chips and pads: height x width x 3, 0 to 255."""
    height, width = HEIGHT + 2 * MARGIN, WIDTH + 2 * MARGIN
    picture = np.empty((height, width, 3), np.float32)
    picture[:] = (24, 78, 48)
    picture += np.linspace(-12, 18, width)[None, :, None]
    for _ in range(70):  # tracks
        y, x, long = chance.integers(height), chance.integers(width), chance.integers(60, 420)
        if chance.random() < 0.5:
            picture[y : y + 4, x : x + long] += 22
        else:
            picture[y : y + long, x : x + 4] += 22
    for _ in range(26):  # chips, with their pads
        y, x = chance.integers(height - 120), chance.integers(width - 160)
        high, wide = chance.integers(24, 110), chance.integers(30, 150)
        picture[y - 5 : y + high + 5, x : x + wide : 12] = (170, 170, 160)
        picture[y : y + high, x : x + wide] = (26, 27, 30)
    return picture


def film(path: Path, ffmpeg: str) -> None:
    """Write the film as H.264."""
    chance = np.random.default_rng(12)
    still = board(chance)
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "-"]
    codec = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "26"]
    with subprocess.Popen(
        [ffmpeg, "-y", "-loglevel", "error", *raw, *codec, str(path)], stdin=subprocess.PIPE
    ) as process:
        assert process.stdin
        for number in range(SECONDS * FPS):
            seconds = number / FPS
            hand_x = round(6 * np.sin(1.9 * seconds) + 2 * np.sin(11 * seconds))
            hand_y = round(5 * np.cos(1.3 * seconds) + 2 * np.cos(9 * seconds))
            top, left = MARGIN + hand_y, MARGIN + hand_x
            picture = still[top : top + HEIGHT, left : left + WIDTH].copy()
            at = (seconds + BEGINS) % CYCLE
            away = (across - 0.57 * WIDTH + hand_x) ** 2 + (down - 0.44 * HEIGHT + hand_y) ** 2
            picture[away < RADIUS**2] = (70, 66, 60)
            if any(on <= at < off for on, off in LIT):
                glow = np.exp(-away / (2 * RADIUS**2)) + 0.2 * np.exp(-away / (2 * (4 * RADIUS) ** 2))
                picture += 1.4 * glow[..., None] * np.array(COLOUR, np.float32)
            picture += chance.normal(0, NOISE, (HEIGHT, WIDTH, 1))
            process.stdin.write(np.clip(picture, 0, 255).astype(np.uint8).tobytes())
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
