import { run, server } from "./virtual.mjs"; // First: it replaces setTimeout.
import axios from "axios";
import axiosRetry from "axios-retry";

const client = axios.create({ baseURL: server });
axiosRetry(client);
await run(() => client.get("/things"), (error) => error.response?.status === 429);
