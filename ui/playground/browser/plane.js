// The plane: colours of what a network says there, its border, and the points.

const LEVELS = [-0.5, 0, 0.5]; // of a number, as shares of its reach, where lines are drawn

// Colour 1 where strength > 0, colour 0 where < 0, the page's own in between.
function paint(canvas, values, side, colors, strength) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!values) return;
  const [zero, one] = colors.map(rgb);
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

// `output`: bytes of a frame, or none; `unit`: those of a unit in its place.
function drawPlane(canvas, data, output, unit, { style, classes, test }) {
  const { side, square, reach, colors } = data;
  const [left, right, bottom, top] = square;
  const context = canvas.getContext("2d");
  if (output && unit) paint(canvas, unit, data.unitSide, colors, signed);
  else if (output) {
    const strength = classes ? (v) => 0.5 * Math.sign(signed(v)) : (v) => 0.75 * sided(v);
    paint(canvas, output, side, colors, strength);
    context.strokeStyle = style.color;
    for (const level of reach == null ? [0] : LEVELS) {
      context.lineWidth = level === 0 ? 3 : 1.5;
      context.setLineDash(level < 0 ? [6, 5] : []);
      context.stroke(border(output, side, canvas.width, level));
    }
    context.setLineDash([]);
  } else context.clearRect(0, 0, canvas.width, canvas.height);
  const x = (v) => ((v - left) / (right - left)) * canvas.width;
  const y = (v) => ((top - v) / (top - bottom)) * canvas.height;
  for (const [part, , look] of PARTS.slice(0, test ? 3 : 2))
    data[part].y.forEach((value, i) => {
      const place = [x(data[part].x[2 * i]), y(data[part].x[2 * i + 1])];
      const far = reach == null ? 1 : Math.min(Math.abs(value) / reach, 1);
      drawPoint(context, place, Number(value > 0), look, data, far, style);
    });
}

const outlines = [0.72, 0.95].map((size) => MARKS.map((mark) => {
  const path = new Path2D();
  path.addPath(new Path2D(mark), new DOMMatrix([size, 0, 0, size, 0, 0]));
  return path;
})); // small and large, by side

// `far`: from 0, a number in the middle, to 1, the full colour.
function drawPoint(context, [x, y], side, look, data, far, style) {
  const paper = style.getPropertyValue("--st-background-color");
  const color = data.colors[side];
  context.save();
  context.translate(x, y);
  context.lineWidth = look === "filled" ? 1 : 2;
  if (look !== "cross") {
    const path = outlines[Number(data.train.y.length <= 900)][side];
    context.fillStyle = paper;
    context.fill(path);
    context.fillStyle = color;
    context.globalAlpha = look === "filled" ? 0.12 + 0.88 * far : 0;
    context.fill(path);
    context.globalAlpha = look === "filled" ? 0.35 + 0.65 * far : 1;
    const light = look === "filled" && far > 0.5;
    context.strokeStyle = light ? "rgba(255,255,255,0.75)" : color;
    context.stroke(path);
  } else {
    context.strokeStyle = color;
    context.stroke(new Path2D(CROSSES[side]));
  }
  context.restore();
}

// Where the grid crosses a level: marching squares, a line per cell.
function border(values, side, size, level) {
  const path = new Path2D();
  const scale = size / side;
  const at = (row, column) => sided(values[row * side + column]) - level;
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
