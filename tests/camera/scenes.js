"use strict";
// Renders what a phone's camera would see of a lamp, as frames of 160 x 120 pixels. Knows nothing of the reader: a
// lamp is a list of [ms, lit] as its driver was called.
//
// The scene is 640 x 480 points of linear light. Each frame is the mean over 4 x 4 points of the scene, moved by
// whole points; light is added up over the exposure; then come gain, gamma, noise and 8 bits.

const WIDTH = 160;
const HEIGHT = 120;
const SCALE = 4; // points of the scene to a pixel
const MARGIN = 40; // points around the scene, for the shake
const GAMMA = 2.2;
const READ_OUT_S = 0.025; // from the first row to the last

// A random number generator (mulberry32): the same seed gives the same clip.
function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  next.between = (low, high) => low + (high - low) * next();
  next.normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  next.pick = (list) => list[Math.floor(next() * list.length)];
  return next;
}

// What does not change from clip to clip: normal noise, and a gamma curve.
const NOISE = Float32Array.from({ length: 1 << 17 }, chance(77).normal);
const CURVE = Float32Array.from({ length: 4097 }, (_, i) => 255 * (i / 4096) ** (1 / GAMMA));

const BASE = {
  fps: 30, jitter: 0.05, dropped: 0.01, stamps: 0, // jitter: of a frame's time; stamps: ms by which times are told wrong
  radius: 8, lamp: 0.5, dimmedTo: 0, colour: [1, 1, 1], // points; linear light added; share that stays when dark
  shake: 2, // points: standard deviation of where the picture is
  noise: 2, // of 255, a pixel
  ground: "texture", level: 0.2, // linear light
  exposure: 0.5, // share of a frame's time
  drift: 0.1, follows: 0.3, // gain: slow change, and how much of the lamp's light the exposure takes back
  flicker: 0, mains: 50,
  second: null, // { events, radius, lamp }: another lamp
};

function groundOf(kind, level, random) {
  const width = WIDTH * SCALE + 2 * MARGIN;
  const height = HEIGHT * SCALE + 2 * MARGIN;
  const ground = new Float32Array(width * height).fill(level);
  if (kind === "gradient" || kind === "texture") {
    const [across, down] = [random.between(-0.5, 0.5), random.between(-0.5, 0.5)];
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) ground[i] *= 1 + across * (x / width - 0.5) + down * (y / height - 0.5);
    }
  }
  if (kind === "texture") {
    for (let n = 0; n < 160; n++) { // patches, such as parts on a board
      const [w, h] = [random.between(4, 120), random.between(4, 90)];
      const [left, top] = [random.between(-w, width), random.between(-h, height)];
      const factor = Math.exp(random.between(-0.7, 0.5));
      for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, top + h); y++) {
        for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, left + w); x++) ground[y * width + x] *= factor;
      }
    }
    for (let i = 0; i < ground.length; i++) ground[i] = Math.min(Math.max(0.5, level), Math.max(level / 8, ground[i]));
  }
  const integral = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += ground[y * width + x];
      integral[(y + 1) * (width + 1) + x + 1] = integral[y * (width + 1) + x + 1] + row;
    }
  }
  return { integral, across: width + 1 };
}

// How much of each pixel a disc covers: [[pixel, share], ...].
function disc(x, y, radius) {
  const covered = [];
  const reach = Math.ceil(radius / SCALE) + 1;
  for (let row = Math.floor(y / SCALE) - reach; row <= y / SCALE + reach; row++) {
    for (let column = Math.floor(x / SCALE) - reach; column <= x / SCALE + reach; column++) {
      if (row < 0 || row >= HEIGHT || column < 0 || column >= WIDTH) continue;
      let inside = 0;
      for (let sub = 0; sub < 64; sub++) {
        const px = (column + ((sub & 7) + 0.5) / 8) * SCALE;
        const py = (row + ((sub >> 3) + 0.5) / 8) * SCALE;
        inside += (px - x) ** 2 + (py - y) ** 2 < radius * radius;
      }
      if (inside) covered.push([row * WIDTH + column, inside / 64]);
    }
  }
  return covered;
}

// The share of from..to, ms, in which a lamp driven by events was lit.
function litShare(events, from, to) {
  let lit = 0;
  let on = false;
  let at = from;
  for (const [ms, light] of events) {
    if (ms >= to) break;
    if (ms > at) {
      if (on) lit += ms - at;
      at = ms;
    }
    on = Boolean(light);
  }
  if (on) lit += to - at;
  return lit / (to - from);
}

// Fills light with the scene from a corner on, each row of it times the room's light when that row is read out.
function moved(light, integral, across, corner, roomAt) {
  for (let y = 0, i = 0; y < HEIGHT; y++) {
    const share = roomAt(y) / (SCALE * SCALE);
    let top = corner + y * SCALE * across;
    let bottom = top + SCALE * across;
    let before = integral[bottom] - integral[top];
    for (let x = 0; x < WIDTH; x++, i++) {
      top += SCALE;
      bottom += SCALE;
      const after = integral[bottom] - integral[top];
      light[i] = share * (after - before);
      before = after;
    }
  }
}

