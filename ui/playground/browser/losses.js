// The losses of all networks over epochs, as lines, with the moment that is shown.
function drawLosses(box, data, epoch) {
  const { arms } = data;
  if (!arms.some((a) => a.epoch.length > 1)) return box.replaceChildren();
  const width = Math.max(box.clientWidth || box.parentElement.clientWidth, 260);
  const [low, high, height] = [44, width - 8, 190];
  const total = Math.max(...arms.map((a) => a.epochs));
  const losses = arms.flatMap((a) => [...a.loss, ...a.val_loss]).filter((v) => v != null);
  const first = arms.flatMap((a) => [a.loss[0], a.val_loss[0]]).filter((v) => v != null);
  const most = Math.min(Math.max(...losses), 1.5 * Math.max(...first)) || 1; // of what diverges
  const x = (e) => low + ((high - low) * e) / total;
  const y = (v) => 8 + (height - 30) * (1 - Math.min(v / most, 1.02));
  const svg = drawing("svg", { viewBox: `0 0 ${width} ${height + 22}`, role: "img" });
  const frame = { x: low, y: 8, width: high - low, height: height - 30, class: "frame" };
  svg.append(drawing("rect", frame));
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
  box.replaceChildren(element("h3", { textContent: `Loss: ${data.loss}` }), svg, legend);
}
