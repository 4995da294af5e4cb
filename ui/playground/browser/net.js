// The network as it is: inputs, units and output from left to right, a line per weight, and a dot
// per bias. Where it may be moved by hand, lines and dots are sliders: dragged up and down, or by
// keys; one of them at a time is in the way of Tab.

const WIDEST = 7; // pixels of the line of a layer's largest weight
const PER_PIXEL = 0.02; // of a weight that is dragged
const PER_KEY = { ArrowUp: 0.1, ArrowDown: -0.1, PageUp: 1, PageDown: -1 };

class Net {
  // `lookAt(over)`: show a unit large, or (null) none; `move(place, by)`: change a weight.
  constructor(arm, data, { lookAt, move, tell }) {
    Object.assign(this, { arm, data, lookAt, move, tell });
    const layers = [
      ["Inputs", arm.inputs.length, arm.inputs.length],
      ...arm.units.map(([all, count], i) => [`Layer ${i + 1}`, all, count]),
    ];
    this.lines = drawing("svg", { class: "lines" });
    this.columns = layers.map(([name, all, count], layer) => this.column(name, all, count, layer));
    this.out = element("div", { className: "unit out" });
    this.out.append(element("canvas", { width: 40, height: 40 }));
    const last = element("div", { className: "column" }, element("span", { textContent: "Output" }), this.out);
    this.units = [...this.columns.map((c) => c.units), [this.out]];
    const many = layers.length > 5 ? " many" : "";
    this.box = element("div", { className: `net${many}` }, this.lines, ...this.columns.map((c) => c.box), last);
    this.addHandles(layers.map(([, all]) => all));
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

  // Every weight and bias that is shown, in the order of keys. `all`: units of every layer.
  addHandles(all) {
    this.handles = [];
    this.units.slice(1).forEach((to, layer) => to.forEach((_, j) => {
      const before = this.units[layer].length;
      // of two outputs, the last says how likely class 1 is
      const column = (columns) => (layer === this.columns.length - 1 ? columns - 1 : j);
      const rows = (this.arm.hand ? all[layer] : before) + 1;
      for (let i = 0; i <= before; i++) {
        const isBias = i === before;
        this.handles.push(this.handle({ layer, i, j, isBias, row: isBias ? rows - 1 : i, rows, column }));
      }
    }));
    if (!this.arm.hand) return this.lines.setAttribute("aria-hidden", "true");
    this.lines.setAttribute("role", "group");
    this.lines.setAttribute("aria-label", "Weights and biases: up and down change one, left and right lead to the next");
    this.handles[0].hit.setAttribute("tabindex", 0);
  }

  handle(place) {
    const shape = drawing(place.isBias ? "circle" : "path", place.isBias ? {} : { fill: "none" });
    const handle = { ...place, shape, name: this.nameOf(place) };
    this.lines.append(shape);
    if (!this.arm.hand) return handle;
    const hit = drawing(place.isBias ? "circle" : "path", { class: "hit", role: "slider", tabindex: -1 });
    hit.setAttribute("aria-orientation", "vertical");
    hit.setAttribute("aria-label", handle.name);
    handle.hit = hit;
    this.lines.append(hit);
    hit.onpointerdown = (event) => {
      event.preventDefault(); // no text is marked on the way
      hit.setPointerCapture(event.pointerId);
      this.focus(handle);
      let y = event.clientY;
      hit.onpointermove = (moved) => {
        this.move(handle, (y - moved.clientY) * PER_PIXEL);
        y = moved.clientY;
      };
    };
    hit.onpointerup = hit.onpointercancel = () => (hit.onpointermove = null);
    hit.onkeydown = (event) => this.key(event, handle);
    hit.onfocus = hit.onpointerenter = () => this.tell(handle);
    hit.onblur = hit.onpointerleave = () => {
      const focused = hit.getRootNode().activeElement;
      this.tell(this.handles.find((other) => other.hit === focused) ?? null);
    };
    return handle;
  }

  key(event, handle) {
    const by = PER_KEY[event.key];
    const next = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined && next === undefined) return;
    event.preventDefault();
    if (by) return this.move(handle, by);
    const { handles } = this;
    this.focus(handles[(handles.indexOf(handle) + next + handles.length) % handles.length]);
  }

  focus(handle) {
    for (const { hit } of this.handles) hit.setAttribute("tabindex", hit === handle.hit ? 0 : -1);
    handle.hit.focus();
  }

  name({ layer, unit }) {
    if (layer === this.columns?.length) return "the output";
    return layer ? `Layer ${layer}, unit ${unit + 1}` : `Input ${this.arm.inputs[unit]}`;
  }

  nameOf({ layer, i, j, isBias }) {
    const to = this.name({ layer: layer + 1, unit: j });
    return isBias ? `Bias of ${to}` : `Weight from ${this.name({ layer, unit: i })} to ${to}`;
  }

  // Where a handle's number stands among its layer's.
  static index({ row, rows, column }, values) {
    const columns = values.length / rows;
    return row * columns + column(columns);
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
        paint(button.firstChild, this.values(frame, { layer, unit }, view), unitSide, colors, signed)));
    paint(this.out.firstChild, frame && view.grid(frame.output), side, colors, sided);
    const layers = frame?.wires?.map((text) => view.weights(text));
    const largest = layers?.map((values) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-9));
    for (const handle of this.handles) {
      const value = layers ? layers[handle.layer][Net.index(handle, layers[handle.layer])] : 0;
      handle.value = value;
      const { shape, hit, isBias } = handle;
      const size = Math.abs(value) / (largest?.[handle.layer] ?? 1);
      shape.setAttribute(isBias ? "fill" : "stroke", colors[Number(value > 0)]);
      if (isBias) shape.setAttribute("r", (2 + 3 * Math.min(size, 1)).toFixed(2));
      else {
        shape.setAttribute("stroke-width", (0.3 + WIDEST * size).toFixed(2));
        shape.setAttribute("stroke-dasharray", value < 0 ? "6 3" : "none");
      }
      if (!hit) continue;
      const now = value.toFixed(2);
      hit.setAttribute("aria-valuenow", now);
      hit.setAttribute("aria-valuetext", minus(now));
    }
  }

  // Lines from unit to unit, once it is known where these are.
  lay() {
    const { left, top, width, height } = this.box.getBoundingClientRect();
    if (!width) return;
    this.lines.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const place = (unit, side, share) => {
      const at = unit.firstChild.getBoundingClientRect();
      return [at[side] - left, at.top + at.height * share - top];
    };
    for (const { layer, i, j, isBias, shape, hit } of this.handles) {
      const to = this.units[layer + 1][j];
      if (isBias) {
        const [cx, cy] = place(to, "left", 0.92);
        for (const circle of [shape, hit].filter(Boolean)) {
          circle.setAttribute("cx", cx - 5);
          circle.setAttribute("cy", cy);
        }
        hit?.setAttribute("r", 8);
        continue;
      }
      const [x1, y1] = place(this.units[layer][i], "right", 0.5);
      const [x2, y2] = place(to, "left", 0.5);
      const bend = (x2 - x1) / 2;
      const line = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
      for (const path of [shape, hit].filter(Boolean)) path.setAttribute("d", line);
    }
  }
}
