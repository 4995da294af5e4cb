// What has come of each comparison so far. A message brings only what is new, see sending.py.

const MOST_FILMS = 4;
const films = new Map(); // comparison -> all that is known of it
const SERIES = ["epoch", "loss", "val_loss", "metric", "val_metric"];

// How many frames and records of every network have come; null: not even what there is to be drawn.
function got(id) {
  const counts = films.get(id)?.arms.map((arm) => [arm.frames.length, arm.epoch.length]);
  return { id, counts: counts ?? null };
}

// The film that a message belongs to, brought up to date; null if something before it is missing.
function filmOf(message) {
  const { shared, arms, ...now } = message;
  let film = films.get(message.id);
  if (shared) {
    film = { ...shared, arms: arms.map((arm) => ({ ...arm.shared, frames: [] })) };
    for (const arm of film.arms) for (const name of SERIES) arm[name] = [];
    films.delete(message.id);
    films.set(message.id, film);
    if (films.size > MOST_FILMS) films.delete(films.keys().next().value);
  }
  const fits = film?.arms.length === arms.length && arms.every((arm, i) =>
    film.arms[i].frames.length >= arm.from && film.arms[i].epoch.length >= arm.since);
  if (!fits) return null;
  Object.assign(film, now);
  arms.forEach(({ shared: _, from, since, frames, ...rest }, i) => {
    const arm = film.arms[i];
    arm.frames.splice(from, Infinity, ...frames);
    for (const name of SERIES) arm[name].splice(since, Infinity, ...rest[name]);
    arm.status = rest.status;
    arm.ended = rest.ended;
  });
  return film;
}
