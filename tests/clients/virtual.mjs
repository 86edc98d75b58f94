// A client's timers that move the server's clock instead: nobody waits, and every wait is exact.
// As all calls are made at once, the clock moves when each of them waits.

import http from "node:http";

const [server, calls, seed] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
export { server };

let state = seed;
Math.random = () => {
  // A generator with a seed: a run is the same each time.
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};

const later = globalThis.setTimeout;
const timers = [];
let [now, alive] = [0, 0];

globalThis.setTimeout = (act, wait = 0, ...words) => {
  // What is due at once is no wait; and Node's timers have whole milliseconds.
  if (!(wait >= 1)) return later(act, 0, ...words);
  const timer = { at: now + Math.trunc(wait), act: () => act(...words) };
  timers.push(timer);
  if (timers.length === alive) later(move, 0);
  return timer;
};
const never = globalThis.clearTimeout;
globalThis.clearTimeout = (timer) => {
  const place = timers.indexOf(timer);
  if (place >= 0) timers.splice(place, 1);
  else never(timer);
};

// The status of the server's answer. Node's own fetch would take the timers above.
export function ask(method, path, body = "") {
  return new Promise((answered, failed) => {
    const request = http.request(server + path, { method }, (response) => {
      response.resume().on("end", () => answered(response.statusCode));
    });
    request.on("error", failed).end(body);
  });
}

async function move() {
  if (timers.length < alive || timers.length === 0) return;
  const next = Math.min(...timers.map((timer) => timer.at));
  const body = JSON.stringify({ advance: `${next - now}ms` });
  const status = await ask("POST", "/_throttlesim/clock", body);
  if (status !== 200) throw new Error(`the clock answers ${status}`);
  now = next;
  const due = timers.filter((timer) => timer.at === now);
  due.forEach(clearTimeout);
  due.forEach((timer) => timer.act());
}

// Makes all calls at once; a client that gives up throws what holds of `isLost`.
export async function run(call, isLost) {
  const told = { ok: 0, lost: 0 };
  alive = calls;
  const one = async (number) => {
    try {
      await call(number);
      told.ok += 1;
    } catch (error) {
      if (!isLost(error)) throw error;
      told.lost += 1;
    }
    alive -= 1;
    if (alive > 0 && timers.length === alive) later(move, 0);
  };
  await Promise.all([...Array(calls).keys()].map(one));
  console.log(JSON.stringify(told));
}
