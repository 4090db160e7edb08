"use strict";
// The camera's part of the page: frames from a camera or a clip go to the eyes; once a second the verdict is shown.

const VERDICT_EVERY_MS = 1000;
const CURVE_MS = 12000; // of light shown
const CURSOR_STEP = 0.05; // of the picture, for each press of an arrow key
const COLOURED = 0.25; // saturation from which a lamp counts as coloured
const SAME_HUE = 45; // degrees that two colours may be apart
const COLOUR_FRAMES = 900; // remembered

// Why a clip cannot be read, and what helps.
const REASONS = {
  short: ["keep filming", "请继续拍摄"],
  slow: [
    "there are too few frames a second: more light helps, or another app's clip with 24 or more",
    "每秒帧数太少：增加光线，或用每秒至少 24 帧的视频",
  ],
  nothing: [
    "nothing blinks here: come closer and shade the lamp; a lamp that is dark or steady has its own entry under States",
    "这里没有东西在闪：靠近一些并遮挡环境光；若灯不亮或常亮，见“状态”中的说明",
  ],
  faint: [
    "nothing blinks clearly: come closer, shade the lamp, rest the phone on something",
    "没有清楚的闪烁：靠近一些，遮挡环境光，把手机靠稳",
  ],
  shake: ["the picture shakes too much: rest the phone on something", "画面抖动太大：请把手机靠稳"],
  foreign: [
    "this rhythm is none of ours: tap your lamp if another spot is marked",
    "这不是我们的闪法：若标记的是别处，请点一下你的灯",
  ],
  cycle: ["two whole cycles are needed: keep filming", "需要两个完整周期：请继续拍摄"],
  begun: [
    "it spells a number, and its beginning or end was not seen: have it spelled again, film from before the first flash",
    "灯在拼写数字，但没有拍到开头或结尾：请让它重新拼写，并从第一闪之前拍起",
  ],
  holes: ["frames are missing: close other apps, keep filming", "有丢帧：关闭其他应用并继续拍摄"],
  another: ["two lamps blink: tap yours", "有两盏灯在闪：请点一下你的灯"],
  disagree: ["it was read in two ways: come closer, rest the phone, film it again", "两次读数不一致：靠近一些，把手机靠稳，再拍一次"],
};

// What verdict() has to know of the lamp; codes: the entries of each code, by the groups that spell it, with its vendor and
// without one.
const device = { states: facts.lamps, pattern: facts.pattern, codes: new Map() };
for (const entry of entries) {
  for (const vendor of [numberOf(entry.vendor, facts.vendors), NO_VENDOR]) {
    for (const code of vendor ? codesOf(entry) : []) {
      const key = String(spelling(vendor, code));
      device.codes.set(key, [...(device.codes.get(key) ?? []), entry]);
    }
  }
}

const view = byId("view");
const picture = byId("picture");
const mark = byId("mark");
const small = document.createElement("canvas");
small.width = FRAME_WIDTH;
small.height = FRAME_HEIGHT;
const pen = small.getContext("2d", { willReadFrequently: true });
pen.imageSmoothingQuality = "medium"; // a mean over each pixel's square: with "low" small lamps come and go