// Fills whole, RGBA in 32 bits, with grey pixels of that light: exposed, through the gamma curve, with noise.
function develop(whole, light, factor, noise, offset) {
  for (let i = 0; i < light.length; i++) {
    const at = (light[i] * factor + 0.5) | 0;
    const exposed = CURVE[at > 4096 ? 4096 : at] + noise * NOISE[offset + i] + 0.5;
    const value = exposed < 0 ? 0 : exposed > 255 ? 255 : exposed | 0;
    whole[i] = 0xff000000 | (value << 16) | (value << 8) | value;
  }
}

// Calls seen(rgba, time, exact time, the first lamp) for each frame of a clip. events: [[ms, light], ...]; null: no lamp. from, to: ms.
function film({ events, from, to, seed, ...options }, seen) {
  const o = { ...BASE, ...options };
  const random = chance(seed);
  const { integral, across } = groundOf(o.ground, o.level, random);
  const lampOf = (lamp) => ({
    ...lamp,
    x: random.between(0.25, 0.75) * WIDTH * SCALE,
    y: random.between(0.25, 0.75) * HEIGHT * SCALE,
  });
  const lamps = events ? [lampOf({ dimmedTo: 0, ...o, events })] : [];
  if (o.second) {
    let other;
    do other = lampOf({ dimmedTo: 0, colour: [1, 1, 1], radius: o.radius, lamp: o.lamp, ...o.second });
    while (lamps.length && Math.hypot(other.x - lamps[0].x, other.y - lamps[0].y) < 120);
    lamps.push(other);
  }
  const interval = 1000 / o.fps;
  const waves = ["x", "y"].map(() =>
    [0.15, 0.4, 1.1, 2.7, 5.3, 8.1].map((hertz) => ({
      hertz: hertz * random.between(0.8, 1.25),
      phase: random.between(0, 2 * Math.PI),
      size: o.shake * random.between(0.7, 1.3) / (1 + hertz * 0.35),
    })),
  );
  // The slow waves carry most of the movement; scaled so that the standard deviation is o.shake.
  for (const axis of waves) {
    const power = axis.reduce((sum, wave) => sum + wave.size ** 2 / 2, 0);
    for (const wave of axis) wave.size *= power ? o.shake / Math.sqrt(power) : 0;
  }
  const breath = [random.between(0.03, 0.2), random.between(0, 6.28)];
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255);
  const whole = new Uint32Array(rgba.buffer);
  const light = new Float32Array(WIDTH * HEIGHT);
  let taken = 0; // what the exposure has taken back, in logarithm
  let missing = 0;
  for (let n = 0; from + n * interval < to; n++) {
    const exact = from + n * interval + random.normal() * o.jitter * interval;
    const opened = exact - o.exposure * interval;
    const lit = lamps.map((lamp) => lamp.dimmedTo + (1 - lamp.dimmedTo) * litShare(lamp.events, opened, exact));
    const seconds = exact / 1000;
    const glare = lamps.reduce((sum, lamp, i) => sum + lit[i] * lamp.lamp * (lamp.radius / 30) ** 1.2, 0);
    taken += (o.follows * Math.log(1 + glare) - taken) * Math.min(1, interval / 250);
    const gain = Math.exp(o.drift * Math.sin(2 * Math.PI * breath[0] * seconds + breath[1]) - taken);
    if (missing > 0) missing--;
    else if (random() < o.dropped * 0.6) missing = random() < 0.2 ? 3 : 1;
    const [dx, dy] = waves.map((axis) =>
      Math.max(-MARGIN + 1, Math.min(MARGIN - 1, Math.round(axis.reduce((sum, w) => sum + w.size * Math.sin(2 * Math.PI * w.hertz * seconds + w.phase), 0)))),
    );
    const offset = Math.floor(random() * (NOISE.length - WIDTH * HEIGHT));
    if (missing) continue;
    const flickerAt = (y) => 1 + o.flicker * Math.sin(4 * Math.PI * o.mains * (opened / 1000 + (y / HEIGHT) * READ_OUT_S));
    moved(light, integral, across, (MARGIN + dy) * across + MARGIN + dx, flickerAt);
    const coloured = [];
    lamps.forEach((lamp, k) => {
      if (!lit[k]) return;
      const white = lamp.colour.every((part) => part === lamp.colour[0]);
      for (const [pixel, share] of disc(lamp.x - dx, lamp.y - dy, lamp.radius)) {
        const added = share * lit[k] * lamp.lamp;
        if (white) light[pixel] += added * lamp.colour[0];
        else coloured.push([pixel, added, lamp.colour]);
      }
    });
    develop(whole, light, 4096 * gain, o.noise, offset);
    for (const [pixel, added, colour] of coloured) {
      for (const part of [0, 1, 2]) {
        const value = light[pixel] + added * colour[part];
        rgba[4 * pixel + part] = CURVE[Math.min(4096, Math.round(4096 * gain * value))] + o.noise * NOISE[offset + pixel];
      }
    }
    seen(rgba, exact - from + 1000 + random.normal() * o.stamps, exact, lamps[0]);
  }
}

if (typeof module !== "undefined") module.exports = { film, chance, BASE, WIDTH, HEIGHT };
