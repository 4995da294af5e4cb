// Loads a script of Streamlit's own that the page will ask for: it is there at once, then.
// `data`: its file, beside the script that the page began with; whether to tell once it is there.

const LONGEST = 8000; // milliseconds; then the chart itself may show what is wrong
let loading;

export default function ({ data, setStateValue }) {
  loading ??= idle(data.tells ? 200 : 2000).then(() => load(data.script));
  if (!data.tells) return;
  Promise.race([loading, wait(LONGEST)]).then(() => setStateValue("loaded", true));
}

function idle(timeout) {
  return new Promise((now) => {
    if (window.requestIdleCallback) requestIdleCallback(now, { timeout });
    else wait(timeout / 4).then(now);
  });
}

function wait(milliseconds) {
  return new Promise((now) => setTimeout(now, milliseconds));
}

function load(name) {
  const first = document.querySelector("script[type=module][src]");
  if (name && first) return import(new URL(name, first.src).href).catch(() => {});
}
