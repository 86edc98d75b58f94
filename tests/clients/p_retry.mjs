import { ask, run } from "./virtual.mjs"; // First: it replaces setTimeout.
import pRetry from "p-retry";

const call = async () => {
  const status = await ask("GET", "/things");
  if (status !== 200) throw Object.assign(new Error("refused"), { status });
};
await run(() => pRetry(call), (error) => error.status === 429);
