// Loads a script of Streamlit's own that the page will ask for: it is there at once, then.
// `data`: its file, beside the script that the page began with.

const begun = new Set();

export default function ({ data }) {
  const first = document.querySelector("script[type=module][src]");
  if (!data || !first || begun.has(data)) return;
  begun.add(data);
  const load = () => import(new URL(data, first.src).href).catch(() => {});
  if (window.requestIdleCallback) requestIdleCallback(load, { timeout: 2000 });
  else setTimeout(load, 500);
}
