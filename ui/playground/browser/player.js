// Plays the frames of trainings: borders, unit maps and losses, all at one moment.
// Streamlit calls the default export again whenever there is more data; what the visitor
// watches (moment, playing or not) is kept per comparison, so that more data never jumps.

const FRAME_MS = 80;
const PATIENCE_MS = 1500; // until what is missing is asked for again
const SPEEDS = [["Slow", 4], ["Normal", 1], ["Fast", 0.25]]; // name -> times FRAME_MS
const views = new WeakMap(); // root -> View
const wanted = { classes: false, test: false }; // what the visitor has ticked
const moments = new Map(); // comparison -> {at, playing}

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".player");
  if (!root || !data) return;
  let view = views.get(root);
  if (!view) views.set(root, (view = new View(root)));
  view.renew = () => setTriggerValue("seed", true);
  const film = filmOf(data);
  if (film) view.take(film);
  view.lack(film ? null : () => setTriggerValue("lack", got(data.id)));
  return () => {
    clearTimeout(view.timer);
    clearTimeout(view.asking);
    views.delete(root);
  };
}

class View {
  constructor(root) {
    this.root = root;
    this.cache = new Map(); // text of a grid, or of weights -> its numbers
    this.play = element("button", { type: "button", className: "play" });
    this.step = iconButton("Step", "M3 3v10M6 3l7 5-7 5z");
    this.range = element("input", { type: "range", min: 0, step: 1 });
    this.range.setAttribute("aria-label", "Frame");
    this.where = element("output");
    this.slow = element("select");
    this.slow.setAttribute("aria-label", "Speed");
    this.slow.append(...SPEEDS.map(([name, value]) => element("option", { textContent: name, value })));
    this.slow.value = 1;
    this.anew = element("button", { type: "button", textContent: "New seed" });
    this.anew.title = "Start from other random weights";
    this.arms = element("div", { className: "arms" });
    this.legend = element("div", { className: "legend" });
    this.loss = element("div", { className: "loss" });
    this.ticks = element("div", { className: "ticks" });
    this.words = {};
    for (const name of ["classes", "test"]) {
      const box = element("input", { type: "checkbox", checked: wanted[name] });
      this.words[name] = element("span");
      box.onchange = () => {
        wanted[name] = box.checked;
        this.tell();
        this.draw();
      };
      this.ticks.append(element("label", {}, box, this.words[name]));
    }
    const bar = element("div", { className: "bar" });
    bar.append(this.play, this.step, this.slow, this.anew, this.range, this.where);
    root.replaceChildren(bar, this.arms, this.legend, this.ticks, this.loss);
    this.anew.onclick = () => this.renew();
    this.step.onclick = () => this.goTo(this.state.at + 1);
    this.range.oninput = () => this.goTo(Number(this.range.value));
    this.play.onclick = () => this.toggle();
  }

  // Asks for what is missing, and (null) no more; messages that crossed the question don't count.
  lack(ask) {
    this.ask = ask;
    if (!ask) clearTimeout(this.asking);
    if (!ask || this.asked) return;
    ask();
    this.asked = true;
    this.asking = setTimeout(() => {
      this.asked = false;
      this.lack(this.ask);
    }, PATIENCE_MS);
  }

