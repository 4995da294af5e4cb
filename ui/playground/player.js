// Plays the frames of trainings: borders, unit maps and losses, all at one moment.
// Streamlit calls the default export again whenever there is more data; what the visitor
// watches (moment, playing or not) is kept per comparison, so that more data never jumps.

const FRAME_MS = 80;
const MARKS = ["M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0 -4.5 0", "M0 -5L5 4L-5 4Z"]; // by class
const CROSSES = ["M-4 -4L4 4M-4 4L4 -4", "M0 -5L0 5M-5 0L5 0"]; // the same, of test points
const SPEEDS = [["Slow", 4], ["Normal", 1], ["Fast", 0.25]]; // name -> times FRAME_MS
const WIDEST = 7; // pixels of the line of a layer's largest weight
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
  view.take(data);
  return () => {
    clearTimeout(view.timer);
    views.delete(root);
  };
}

const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const signed = (byte) => (byte - 128) / 127; // as nncore/observations/frames.py rounds
const minus = (text) => text.replaceAll("-", "−");
const shown = (value, digits = 3) => {
  if (value == null) return "–";
  if (value === 0) return "0";
  if (Math.abs(value) < 1e-6) return minus(value.toExponential(digits - 1));
  const look = { minimumSignificantDigits: digits, maximumSignificantDigits: digits };
  return minus(value.toLocaleString("en", look));
};
const percent = (value) => (value == null ? "–" : `${(100 * value).toFixed(1)} %`);
const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

