// What numbers, marks and colours look like, and how elements are made.

const MARKS = ["M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0 -4.5 0", "M0 -5L5 4L-5 4Z"]; // by side
const CROSSES = ["M-4 -4L4 4M-4 4L4 -4", "M0 -5L0 5M-5 0L5 0"]; // the same, of test points
const PARTS = [["train", "training", "filled"], ["val", "validation", "open"], ["test", "test", "cross"]];

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";

const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const floats = (text) => new Float32Array(bytes(text).buffer);
const signed = (byte) => (byte - 128) / 127; // as nncore/observations/frames.py rounds
const sided = (byte) => signed(byte) * Math.abs(signed(byte)); // of an output, which is a root
const minus = (text) => text.replaceAll("-", "−");
const shown = (value, digits = 3) => {
  if (value == null || Number.isNaN(value)) return "–";
  if (value === 0) return "0";
  if (Math.abs(value) < 1e-6 || Math.abs(value) >= 1e6) {
    const [number, power] = value.toExponential(digits - 1).replace("+", "").split("e");
    return `${minus(number)} × 10${[...power].map((c) => RAISED["0123456789-".indexOf(c)]).join("")}`;
  }
  const look = { minimumSignificantDigits: digits, maximumSignificantDigits: digits };
  return minus(value.toLocaleString("en", look));
};
const whole = (value) => value.toLocaleString("en");
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

function markOf(side, color, look) {
  const svg = drawing("svg", { width: 14, height: 14, viewBox: "-7 -7 14 14", "aria-hidden": "true" });
  const path = look === "cross" ? CROSSES[side] : MARKS[side];
  const fill = look === "filled" ? color : "none";
  svg.append(drawing("path", { d: path, stroke: color, "stroke-width": 2, fill }));
  return svg;
}

// What the marks mean, each with how many points it stands for.
function legendOf(data, withTest) {
  const { classes, colors, reach } = data;
  const parts = PARTS.slice(0, withTest ? 3 : 2);
  if (reach == null)
    return parts.flatMap(([part, words, look]) => classes.map((name, side) => {
      const count = data[part].y.filter((label) => label === side).length;
      return element("span", {}, markOf(side, colors[side], look), `${name}, ${words}: ${whole(count)}`);
    }));
  const entries = parts.map(([part, words, look]) =>
    element("span", {}, markOf(0, "currentColor", look), `${words}: ${whole(data[part].y.length)}`));
  const scale = element("i", { className: "scale" });
  scale.style.background = `linear-gradient(to right, ${colors[0]}, transparent, ${colors[1]})`;
  const signs = colors.map((color, side) => markOf(side, color, "filled"));
  const ends = [-reach, reach].map((value) => shown(value, 2));
  return [...entries, element("span", {}, signs[0], ends[0], scale, ends[1], signs[1])];
}