const camera = {
  eyes: new Eyes(),
  answers: new Answers(),
  stream: null, // of a live camera
  address: "", // of a clip
  running: false,
  near: null, // where somebody pointed, in pixels of the reference picture
  spot: null, // the last one shown
  colours: [], // [time, r, g, b] of that spot
  lastVerdict: 0,
  said: "",

  async live() {
    this.stop();
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: { ideal: "environment" }, width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
      });
    } catch {
      this.say("", both("The camera cannot be used here; record a clip instead.", "这里无法使用摄像头；请改为录制视频。"));
      return;
    }
    picture.srcObject = this.stream;
    this.begin();
  },

  clip(file) {
    this.stop();
    this.address = URL.createObjectURL(file);
    picture.src = this.address;
    this.begin();
  },

  begin() {
    this.eyes.forget();
    this.answers.forget();
    Object.assign(this, { running: true, near: null, spot: null, colours: [], lastVerdict: 0, said: "" });
    view.hidden = byId("stop").hidden = false;
    byId("any-spot").hidden = mark.hidden = true;
    this.draw(null);
    this.say("short", both("Looking for a lamp that blinks ...", "正在寻找闪烁的灯……"));
    picture.play().catch(() => this.unplayable());
    this.next();
  },

  stop() {
    this.running = false;
    if (this.stream) for (const track of this.stream.getTracks()) track.stop();
    if (this.address) URL.revokeObjectURL(this.address);
    this.stream = null;
    this.address = "";
    picture.srcObject = null;
    picture.removeAttribute("src");
    byId("stop").hidden = true;
  },

  unplayable() {
    if (!this.running) return;
    this.stop();
    view.hidden = true;
    this.say(
      "unplayable",
      both(
        "Not readable, because this browser cannot play the clip. If it is H.265 (HEVC), set the camera to H.264 (\u201cmost compatible\u201d), or use the camera here.",
        "无法读取：此浏览器不能播放该视频。若为 H.265（HEVC），请把相机设为 H.264（“兼容性最佳”），或直接使用摄像头。",
      ),
    );
  },

  // Waits for the next frame.
  next() {
    if (!this.running) return;
    if (picture.requestVideoFrameCallback) picture.requestVideoFrameCallback((now, frame) => this.look(now, frame));
    else requestAnimationFrame((now) => this.look(now, { mediaTime: picture.currentTime }));
  },

  // Takes the frame that is shown.
  look(now, { captureTime, mediaTime }) {
    if (!this.running) return;
    const time = this.stream ? (captureTime ?? now) : 1000 * mediaTime;
    if (picture.videoWidth) {
      const upright = picture.videoHeight > picture.videoWidth; // then it is turned: rows of the sensor stay rows
      if (upright) pen.setTransform(0, 1, -1, 0, FRAME_WIDTH, 0);
      else pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.drawImage(picture, 0, 0, upright ? FRAME_HEIGHT : FRAME_WIDTH, upright ? FRAME_WIDTH : FRAME_HEIGHT);
      const { data } = pen.getImageData(0, 0, FRAME_WIDTH, FRAME_HEIGHT);
      if (this.eyes.see(data, time) && this.spot) this.noteColour(data, time);
      this.place();
      if (Math.abs(time - this.lastVerdict) >= VERDICT_EVERY_MS) {
        this.lastVerdict = time;
        setTimeout(() => this.judge());
      }
    }
    this.next();
  },

  // Says what has been seen so far; over: whether the clip has ended.
  judge(over = false) {
    const seen = verdict(this.eyes, this.near, device);
    const found = this.answers.settle(seen, this.eyes.times.at(-1) ?? 0);
    const spot = seen.spot || seen.spots?.[0] || null;
    if (spot && this.spot && Math.hypot(spot.x - this.spot.x, spot.y - this.spot.y) > CELL_SIZE) this.colours = [];
    this.spot = spot;
    this.place();
    this.draw(this.spot);
    if (found.kind === "state") {
      const { flashes, second } = found.state;
      const { count } = facts.lamps.find((lamp) => lamp.flashes === flashes && lamp.second === second);
      const cycles = Math.floor(found.cycles);
      this.say(`state ${count}`, both(`Read by camera, ${cycles} cycles.`, `摄像头已读出，共 ${cycles} 个周期。`), [count]);
      if (spot) this.sayColour(count);
    } else if (found.kind === "number" || found.why === "unsure") {
      this.sayNumber(found.groups, found.kind === "number");
    } else {
      const why = found.kind === "two" ? "another" : found.why === "short" && over ? "cycle" : found.why;
      const [en, zh] = REASONS[why];
      const last = over && why === "cycle" ? [" (this clip is over: record a longer one)", "（视频已结束：请录长一些）"] : ["", ""];
      const looking = why === "short";
      this.say(
        `why ${why} ${over}`,
        looking ? both(`Looking: ${en} ...`, `正在看：${zh}……`) : both(`Not readable yet, because ${en}${last[0]}.`, `尚无法读取：${zh}${last[1]}。`),
      );
    }
  },

  // Says which number the lamp spells; sure: whether it is certain. One that is in the tables always is.
  sayNumber(groups, sure) {
    const codes = device.codes.get(String(groups)) ?? [];
    const minus = groups[2] === DASH;
    const digits = groups.slice(minus ? 3 : 2).map((digit) => digit % 10).join("");
    const number = `${minus ? "-" : ""}${digits}`;
    const vendor = facts.vendors.filter((one) => one.onDevice)[groups[1] - 1];
    const who = vendor ? vendor.name : "?";
    let heard = both(`It spells ${who} ${number}, which is not in the tables.`, `灯拼写的是 ${who} ${number}，表中没有。`);
    if (codes.length) heard = both(`It spells ${who} ${number}.`, `灯拼写的是 ${who} ${number}。`);
    if (!sure) {
      heard = both(
        `Not certain yet: it seems to spell ${who} ${number}, which is not in the tables. Have it spelled once more.`,
        `尚不确定：灯似乎拼写 ${who} ${number}，表中没有。请让它再拼写一次。`,
      );
    }
    this.say(`number ${groups} ${sure}`, heard, [], codes);
  },

  // Shows an answer once, however often it is given.
  say(key, heard, counts = [], codes = []) {
    if (key === this.said) return;
    this.said = key;
    candidates(view, counts, codes, heard);
  },

  // Marks the spot in the picture as it is now.
  place() {
    mark.hidden = !this.spot;
    if (!this.spot) return;
    const at = turned({ x: (this.spot.x + this.eyes.shift.x) / FRAME_WIDTH, y: (this.spot.y + this.eyes.shift.y) / FRAME_HEIGHT });
    mark.style.left = `${100 * at.x}%`;
    mark.style.top = `${100 * at.y}%`;
  },

  // Looks only around a place, given as shares of the picture's width and height.
  point(share) {
    const at = turned(share, true);
    const { x, y } = this.eyes.shift;
    this.near = { x: at.x * FRAME_WIDTH - x, y: at.y * FRAME_HEIGHT - y };
    this.spot = { ...this.near, light: null };
    byId("any-spot").hidden = false;
    this.answers.forget();
    this.place();
    this.judge(!this.running);
  },

  // Draws how the light of a spot went, and which flashes were read.
  draw(spot) {
    const [lit, line] = byId("curve").children;
    lit.setAttribute("d", "");
    line.setAttribute("d", "");
    if (!spot?.light) return;
    const { times } = this.eyes;
    const from = times[times.length - 1] - CURVE_MS;
    const points = [];
    times.forEach((time, i) => {
      if (time >= from) points.push(`${Math.round(time - from)} ${Math.round(850 - 700 * Math.min(1.2, Math.max(-0.2, spot.light[i])))}`);
    });
    line.setAttribute("d", `M${points.join("L")}`);
    const shown = spot.flashes.filter((flash) => flash.lit && flash.end > from);
    const bars = shown.map(({ start, end }) => `M${Math.round(Math.max(0, start - from))} 0H${Math.round(end - from)}V1000H${Math.round(Math.max(0, start - from))}z`);
    lit.setAttribute("d", bars.join(""));
  },

  noteColour(data, time) {
    const x = Math.round(this.spot.x + this.eyes.shift.x);
    const y = Math.round(this.spot.y + this.eyes.shift.y);
    let brightest = [0, 0, 0];
    for (let row = Math.max(0, y - 3); row < Math.min(FRAME_HEIGHT, y + 3); row++) {
      for (let column = Math.max(0, x - 3); column < Math.min(FRAME_WIDTH, x + 3); column++) {
        const at = 4 * (row * FRAME_WIDTH + column);
        const here = [data[at], data[at + 1], data[at + 2]];
        if (here[0] + here[1] + here[2] > brightest[0] + brightest[1] + brightest[2]) brightest = here;
      }
    }
    this.colours.push([time, ...brightest]);
    if (this.colours.length > COLOUR_FRAMES) this.colours.shift();
  },

  // Says whether the lamp's colour, if the camera shows one, is that of the state; the count decides either way.
  sayColour(count) {
    const means = [[0, 0, 0, 0], [0, 0, 0, 0]]; // dark and lit: r, g, b, frames
    for (const [time, ...rgb] of this.colours) {
      const flash = this.spot.flashes.find((one) => one.start <= time && time < one.end);
      const mean = means[flash?.lit ? 1 : 0];
      rgb.forEach((part, i) => (mean[i] += part));
      mean[3]++;
    }
    const [dark, lit] = means;
    if (dark[3] < 10 || lit[3] < 10) return;
    const added = [0, 1, 2].map((i) => Math.max(0, lit[i] / lit[3] - dark[i] / dark[3]));
    const state = facts.states.find((one) => one.count === count);
    const wanted = [1, 3, 5].map((at) => Number.parseInt(state.colour.slice(at, at + 2), 16));
    const [seen, meant] = [hueOf(added), hueOf(wanted)];
    byId("colour").hidden = seen === null || meant === null;
    if (byId("colour").hidden) return;
    const apart = Math.abs(((seen - meant + 540) % 360) - 180);
    byId("colour").replaceChildren(
      apart <= SAME_HUE
        ? both("Its colour agrees.", "颜色相符。")
        : both("Its colour looks otherwise; what counts is the flashes.", "颜色看起来不同；以闪烁次数为准。"),
    );
  },
};

