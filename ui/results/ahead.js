// Loads a script of Streamlit's own that the page will ask for: it is there at once, then.
// `data`: its file, beside the script that the page began with; whether to tell once it is there.

let loading;

export default function ({ data, setStateValue }) {
  loading ??= idle(data.tells ? 200 : 2000).then(() => load(data.script));
  if (data.tells) loading.then(() => setStateValue("loaded", true));
}

function idle(timeout) {
  return new Promise((now) => {
    if (window.requestIdleCallback) requestIdleCallback(now, { timeout });
    else setTimeout(now, timeout / 4);
  });
}

function load(name) {
  const first = document.querySelector("script[type=module][src]");
  if (name && first) return import(new URL(name, first.src).href).catch(() => {});
}
