"use strict";
// From a camera's frames to traces: how the light of each small part of the picture went, with the hand's shake
// and the camera's exposure taken out. Nothing here knows a pattern.
//
// A frame is 160 x 120 pixels, RGBA, 8 bits. It is cut into cells, overlapping squares of 8 x 8 pixels. For each
// cell two features are kept: the logarithm of its mean light and that of its brightest pixel, both less the mean
// logarithm of the cells to its left and right. Exposure and the mains' bands change a whole row alike, so they
// cancel. A frame takes 4.5 kB; a minute at 60 frames a second takes 16 MB.

const FRAME_WIDTH = 160;
const FRAME_HEIGHT = 120;
const CELL_SIZE = 8; // pixels
const CELL_STEP = 4; // from one cell to the next
const CELL_COLUMNS = (FRAME_WIDTH - CELL_SIZE) / CELL_STEP + 1;
const CELL_ROWS = (FRAME_HEIGHT - CELL_SIZE) / CELL_STEP + 1;
const CELLS = CELL_COLUMNS * CELL_ROWS;
const FEATURES = 2; // mean light, brightest pixel
const LOG_SCALE = 4096; // features are kept as 16-bit integers
const NO_VALUE = -32768; // of a cell that the shake has moved out of the frame
const DARKEST = 8; // added to the sum of R, G and B, 0 to 765, so that noise in the dark stays small
const LOG_OF_PIXEL = Float64Array.from({ length: 766 }, (_, sum) => Math.log(sum + DARKEST));
const ROW_EXCLUDED = 4; // cells this near do not count as neighbours in a row
const MEMORY_MS = 60000;
const SHORTEST_FRAME_MS = 14; // faster cameras lose frames

const SMOOTHED_OVER = 9; // pixels; profiles have slower changes taken out
const STEP_MOST = 5; // pixels that the picture moves from one frame to the next
const SHIFT_MOST = 24; // pixels that it may move in all
const ALIKE_ENOUGH = 0.65; // correlation from which a profile is taken to show the same things
const ALIKE_SHARE = 0.1; // of a new frame in what has been so lately
const REFERENCE_SHARE = 0.04; // of a new frame in the reference

class Eyes {
  constructor() {
    this.times = []; // milliseconds
    this.frames = []; // Int16Array(CELLS * FEATURES) each: all means, then all brightest pixels
    this.shift = { x: 0, y: 0 }; // of the last frame against the reference, pixels
    this.moves = []; // the shift of each frame, [x, y]
    this.brightness = 0; // mean of the last frame, 0 to 1
    this.integral = new Int32Array((FRAME_WIDTH + 1) * (FRAME_HEIGHT + 1));
    this.light = new Int32Array(FRAME_WIDTH * FRAME_HEIGHT);
    this.alike = { x: 0, y: 0 }; // how much the picture has been like the reference lately, -1 to 1
    this.reference = null; // { columns, rows }: the profiles that shifts are measured against
  }

  // Takes a frame: rgba as of ImageData.data, time in ms. Returns whether it was kept.
  see(rgba, time) {
    const last = this.times.length ? this.times[this.times.length - 1] : -Infinity;
    if (time < last || time - last > MEMORY_MS) this.forget();
    else if (time - last < SHORTEST_FRAME_MS) return false;
    this.sum(rgba);
    this.align();
    this.frames.push(this.features());
    this.times.push(time);
    this.moves.push([this.shift.x, this.shift.y]);
    let old = 0;
    while (time - this.times[old] > MEMORY_MS) old++;
    if (old) for (const list of [this.times, this.frames, this.moves]) list.splice(0, old);
    return true;
  }

  forget() {
    this.times = [];
    this.frames = [];
    this.moves = [];
    this.reference = null;
    this.shift = { x: 0, y: 0 };
    this.alike = { x: 0, y: 0 };
  }

  // Fills light with three times the strongest colour of each pixel, so that a coloured lamp stands out, and integral
  // with the sums of R + G + B of all pixels above and to the left.
  sum(rgba) {
    const { light, integral } = this;
    const across = FRAME_WIDTH + 1;
    for (let y = 0, i = 0, at = 0; y < FRAME_HEIGHT; y++) {
      let row = 0;
      let to = (y + 1) * across + 1;
      for (let x = 0; x < FRAME_WIDTH; x++, i++, at += 4, to++) {
        const red = rgba[at];
        const green = rgba[at + 1];
        const blue = rgba[at + 2];
        const strongest = red > green ? red : green;
        light[i] = 3 * (strongest > blue ? strongest : blue);
        row += red + green + blue;
        integral[to] = integral[to - across] + row;
      }
    }
    this.brightness = integral[integral.length - 1] / (765 * light.length);
  }

