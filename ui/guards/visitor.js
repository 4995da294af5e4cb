// Says which browser this is: a random token that it keeps for itself, and never in a cookie.
// Streamlit calls the default export again on every run; what was said once isn't repeated.

const NAME = "nnlab.visitor";
const FORM = /^[0-9a-f]{32}$/; // 128 bits
const said = new WeakMap(); // place on the page -> token
let ours; // of this page, where the browser keeps nothing

export default function (component) {
  const { parentElement, setStateValue } = component;
  const say = () => {
    const { token, kept } = find();
    if (said.get(parentElement) === token) return;
    said.set(parentElement, token);
    setStateValue("said", { token, kept });
  };
  const changed = (event) => event.key === NAME && say(); // another tab was first
  addEventListener("storage", changed);
  say();
  return () => removeEventListener("storage", changed);
}

function find() {
  try {
    let token = localStorage.getItem(NAME);
    if (!FORM.test(token ?? "")) localStorage.setItem(NAME, made());
    token = localStorage.getItem(NAME);
    if (FORM.test(token ?? "")) return { token, kept: true };
  } catch {
    // blocked, full, or not there
  }
  return { token: (ours ??= made()), kept: false };
}

function made() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
