import { run, server } from "./virtual.mjs"; // First: it replaces setTimeout.
import { readFileSync } from "node:fs";
import https from "node:https";
import tls from "node:tls";
import { SellingPartner } from "amazon-sp-api";

// Its hosts and its port are fixed, so the connections of its agent lead to the server.
class Agent extends https.Agent {
  createConnection(options, done) {
    const { hostname: host, port } = new URL(server);
    return tls.connect({ ...options, host, port, path: undefined }, done);
  }
}

const partner = new SellingPartner({
  region: "na",
  refresh_token: "seller",
  credentials: {
    SELLING_PARTNER_APP_CLIENT_ID: "app",
    SELLING_PARTNER_APP_CLIENT_SECRET: "secret",
  },
  options: { https_proxy_agent: new Agent({ ca: readFileSync(process.argv[5]) }) },
});
await partner.refreshAccessToken();
const call = (number) =>
  partner.callAPI({
    operation: "getOrderItems",
    endpoint: "orders",
    path: { orderId: `order-${number}` },
    options: { version: "v0" },
  });
await run(call, (error) => error.code === "QuotaExceeded");