// The hue of a colour in degrees; null where it has hardly any.
function hueOf([r, g, b]) {
  const most = Math.max(r, g, b);
  const range = most - Math.min(r, g, b);
  if (!most || range / most < COLOURED) return null;
  if (most === r) return (60 * ((g - b) / range) + 360) % 360;
  return most === g ? 60 * ((b - r) / range) + 120 : 60 * ((r - g) / range) + 240;
}

// A place in an upright picture, as shares, from that in the turned frame; or the other way round.
function turned({ x, y }, back = false) {
  if (!(picture.videoHeight > picture.videoWidth)) return { x, y };
  return back ? { x: 1 - y, y: x } : { x: y, y: 1 - x };
}

byId("live").hidden = !navigator.mediaDevices?.getUserMedia;
byId("live").addEventListener("click", () => camera.live());
byId("clip").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (file) camera.clip(file);
  event.target.value = ""; // so that the same clip can be chosen again
});
byId("stop").addEventListener("click", () => camera.stop());
picture.addEventListener("error", () => {
  if (camera.address) camera.unplayable();
});
picture.addEventListener("ended", () => {
  camera.running = false;
  byId("stop").hidden = true;
  camera.judge(true);
});
picture.addEventListener("click", (event) => {
  const box = picture.getBoundingClientRect();
  camera.point({ x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
});
byId("any-spot").addEventListener("click", () => {
  camera.near = null;
  camera.answers.forget();
  byId("any-spot").hidden = true;
  camera.judge(!camera.running);
});

// With the keyboard: arrows move a cursor over the picture, Enter points.
const cursor = { x: 0.5, y: 0.5 };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
picture.addEventListener("keydown", (event) => {
  if (event.key === "Enter") camera.point(cursor);
  else if (ARROWS[event.key]) {
    const [x, y] = ARROWS[event.key];
    cursor.x = Math.min(1, Math.max(0, cursor.x + CURSOR_STEP * x));
    cursor.y = Math.min(1, Math.max(0, cursor.y + CURSOR_STEP * y));
    mark.hidden = false;
    mark.style.left = `${100 * cursor.x}%`;
    mark.style.top = `${100 * cursor.y}%`;
  } else return;
  event.preventDefault();
});
addEventListener("pagehide", () => camera.stop());
