// A network whose weights somebody moves by hand: what it says, computed here.
// Its functions come as tables (nncore/figures/untrained/by_hand.py), between whose values, and
// beyond them, it goes on in straight lines.

const tablesOf = new WeakMap(); // hand -> its numbers

function tables(hand) {
  if (!tablesOf.has(hand))
    tablesOf.set(hand, {
      bends: hand.bends.map(floats),
      says: floats(hand.says),
      losses: hand.losses?.map(floats),
      sees: Object.fromEntries(Object.entries(hand.sees).map(([k, text]) => [k, floats(text)])),
    });
  return tablesOf.get(hand);
}

class Moved {
  constructor(arm, data, frame) {
    this.arm = arm;
    this.data = data;
    this.epoch = frame.epoch;
    this.tables = tables(arm.hand);
    this.layers = frame.wires.map(floats);
    this.compute();
  }

  compute() {
    const { unitSide, unitsShown } = this.sizes();
    const cells = unitSide * unitSide;
    const units = unitsShown.map((count) => new Uint8Array(count * cells));
    this.run("unit", (layer, a, width) => {
      for (let unit = 0; unit < unitsShown[layer]; unit++) {
        let largest = 0;
        for (let n = 0; n < cells; n++) largest = Math.max(largest, Math.abs(a[n * width + unit]));
        for (let n = 0; n < cells; n++)
          units[layer][unit * cells + n] = Math.round(128 + (127 * a[n * width + unit]) / (largest || 1));
      }
    });
    const { reach } = this.data;
    const output = Uint8Array.from(this.run("output"), (z) => {
      const out = this.at(this.tables.says, z);
      const side = Math.min(Math.max(reach == null ? 2 * out - 1 : out / reach, -1), 1);
      return Math.round(128 + 127 * Math.sign(side) * Math.sqrt(Math.abs(side)));
    });
    this.frame = { epoch: this.epoch, output, units, wires: this.layers };
    this.scores = { train: this.score("train"), val: this.score("val") };
  }

  sizes() {
    return { unitSide: this.data.unitSide, unitsShown: this.arm.units.map(([, count]) => count) };
  }

  // The output layer's number of every point; of two, how far the second is ahead.
  run(part, hidden = () => {}) {
    let width = this.arm.inputs.length;
    let a = this.tables.sees[part];
    const rows = a.length / width;
    this.layers.forEach((weights, layer) => {
      const units = weights.length / (width + 1);
      const z = new Float32Array(rows * units);
      for (let n = 0; n < rows; n++)
        for (let j = 0; j < units; j++) {
          let sum = weights[width * units + j]; // the bias
          for (let i = 0; i < width; i++) sum += a[n * width + i] * weights[i * units + j];
          z[n * units + j] = sum;
        }
      const bend = this.tables.bends[layer];
      if (bend) for (let k = 0; k < z.length; k++) z[k] = this.at(bend, z[k]);
      [a, width] = [z, units];
      if (bend) hidden(layer, a, width);
    });
    return width === 1 ? a : Float32Array.from({ length: rows }, (_, n) => a[2 * n + 1] - a[2 * n]);
  }

  at(table, z) {
    const last = table.length - 1;
    const place = ((z / this.arm.hand.reach + 1) / 2) * last;
    const k = Math.min(Math.max(Math.floor(place), 0), last - 1) || 0;
    return table[k] + (place - k) * (table[k + 1] - table[k]);
  }

  // {metric, loss} over the points of a part.
  score(part) {
    const { says, losses } = this.tables;
    const { y } = this.data[part];
    let [metric, loss] = [0, 0];
    this.run(part).forEach((z, n) => {
      const out = this.at(says, z);
      if (this.data.reach == null) {
        metric += Number((out > 0.5 ? 1 : 0) === y[n]);
        loss += this.at(losses[y[n]], z);
      } else {
        metric += Math.abs(out - y[n]);
        loss += losses ? this.at(losses[0], z - y[n]) : NaN;
      }
    });
    return { metric: metric / y.length, loss: loss / y.length };
  }
}