function drawing(tag, attributes, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

function iconButton(name, path) {
  const made = element("button", { type: "button", title: name });
  const icon = drawing("svg", { width: 16, height: 16, viewBox: "0 0 16 16" });
  const look = { fill: "currentColor", stroke: "currentColor", "stroke-width": 1.5 };
  icon.append(drawing("path", { d: path, ...look }));
  made.append(icon);
  made.setAttribute("aria-label", name);
  return made;
}

class View {
  constructor(root) {
    this.root = root;
    this.cache = new Map(); // text of a grid -> its bytes
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
    for (const [name, words] of [["classes", "Only the class, not how sure"], ["test", "Test points"]]) {
      const box = element("input", { type: "checkbox", checked: wanted[name] });
      box.onchange = () => {
        wanted[name] = box.checked;
        this.tell();
        this.draw();
      };
      this.ticks.append(element("label", {}, box, words));
    }
    const bar = element("div", { className: "bar" });
    bar.append(this.play, this.step, this.slow, this.anew, this.range, this.where);
    root.replaceChildren(bar, this.arms, this.legend, this.ticks, this.loss);
    this.anew.onclick = () => this.renew();
    this.step.onclick = () => this.goTo(this.state.at + 1);
    this.range.oninput = () => this.goTo(Number(this.range.value));
    this.play.onclick = () => this.toggle();
  }

  take(data) {
    const before = this.data?.id;
    this.data = data;
    this.epochs = [...new Set(data.arms.flatMap((a) => a.frames.map((f) => f.epoch)))];
    this.epochs.sort((a, b) => a - b);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!moments.has(data.id)) {
      const at = still || !data.fresh ? Math.max(this.epochs.length - 1, 0) : 0;
      moments.set(data.id, { at, playing: !still && data.fresh });
    }
    this.state = moments.get(data.id);
    const layout = JSON.stringify([data.id, data.arms.map((a) => [a.title, a.units])]);
    if (layout !== this.layout) this.build();
    this.layout = layout;
    if (before !== data.id) this.cache.clear();
    this.draw();
    if (this.state.playing) this.run();
  }

  build() {
    this.parts = this.data.arms.map((arm, i) => {
      const heading = element("h3", { textContent: arm.title });
      const says = element("p", { className: "says" });
      const canvas = element("canvas", { width: 480, height: 480 });
      canvas.setAttribute("role", "img");
      const [left, right, bottom, top] = this.data.square.map((v) => minus(v.toFixed(1)));
      const axis = element("div", { className: "axis" });
      axis.append(element("span", { textContent: `x₁, across: ${left} to ${right}` }));
      axis.append(element("span", { textContent: `x₂, up: ${bottom} to ${top}` }));
      const plane = element("div", { className: "plane" }, canvas, axis);
      const net = new Net(arm, this.data, (over) => this.lookAt(i, over));
      const beside = element("div", { className: "beside" }, plane, net.box);
      const box = element("section", { className: "arm" }, heading, says, beside);
      return { box, says, canvas, net, over: null };
    });
    this.arms.replaceChildren(...this.parts.map((p) => p.box));
    this.tell();
  }

  // What the marks mean.
  tell() {
    const mark = (shape, color, look) => {
      const svg = drawing("svg", { width: 14, height: 14, viewBox: "-7 -7 14 14" });
      const path = look === "cross" ? CROSSES[shape] : MARKS[shape];
      const fill = look === "filled" ? color : "none";
      svg.append(drawing("path", { d: path, stroke: color, "stroke-width": 2, fill }));
      return svg;
    };
    const parts = [["training", "filled"], ["validation", "open"], ["test", "cross"]];
    const entries = parts.slice(0, wanted.test ? 3 : 2).flatMap(([part, look]) =>
      this.data.classes.map((name, shape) =>
        element("span", {}, mark(shape, this.data.colors[shape], look), `${name}, ${part}`)));
    this.legend.replaceChildren(...entries);
  }

  goTo(at) {
    this.state.at = Math.min(Math.max(at, 0), Math.max(this.epochs.length - 1, 0));
    this.state.playing = false;
    this.draw();
  }

  toggle() {
    const state = this.state;
    state.playing = !state.playing;
    if (state.playing && !this.data.active && state.at >= this.epochs.length - 1) state.at = 0;
    this.draw();
    if (state.playing) this.run();
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
      : `Epoch ${epoch.toLocaleString("en")} of ${total.toLocaleString("en")}${ahead ? " …" : ""}`;
    this.range.setAttribute("aria-valuetext", this.where.textContent);
    data.arms.forEach((arm, i) => this.drawArm(arm, this.parts[i], epoch));
    this.drawLoss(epoch);
    this.root.dataset.epoch = none ? "" : epoch;
    this.root.dataset.frames = epochs.length;
    this.root.dataset.id = data.id;
  }

  scores(arm, part, at) {
    const before = part === "val" ? "val_" : "";
    const [right, loss] = ["accuracy", "loss"].map((name) => arm[before + name][at]);
    const name = part === "val" ? "Validation" : "Training";
    return `${name}: ${percent(right)} of ${this.data[part].y.length} right, loss ${shown(loss)}`;
  }

  drawArm(arm, part, epoch) {
    const frame = arm.frames.findLast((f) => f.epoch <= epoch);
    const at = arm.epoch.findLastIndex((e) => e <= epoch);
    let says = arm.status;
    if (frame && at >= 0)
      says = ["train", "val"].map((part) => this.scores(arm, part, at)).join(" · ");
    else if (frame) says = "Before the first step";
    const late = epoch > (arm.frames.at(-1)?.epoch ?? 0) && arm.ended;
    part.says.textContent = late ? `${says} (${arm.ended} after epoch ${arm.epoch.at(-1)})` : says;
    part.canvas.setAttribute("aria-label", `${arm.title}. ${part.says.textContent}.`);
    this.drawPlane(part.canvas, frame, part.over && part.net.values(frame, part.over, this));
    if (part.over && frame) part.says.textContent = `${part.net.name(part.over)}, where it is on`;
    part.net.draw(frame, this);
  }

  // Shows a unit in place of the whole network, or (null) the network again.
  lookAt(position, over) {
    this.parts[position].over = over;
    this.draw();
  }

  grid(text) {
    if (!this.cache.has(text)) this.cache.set(text, bytes(text));
    return this.cache.get(text);
  }

  // Class 1's colour where strength > 0, class 0's where < 0, the page's own in between.
  paint(canvas, values, side, strength) {
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (!values) return;
    const [zero, one] = this.data.colors.map(rgb);
    const image = new ImageData(side, side);
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const s = strength(values[row * side + column]);
        const at = 4 * ((side - 1 - row) * side + column);
        image.data.set(s > 0 ? one : zero, at);
        image.data[at + 3] = 200 * Math.min(Math.abs(s), 1);
      }
    const small = new OffscreenCanvas(side, side);
    small.getContext("2d").putImageData(image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
  }

  drawPlane(canvas, frame, unit) {
    const { side, square, train, val } = this.data;
    const [left, right, bottom, top] = square;
    const context = canvas.getContext("2d");
    const style = getComputedStyle(this.root);
    const [ink, paper] = [style.color, style.getPropertyValue("--st-background-color")];
    if (frame && unit) this.paint(canvas, unit, this.data.unitSide, signed);
    else if (frame) {
      const values = this.grid(frame.output);
      const sure = (v) => signed(v) * Math.abs(signed(v));
      const strength = wanted.classes ? (v) => 0.5 * Math.sign(signed(v)) : (v) => 0.75 * sure(v);
      this.paint(canvas, values, side, strength);
      context.strokeStyle = ink;
      context.lineWidth = 3;
      context.stroke(border(values, side, canvas.width));
    } else context.clearRect(0, 0, canvas.width, canvas.height);
    const x = (v) => ((v - left) / (right - left)) * canvas.width;
    const y = (v) => ((top - v) / (top - bottom)) * canvas.height;
    const dot = train.y.length > 900 ? 3 : 4;
    for (const [part, filled] of [[train, true], [val, false]])
      part.y.forEach((label, i) => {
        const path = new Path2D();
        const [cx, cy] = [x(part.x[2 * i]), y(part.x[2 * i + 1])];
        if (label) {
          path.moveTo(cx, cy - dot - 1);
          path.lineTo(cx + dot, cy + dot - 1);
          path.lineTo(cx - dot, cy + dot - 1);
          path.closePath();
        } else path.arc(cx, cy, dot, 0, 7);
        context.lineWidth = filled ? 1 : 2.5;
        context.fillStyle = filled ? this.data.colors[label] : paper;
        context.strokeStyle = filled ? "rgba(255,255,255,0.75)" : this.data.colors[label];
        context.fill(path);
        context.stroke(path);
      });
    if (wanted.test)
      this.data.test.y.forEach((label, i) => {
        context.save();
        context.translate(x(this.data.test.x[2 * i]), y(this.data.test.x[2 * i + 1]));
        context.lineWidth = 2;
        context.strokeStyle = this.data.colors[label];
        context.stroke(new Path2D(CROSSES[label]));
        context.restore();
      });
  }

  drawLoss(epoch) {
    const { arms } = this.data;
    if (!arms.some((a) => a.epoch.length > 1)) return this.loss.replaceChildren();
    const width = Math.max(this.loss.clientWidth || this.root.clientWidth, 260);
    const [low, high, height] = [44, width - 8, 190];
    const total = Math.max(...arms.map((a) => a.epochs));
    const losses = arms.flatMap((a) => [...a.loss, ...a.val_loss]).filter((v) => v != null);
    const first = arms.flatMap((a) => [a.loss[0], a.val_loss[0]]).filter((v) => v != null);
    const most = Math.min(Math.max(...losses), 1.5 * Math.max(...first)) || 1; // of what diverges
    const x = (e) => low + ((high - low) * e) / total;
    const y = (v) => 8 + (height - 30) * (1 - Math.min(v / most, 1.02));
    const svg = drawing("svg", { viewBox: `0 0 ${width} ${height + 22}`, role: "img" });
    const box = { x: low, y: 8, width: high - low, height: height - 30, class: "frame" };
    svg.append(drawing("rect", box));
    for (const share of [0, 0.5, 1])
      svg.append(
        drawing("text", { x: low - 6, y: y(share * most) + 4, "text-anchor": "end" }, shown(share * most, 2)),
        drawing("text", { x: x(share * total), y: height - 6, "text-anchor": share === 1 ? "end" : "middle" },
          Math.round(share * total).toLocaleString("en")));
    svg.append(drawing("text", { x: (low + high) / 2, y: height + 12, "text-anchor": "middle" }, "Epoch"));
    const said = [];
    arms.forEach((arm) => {
      const at = arm.epoch.findLastIndex((e) => e <= epoch);
      for (const [key, dash] of [["loss", "5 4"], ["val_loss", ""]]) {
        const points = arm.epoch.map((e, i) => [e, arm[key][i]]).filter(([, v]) => v != null);
        const text = points.map(([e, v]) => `${x(e).toFixed(1)},${y(v).toFixed(1)}`).join(" ");
        const look = { points: text, fill: "none", stroke: arm.color, "stroke-width": 2 };
        svg.append(drawing("polyline", { ...look, "stroke-dasharray": dash }));
      }
      if (at >= 0 && arm.val_loss[at] != null) {
        const place = { cx: x(arm.epoch[at]), cy: y(arm.val_loss[at]), r: 5, fill: arm.color };
        svg.append(drawing("circle", place));
        said.push(`${arm.label} ${shown(arm.val_loss[at])}`);
      }
    });
    if (epoch != null) svg.append(drawing("line", { x1: x(epoch), x2: x(epoch), y1: 8, y2: height - 22, class: "now" }));
    svg.setAttribute("aria-label", `Loss over epochs. Validation loss at epoch ${epoch}: ${said.join(", ")}.`);
    const legend = element("div", { className: "legend" });
    for (const arm of arms)
      for (const [name, dash] of [["training", "5 4"], ["validation", ""]]) {
        const line = drawing("svg", { width: 26, height: 8, viewBox: "0 0 26 8" });
        const look = { stroke: arm.color, "stroke-width": 2, "stroke-dasharray": dash };
        line.append(drawing("line", { x1: 0, x2: 26, y1: 4, y2: 4, ...look }));
        legend.append(element("span", {}, line, `${arm.label}, ${name}`));
      }
    this.loss.replaceChildren(element("h3", { textContent: `Loss: ${this.data.loss}` }), svg, legend);
  }
}

