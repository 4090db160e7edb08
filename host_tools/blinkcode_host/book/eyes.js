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
const ROW_EXCLUDED = 4; // cells this near do not count as neighbours in a row
const MEMORY_MS = 60000;
const SHORTEST_FRAME_MS = 14; // faster cameras lose frames

const SMOOTHED_OVER = 9; // pixels; profiles have slower changes taken out
const STEP_MOST = 5; // pixels that the picture moves from one frame to the next
const SHIFT_MOST = 24; // pixels that it may move in all
const CLEARLY_BETTER = 0.8; // of the misfit where it was: then the picture is taken to have moved
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
  }

  // Fills light with R + G + B and integral with the sums of all pixels above and to the left.
  sum(rgba) {
    const { light, integral } = this;
    const across = FRAME_WIDTH + 1;
    for (let y = 0, i = 0, at = 0; y < FRAME_HEIGHT; y++) {
      let row = 0;
      let to = (y + 1) * across + 1;
      for (let x = 0; x < FRAME_WIDTH; x++, i++, at += 4, to++) {
        const value = rgba[at] + rgba[at + 1] + rgba[at + 2];
        light[i] = value;
        row += value;
        integral[to] = integral[to - across] + row;
      }
    }
    this.brightness = integral[integral.length - 1] / (765 * light.length);
  }

  // Finds out how far the picture has moved.
  align() {
    const across = FRAME_WIDTH + 1;
    const sums = (length, at) => {
      const profile = new Float32Array(length);
      for (let i = 0; i < length; i++) profile[i] = Math.log(at(i + 1) - at(i) + 1000);
      return withoutSlowChanges(profile);
    };
    const columns = sums(FRAME_WIDTH, (x) => this.integral[FRAME_HEIGHT * across + x]);
    const rows = sums(FRAME_HEIGHT, (y) => this.integral[y * across + FRAME_WIDTH]);
    if (!this.reference) {
      this.reference = { columns: columns.slice(), rows: rows.slice() };
      return;
    }
    this.shift.x = shiftOf(columns, this.reference.columns, this.shift.x);
    this.shift.y = shiftOf(rows, this.reference.rows, this.shift.y);
    follow(this.reference.columns, columns, this.shift.x);
    follow(this.reference.rows, rows, this.shift.y);
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
        found[CELLS + cell] = Math.round(LOG_SCALE * (Math.log(peak + DARKEST) - others));
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

// Where profile lies against reference, in pixels to a fraction; near is where it lay before.
function shiftOf(profile, reference, near) {
  const middle = Math.round(near);
  const costs = [];
  const cost = (shift) => {
    const first = Math.max(SMOOTHED_OVER, SMOOTHED_OVER - shift);
    const end = Math.min(profile.length - SMOOTHED_OVER, profile.length - SMOOTHED_OVER - shift);
    let sum = 0;
    for (let i = first; i < end; i++) {
      const off = profile[i + shift] - reference[i];
      sum += off * off;
    }
    return sum / (end - first);
  };
  let best = middle;
  for (let shift = middle - STEP_MOST - 1; shift <= middle + STEP_MOST + 1; shift++) {
    costs[shift + SHIFT_MOST * 2] = cost(shift);
    if (Math.abs(shift - middle) > STEP_MOST || Math.abs(shift) > SHIFT_MOST) continue;
    if (costs[shift + SHIFT_MOST * 2] < costs[best + SHIFT_MOST * 2] || costs[best + SHIFT_MOST * 2] === undefined) best = shift;
  }
  const at = (shift) => costs[shift + SHIFT_MOST * 2];
  if (best !== middle && at(best) > CLEARLY_BETTER * at(middle)) best = middle;
  const [before, here, after] = [at(best - 1), at(best), at(best + 1)];
  const curve = before - 2 * here + after;
  if (!(curve > 0) || here > CLEARLY_BETTER * Math.max(before, after)) return best === middle ? near : best;
  return best + Math.max(-0.5, Math.min(0.5, (before - after) / (2 * curve)));
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