  take(data) {
    const before = this.data;
    this.asked = false;
    this.data = data;
    this.epochs = [...new Set(data.arms.flatMap((a) => a.frames.map((f) => f.epoch)))];
    this.epochs.sort((a, b) => a - b);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!moments.has(data.id)) {
      const at = still || !data.fresh ? Math.max(this.epochs.length - 1, 0) : 0;
      moments.set(data.id, { at, playing: !still && data.fresh });
    }
    this.state = moments.get(data.id);
    if (before !== data) {
      this.cache.clear();
      this.build();
    }
    this.draw();
    if (this.state.playing) this.run();
  }

  build() {
    this.parts = this.data.arms.map((arm) => {
      const part = { over: null, moved: null, told: null };
      part.says = element("p", { className: "says" });
      part.canvas = element("canvas", { width: 480, height: 480 });
      part.canvas.setAttribute("role", "img");
      part.alarm = element("p", { className: "alarm", hidden: true });
      part.alarm.setAttribute("role", "status");
      const [left, right, bottom, top] = this.data.square.map((v) => minus(v.toFixed(1)));
      const axis = element("div", { className: "axis" });
      axis.append(element("span", { textContent: `x₁, across: ${left} to ${right}` }));
      axis.append(element("span", { textContent: `x₂, up: ${bottom} to ${top}` }));
      const plane = element("div", { className: "plane" }, part.canvas, part.alarm, axis);
      part.net = new Net(arm, this.data, {
        lookAt: (over) => this.show(part, { over }),
        tell: (told) => this.show(part, { told }),
        move: (handle, by) => this.move(arm, part, handle, by),
      });
      part.hint = element("span");
      part.back = element("button", { type: "button", textContent: "Put back" });
      part.back.onclick = () => this.show(part, { moved: null });
      const hand = element("p", { className: "hand" }, part.hint, part.back);
      const beside = element("div", { className: "beside" }, plane, element("div", { className: "drawn" }, part.net.box, hand));
      const heading = element("h3", { textContent: arm.title });
      part.box = element("section", { className: "arm" }, heading, part.says, beside);
      return part;
    });
    this.arms.replaceChildren(...this.parts.map((p) => p.box));
    this.tell();
  }

  tell() {
    this.legend.replaceChildren(...legendOf(this.data, wanted.test));
    const numbers = this.data.reach != null;
    this.words.classes.textContent = numbers ? "Only above or below 0" : "Only the class, not how sure";
    this.words.test.textContent = "Test points";
  }

  goTo(at) {
    this.state.at = Math.min(Math.max(at, 0), Math.max(this.epochs.length - 1, 0));
    this.state.playing = false;
    this.putBack();
    this.draw();
  }

  toggle() {
    const state = this.state;
    state.playing = !state.playing;
    if (state.playing && !this.data.active && state.at >= this.epochs.length - 1) state.at = 0;
    if (state.playing) this.putBack();
    this.draw();
    if (state.playing) this.run();
  }

  putBack() {
    for (const part of this.parts) part.moved = null;
  }

  run() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const state = this.state;
      if (!state.playing || !this.root.isConnected) return;
      if (state.at < this.epochs.length - 1) state.at += 1;
      else if (!this.data.active) state.playing = false;
      this.draw();
      this.run();
    }, FRAME_MS * this.slow.value);
  }

  // Draws a part otherwise than before: another unit large, another weight told, put back.
  show(part, what) {
    Object.assign(part, what);
    this.draw();
  }

  // Changes a weight, by hand: the training doesn't know of it, and playing on forgets it.
  move(arm, part, handle, by) {
    const frame = arm.frames.findLast((f) => f.epoch <= this.epochs[this.state.at]);
    if (!frame) return;
    this.state.playing = false;
    part.moved ??= new Moved(arm, this.data, frame);
    const values = part.moved.layers[handle.layer];
    values[Net.index(handle, values)] += by;
    part.told = handle;
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      part.moved?.compute();
      this.draw();
    });
  }

  draw() {
    const { data, state, epochs } = this;
    state.at = Math.min(state.at, Math.max(epochs.length - 1, 0));
    const epoch = epochs[state.at];
    const none = epochs.length === 0;
    this.play.textContent = state.playing ? "Pause" : "Play";
    this.play.disabled = this.range.disabled = none;
    this.step.disabled = none || state.at >= epochs.length - 1;
    this.range.max = Math.max(epochs.length - 1, 0);
    this.range.value = state.at;
    const total = Math.max(...data.arms.map((a) => a.epochs));
    const ahead = state.playing && data.active && state.at >= epochs.length - 1;
    this.where.textContent = none
      ? "Not trained yet"
      : `Epoch ${whole(epoch)} of ${whole(total)}${ahead ? " …" : ""}`;
    this.range.setAttribute("aria-valuetext", this.where.textContent);
    data.arms.forEach((arm, i) => this.drawArm(arm, this.parts[i], epoch));
    drawLosses(this.loss, data, epoch);
    this.root.dataset.epoch = none ? "" : epoch;
    this.root.dataset.frames = epochs.length;
    this.root.dataset.id = data.id;
  }

  // What a network scores: {metric, loss} by part.
  says(scores) {
    return [["train", "Training"], ["val", "Validation"]].map(([part, name]) => {
      const { metric, loss } = scores[part];
      const n = whole(this.data[part].y.length);
      if (this.data.reach == null) return `${name}: ${percent(metric)} of ${n} right, loss ${shown(loss)}`;
      return `${name}: off by ${shown(metric)} on average of ${n}, loss ${shown(loss)}`;
    }).join(" · ");
  }

  drawArm(arm, part, epoch) {
    const { moved, over } = part;
    const frame = moved?.frame ?? arm.frames.findLast((f) => f.epoch <= epoch);
    const at = arm.epoch.findLastIndex((e) => e <= epoch);
    let says = arm.status;
    if (moved) says = `By hand. ${this.says(moved.scores)}`;
    else if (frame && at >= 0)
      says = this.says({
        train: { metric: arm.metric[at], loss: arm.loss[at] },
        val: { metric: arm.val_metric[at], loss: arm.val_loss[at] },
      });
    else if (frame) says = "Before the first step";
    const late = !moved && frame && arm.ended && epoch >= arm.frames.at(-1).epoch;
    const alarm = late ? this.alarm(arm) : "";
    if (part.alarm.textContent !== alarm) part.alarm.textContent = alarm;
    part.alarm.hidden = !alarm;
    part.says.textContent = says;
    part.canvas.setAttribute("aria-label", `${arm.title}. ${says}. ${alarm}`);
    const look = { style: getComputedStyle(this.root), ...wanted };
    drawPlane(part.canvas, this.data, frame && this.grid(frame.output), over && part.net.values(frame, over, this), look);
    if (over && frame) part.says.textContent = `${part.net.name(over)}, where it is on`;
    part.net.draw(frame, this);
    part.hint.textContent = this.hint(arm, part);
    part.back.hidden = !moved;
  }

  alarm(arm) {
    const after = `after epoch ${whole(arm.epoch.at(-1) ?? 0)}`;
    if (arm.ended !== "diverged") return `This training ${arm.ended} ${after}.`;
    return `Diverged ${after}: the weights grew until the loss was no number any more. Take a smaller learning rate.`;
  }

  hint(arm, { told, moved }) {
    if (!arm.hand) return `Weights can be moved by hand in plain networks of up to ${whole(this.data.mostWeights)}.`;
    if (told) return `${told.name}: ${shown(told.value)}`;
    return moved ? "Moved by hand; Play goes on without it." : "Drag a line or dot up or down to move a weight or bias.";
  }

  grid(text) {
    return typeof text === "string" ? this.kept(text, bytes) : text;
  }

  weights(text) {
    return typeof text === "string" ? this.kept(text, floats) : text;
  }

  kept(text, read) {
    if (!this.cache.has(text)) this.cache.set(text, read(text));
    return this.cache.get(text);
  }
}