// The network as it is: inputs, units and output from left to right, and a line per weight.
class Net {
  constructor(arm, data, lookAt) {
    this.arm = arm;
    this.data = data;
    this.lookAt = lookAt;
    this.lines = drawing("svg", { class: "lines", "aria-hidden": "true" });
    const layers = [
      ["Inputs", arm.inputs.length, arm.inputs.length],
      ...arm.units.map(([all, count], i) => [`Layer ${i + 1}`, all, count]),
    ];
    this.columns = layers.map(([name, all, count], layer) => this.column(name, all, count, layer));
    this.out = element("div", { className: "unit out" });
    this.out.append(element("canvas", { width: 40, height: 40 }));
    const last = element("div", { className: "column" }, element("span", { textContent: "Output" }), this.out);
    this.units = [...this.columns.map((c) => c.units), [this.out]];
    const many = layers.length > 5 ? " many" : "";
    this.box = element("div", { className: `net${many}` }, this.lines, ...this.columns.map((c) => c.box), last);
    this.wires = this.units.slice(1).map((to, layer) =>
      this.units[layer].map(() => to.map(() => {
        const line = drawing("path", { fill: "none" });
        line.append(drawing("title", {}));
        this.lines.append(line);
        return line;
      })));
    this.watch = new ResizeObserver(() => this.lay());
    this.watch.observe(this.box);
  }