  // Finds out how far the picture has moved, from the light of its columns and of its rows. Of rows it is the left half
  // against the right one, as the mains' bands move up or down.
  align() {
    const across = FRAME_WIDTH + 1;
    const { integral } = this;
    const lightAcross = new Float32Array(FRAME_WIDTH);
    const bottom = FRAME_HEIGHT * across;
    for (let x = 0; x < FRAME_WIDTH; x++) lightAcross[x] = Math.log(integral[bottom + x + 1] - integral[bottom + x] + 1000);
    const lightDown = new Float32Array(FRAME_HEIGHT);
    for (let y = 0, at = 0; y < FRAME_HEIGHT; y++, at += across) {
      const left = integral[at + across + FRAME_WIDTH / 2] - integral[at + FRAME_WIDTH / 2];
      const all = integral[at + across + FRAME_WIDTH] - integral[at + FRAME_WIDTH];
      lightDown[y] = Math.log(left + 1000) - Math.log(all - left + 1000);
    }
    const [columns, rows] = [withoutSlowChanges(lightAcross), withoutSlowChanges(lightDown)];
    if (!this.reference) {
      this.reference = { columns, rows };
      return;
    }
    this.move("x", columns, this.reference.columns);
    this.move("y", rows, this.reference.rows);
    follow(this.reference.columns, columns, this.shift.x);
    follow(this.reference.rows, rows, this.shift.y);
  }

  // Moves along one axis to where the profile lies. Only where the picture has been like its reference for a while: on a
  // plain wall nothing but the lamp would be, and only while it is lit.
  move(axis, profile, reference) {
    const { shift, likeness } = shiftOf(profile, reference, this.shift[axis]);
    this.alike[axis] += ALIKE_SHARE * (likeness - this.alike[axis]);
    if (this.alike[axis] >= ALIKE_ENOUGH && likeness >= ALIKE_ENOUGH) this.shift[axis] = shift;
  }

  // The features of the frame at hand. Means are taken at the exact shift, brightest pixels at whole pixels.
  features() {
    const { light, integral, shift } = this;
    const found = new Int16Array(CELLS * FEATURES).fill(NO_VALUE);
    const across = FRAME_WIDTH + 1;
    const columns = FRAME_WIDTH / CELL_STEP + 1;
    const rows = FRAME_HEIGHT / CELL_STEP + 1;
    const corners = new Float64Array(columns * rows); // integral at each corner of the grid of cells
    for (let row = 0; row < rows; row++) {
      const y = Math.min(FRAME_HEIGHT, Math.max(0, row * CELL_STEP + shift.y));
      const top = Math.min(FRAME_HEIGHT - 1, Math.floor(y));
      for (let column = 0; column < columns; column++) {
        const x = Math.min(FRAME_WIDTH, Math.max(0, column * CELL_STEP + shift.x));
        const left = Math.min(FRAME_WIDTH - 1, Math.floor(x));
        const at = top * across + left;
        const upper = integral[at] + (x - left) * (integral[at + 1] - integral[at]);
        const lower = integral[at + across] + (x - left) * (integral[at + across + 1] - integral[at + across]);
        corners[row * columns + column] = upper + (y - top) * (lower - upper);
      }
    }
    const brightest = this.brightestOfBlocks();
    const blocks = FRAME_WIDTH / CELL_STEP;
    const logs = new Float32Array(CELL_COLUMNS);
    const sums = new Float32Array(CELL_COLUMNS + 1);
    for (let row = 0; row < CELL_ROWS; row++) {
      const y = row * CELL_STEP + shift.y;
      if (y < 0 || y > FRAME_HEIGHT - CELL_SIZE) continue;
      let first = CELL_COLUMNS;
      let end = 0; // cells first to end are in the frame
      for (let column = 0; column < CELL_COLUMNS; column++) {
        const x = column * CELL_STEP + shift.x;
        sums[column + 1] = sums[column];
        if (x < 0 || x > FRAME_WIDTH - CELL_SIZE) continue;
        const at = row * columns + column;
        const below = at + 2 * columns;
        const mean = (corners[below + 2] - corners[below] - corners[at + 2] + corners[at]) / CELL_SIZE ** 2;
        logs[column] = Math.log(mean + DARKEST);
        sums[column + 1] += logs[column];
        first = Math.min(first, column);
        end = column + 1;
      }
      for (let column = first; column < end; column++) {
        const from = Math.max(first, column - ROW_EXCLUDED + 1);
        const to = Math.min(end, column + ROW_EXCLUDED);
        const others = (sums[end] - sums[to] + sums[from] - sums[first]) / (end - to + from - first);
        const block = row * blocks + column;
        const peak = Math.max(brightest[block], brightest[block + 1], brightest[block + blocks], brightest[block + blocks + 1]);
        const cell = row * CELL_COLUMNS + column;
        found[cell] = Math.round(LOG_SCALE * (logs[column] - others));
        found[CELLS + cell] = Math.round(LOG_SCALE * (LOG_OF_PIXEL[peak] - others));
      }
    }
    return found;
  }

