// A square to draw on, by mouse, finger, pen or keyboard; sends the ink when a stroke ends.
// Streamlit calls the default export again on every rerun; what is drawn stays.

const SIDE = 56; // cells that are sent, along one side
const PEN = 0.085; // width of a stroke, as a share of the side
const STEPS = 28; // key presses from edge to edge
const boards = new WeakMap(); // root -> Board

export default function (component) {
  const { parentElement, data, setStateValue } = component;
  const root = parentElement.querySelector(".board");
  if (!root) return;
  let board = boards.get(root);
  if (!board) boards.set(root, (board = new Board(root)));
  board.send = (ink) => setStateValue("ink", ink);
  board.name(data?.label || "Drawing");
  return () => {
    clearTimeout(board.timer);
    boards.delete(root);
  };
}

class Board {
  constructor(root) {
    this.canvas = root.querySelector("canvas");
    this.said = root.querySelector("output");
    this.pen = this.canvas.getContext("2d", { willReadFrequently: true });
    this.strokes = []; // each a list of points, 0 to 1
    this.at = [0.5, 0.5]; // where the keyboard is
    this.isDown = false; // the keyboard's pen
    this.draw();
    this.canvas.onpointerdown = (e) => this.begin(e);
    this.canvas.onpointermove = (e) => this.go(e);
    this.canvas.onpointerup = this.canvas.onpointercancel = (e) => this.end(e);
    this.canvas.onkeydown = (e) => this.key(e);
    this.canvas.onfocus = this.canvas.onblur = () => this.draw();
    root.querySelector(".undo").onclick = () => this.undo();
    root.querySelector(".clear").onclick = () => this.clear();
  }

  name(label) {
    const how =
      "Arrow keys move the pen, Space sets it down and lifts it, Backspace takes back a stroke, Delete clears.";
    this.canvas.setAttribute("aria-label", `${label}. ${how}`);
  }

  point(e) {
    const box = this.canvas.getBoundingClientRect();
    return [(e.clientX - box.left) / box.width, (e.clientY - box.top) / box.height];
  }

  begin(e) {
    if (e.button) return;
    e.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(e.pointerId);
    this.isDown = false;
    this.stroke = [this.point(e)];
    this.strokes.push(this.stroke);
    this.draw();
  }

  go(e) {
    if (!this.stroke) return;
    const all = e.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [e]) this.stroke.push(this.point(one));
    this.draw();
  }

  end(e) {
    if (!this.stroke) return;
    this.at = this.stroke.at(-1).map((v) => Math.min(Math.max(v, 0), 1));
    this.stroke = null;
    this.tell(0);
  }

  key(e) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (moves[e.key]) {
      this.at = this.at.map((v, i) => Math.min(Math.max(v + moves[e.key][i] / STEPS, 0), 1));
      if (this.isDown) this.strokes.at(-1).push([...this.at]);
      if (this.isDown) this.tell(600);
    } else if (e.key === " ") {
      this.isDown = !this.isDown;
      if (this.isDown) this.strokes.push([[...this.at]]);
      this.said.textContent = this.isDown ? "Pen down" : "Pen up";
      this.tell(this.isDown ? 600 : 0);
    } else if (e.key === "Backspace") this.undo();
    else if (e.key === "Delete") this.clear();
    else return;
    e.preventDefault();
    this.draw();
  }

  undo() {
    this.isDown = false;
    this.strokes.pop();
    this.said.textContent = "";
    this.draw();
    this.tell(0);
  }

  clear() {
    this.isDown = false;
    this.strokes = [];
    this.said.textContent = "Cleared";
    this.draw();
    this.tell(0);
  }

  draw() {
    this.ink(this.pen, this.canvas.width);
    const here = this.canvas.getRootNode().activeElement === this.canvas;
    if (!here || this.stroke) return;
    const [x, y] = this.at.map((v) => v * this.canvas.width);
    this.pen.strokeStyle = this.isDown ? "#FFB454" : "#7AB8F5";
    this.pen.lineWidth = 2;
    this.pen.beginPath();
    this.pen.arc(x, y, 8, 0, 7);
    this.pen.stroke();
  }

  ink(pen, side) {
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, side, side);
    pen.strokeStyle = "#fff";
    pen.lineWidth = PEN * side;
    pen.lineCap = pen.lineJoin = "round";
    for (const stroke of this.strokes) {
      pen.beginPath();
      pen.moveTo(stroke[0][0] * side, stroke[0][1] * side);
      for (const [x, y] of stroke) pen.lineTo(x * side, y * side);
      pen.stroke();
    }
  }

  tell(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const small = document.createElement("canvas");
      small.width = small.height = SIDE;
      const pen = small.getContext("2d");
      this.ink(pen, SIDE);
      const { data } = pen.getImageData(0, 0, SIDE, SIDE);
      const bytes = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => data[4 * i]);
      this.send(this.strokes.length ? btoa(String.fromCharCode(...bytes)) : "");
    }, wait);
  }
}