  column(name, all, count, layer) {
    const box = element("div", { className: "column" }, element("span", { textContent: name }));
    const units = Array.from({ length: count }, (_, unit) => {
      const over = { layer, unit };
      const button = element("button", { type: "button", className: "unit", title: this.name(over) });
      button.setAttribute("aria-label", this.name(over));
      button.append(element("canvas", { width: 40, height: 40 }));
      if (layer === 0) button.append(element("small", { textContent: this.arm.inputs[unit] }));
      for (const event of ["mouseenter", "focus"]) button.addEventListener(event, () => this.lookAt(over));
      for (const event of ["mouseleave", "blur"]) button.addEventListener(event, () => this.lookAt(null));
      box.append(button);
      return button;
    });
    if (all > count) box.append(element("small", { textContent: `+ ${all - count} more` }));
    return { box, units };
  }

  name({ layer, unit }) {
    return layer ? `Layer ${layer}, unit ${unit + 1}` : `Input ${this.arm.inputs[unit]}`;
  }

  // The grid of one unit at a moment.
  values(frame, { layer, unit }, view) {
    const text = layer ? frame?.units[layer - 1] : this.arm.inputGrids;
    const cells = this.data.unitSide ** 2;
    return text && view.grid(text).subarray(unit * cells, (unit + 1) * cells);
  }

