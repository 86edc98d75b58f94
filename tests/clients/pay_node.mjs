import { run, server } from "./virtual.mjs"; // First: it replaces setTimeout.
import { generateKeyPairSync } from "node:crypto";
import { WebStoreClient } from "@amazonpay/amazon-pay-api-sdk-nodejs";

const form = { type: "pkcs8", format: "pem" };
const keys = generateKeyPairSync("rsa", { modulusLength: 2048, privateKeyEncoding: form });
const client = new WebStoreClient({
  publicKeyId: "LIVE-SELLER",
  privateKey: keys.privateKey,
  region: "us",
  algorithm: "AMZN-PAY-RSASSA-PSS-V2",
  overrideServiceUrl: new URL(server).host,
});
const call = (number) => client.getCharge(`charge-${number}`);
await run(call, (error) => error.response?.status === 429);