  // The brightest pixel of each block of CELL_STEP x CELL_STEP.
  brightestOfBlocks() {
    const dx = Math.round(this.shift.x);
    const dy = Math.round(this.shift.y);
    const blocks = FRAME_WIDTH / CELL_STEP;
    const brightest = new Int32Array(blocks * (FRAME_HEIGHT / CELL_STEP));
    for (let y = 0; y < FRAME_HEIGHT; y++) {
      const from = y + dy;
      if (from < 0 || from >= FRAME_HEIGHT) continue;
      const block = Math.floor(y / CELL_STEP) * blocks;
      const first = Math.max(0, -dx);
      const end = Math.min(FRAME_WIDTH, FRAME_WIDTH - dx);
      for (let x = first; x < end; x++) {
        const value = this.light[from * FRAME_WIDTH + x + dx];
        const at = block + (x >> 2);
        if (value > brightest[at]) brightest[at] = value;
      }
    }
    return brightest;
  }

  // How one feature of one cell went: Float32Array of logarithms. Where the cell was out of the frame it holds the
  // last value. Null where it was out for a tenth of the time.
  trace(feature) {
    const found = new Float32Array(this.frames.length);
    let missing = 0;
    let value = 0;
    for (const frame of this.frames) {
      if (frame[feature] !== NO_VALUE) {
        value = frame[feature] / LOG_SCALE;
        break;
      }
    }
    for (let i = 0; i < found.length; i++) {
      const kept = this.frames[i][feature];
      if (kept === NO_VALUE) missing++;
      else value = kept / LOG_SCALE;
      found[i] = value;
    }
    return missing * 10 > found.length ? null : found;
  }
}

// A profile less its own mean over SMOOTHED_OVER pixels; its ends are zero.
function withoutSlowChanges(profile) {
  const half = SMOOTHED_OVER >> 1;
  const made = new Float32Array(profile.length);
  let sum = 0;
  for (let i = 0; i < profile.length; i++) {
    sum += profile[i];
    if (i >= SMOOTHED_OVER) sum -= profile[i - SMOOTHED_OVER];
    if (i >= SMOOTHED_OVER - 1) made[i - half] = profile[i - half] - sum / SMOOTHED_OVER;
  }
  return made;
}

// Where profile lies against reference, in pixels to a fraction, and how like it is; near is where it lay before.
function shiftOf(profile, reference, near) {
  const middle = Math.round(near);
  const first = Math.max(-SHIFT_MOST, middle - STEP_MOST);
  const end = Math.min(SHIFT_MOST, middle + STEP_MOST);
  let best = first;
  let most = -1;
  for (let shift = first; shift <= end; shift++) {
    const likeness = likenessAt(profile, reference, shift);
    if (likeness > most) [most, best] = [likeness, shift];
  }
  const before = likenessAt(profile, reference, best - 1);
  const after = likenessAt(profile, reference, best + 1);
  const curve = 2 * most - before - after;
  const part = curve > 0 ? Math.max(-0.5, Math.min(0.5, (after - before) / (2 * curve))) : 0;
  return { shift: best + part, likeness: most };
}

// The correlation of a profile moved by a shift with the reference, -1 to 1.
function likenessAt(profile, reference, shift) {
  const first = Math.max(SMOOTHED_OVER, SMOOTHED_OVER - shift);
  const end = Math.min(profile.length, profile.length - shift) - SMOOTHED_OVER;
  let [both, one, other] = [0, 0, 0];
  for (let i = first; i < end; i++) {
    both += profile[i + shift] * reference[i];
    one += profile[i + shift] * profile[i + shift];
    other += reference[i] * reference[i];
  }
  return both / Math.sqrt(one * other + 1e-12);
}

// Lets the reference take on a little of a profile that lies `shift` pixels off.
function follow(reference, profile, shift) {
  const whole = Math.floor(shift);
  const part = shift - whole;
  for (let i = 0; i < reference.length; i++) {
    const at = i + whole;
    if (at < SMOOTHED_OVER || at + 1 >= profile.length - SMOOTHED_OVER) continue;
    const value = profile[at] + part * (profile[at + 1] - profile[at]);
    reference[i] += REFERENCE_SHARE * (value - reference[i]);
  }
}