  draw(frame, view) {
    const { unitSide, side, colors } = this.data;
    this.columns.forEach(({ units }, layer) =>
      units.forEach((button, unit) =>
        view.paint(button.firstChild, this.values(frame, { layer, unit }, view), unitSide, signed)));
    const output = frame && view.grid(frame.output);
    view.paint(this.out.firstChild, output, side, (v) => signed(v) * Math.abs(signed(v)));
    this.wires.forEach((from, layer) => {
      const text = frame?.wires?.[layer];
      const count = this.units[layer + 1].length;
      const values = text && new Float32Array(view.grid(text).buffer);
      const columns = values && values.length / (from.length + 1);
      const largest = values ? Math.max(...values.map(Math.abs), 1e-9) : 1;
      from.forEach((to, i) => to.forEach((line, j) => {
        // of two outputs, the last says how likely class 1 is
        const weight = values ? values[i * columns + (columns - count) + j] : 0;
        const name = `${this.name({ layer, unit: i })}: weight ${shown(weight)}`;
        line.firstChild.textContent = name;
        line.setAttribute("stroke", colors[weight > 0 ? 1 : 0]);
        line.setAttribute("stroke-width", (0.3 + (WIDEST * Math.abs(weight)) / largest).toFixed(2));
        line.setAttribute("stroke-dasharray", weight < 0 ? "6 3" : "none");
      }));
    });
  }

  // Lines from unit to unit, once it is known where these are.
  lay() {
    const { left, top, width, height } = this.box.getBoundingClientRect();
    if (!width) return;
    this.lines.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const place = (unit, side) => {
      const at = unit.firstChild.getBoundingClientRect();
      return [at[side] - left, at.top + at.height / 2 - top];
    };
    this.wires.forEach((from, layer) => from.forEach((to, i) => to.forEach((line, j) => {
      const [x1, y1] = place(this.units[layer][i], "right");
      const [x2, y2] = place(this.units[layer + 1][j], "left");
      const bend = (x2 - x1) / 2;
      line.setAttribute("d", `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`);
    })));
  }
}

// Where the grid crosses one half: marching squares, a line per cell.
function border(values, side, size) {
  const path = new Path2D();
  const scale = size / side;
  const at = (row, column) => {
    const s = signed(values[row * side + column]);
    return s * Math.abs(s);
  };
  const place = (row, column) => [(column + 0.5) * scale, size - (row + 0.5) * scale];
  for (let r = 0; r < side - 1; r++)
    for (let c = 0; c < side - 1; c++) {
      const corners = [[r, c], [r, c + 1], [r + 1, c + 1], [r + 1, c]];
      const cuts = [];
      corners.forEach(([r1, c1], i) => {
        const [r2, c2] = corners[(i + 1) % 4];
        const [v1, v2] = [at(r1, c1), at(r2, c2)];
        if (v1 > 0 === v2 > 0) return;
        const t = v1 / (v1 - v2);
        const [[x1, y1], [x2, y2]] = [place(r1, c1), place(r2, c2)];
        cuts.push([x1 + t * (x2 - x1), y1 + t * (y2 - y1)]);
      });
      for (let i = 0; i + 1 < cuts.length; i += 2) {
        path.moveTo(...cuts[i]);
        path.lineTo(...cuts[i + 1]);
      }
    }
  return path;
}
