// Receives webhooks: checks the signature, ignores repeats, answers at once. Needs only Node 18 or later.
//   WEBHOOK_SECRET=whsec_… PORT=9009 node examples/webhook_receiver.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const TOLERANCE_SECONDS = 5 * 60;
const LARGEST_BODY = 1024 * 1024;

// Check a Standard Webhooks signature (v1) over the raw body; return the message's id, or null if it is not valid.
export function verify(headers, body, secret) {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  const signatures = (headers["webhook-signature"] ?? "").split(" ");
  if (!id || !/^\d+$/.test(timestamp ?? "")) return null;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return null;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const mac = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
  const expected = Buffer.from(`v1,${mac}`);
  // While a secret is being rotated there are several signatures; one of them is made with this secret.
  const fits = signatures
    .map((signature) => Buffer.from(signature))
    .some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected));
  return fits ? id : null;
}

export function serve(port, secret, heard) {
  const seen = new Set(); // a real receiver stores this in its database
  return createServer((request, response) => {
    const parts = [];
    let size = 0;
    request.on("data", (part) => {
      size += part.length;
      if (size > LARGEST_BODY) response.writeHead(413).end(() => request.destroy());
      else parts.push(part);
    });
    request.on("end", () => {
      const body = Buffer.concat(parts);
      const id = verify(request.headers, body, secret);
      response.writeHead(id ? 204 : 400).end();
      if (id && !seen.has(id)) {
        seen.add(id);
        heard(JSON.parse(body));
      }
    });
  }).listen(port, "127.0.0.1");
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const secret = process.env.WEBHOOK_SECRET ?? "";
  const port = Number(process.env.PORT ?? 9009);
  if (!secret.startsWith("whsec_")) {
    console.error("Set WEBHOOK_SECRET to the endpoint's secret: whsec_…");
    process.exit(2);
  }
  serve(port, secret, (message) => console.log(message.type, message.id, JSON.stringify(message.data)))
    .on("listening", () => console.log(`listening on http://127.0.0.1:${port}/`))
    .on("error", (error) => {
      console.error(`Port ${port} cannot be used (${error.code}): choose another with PORT=…`);
      process.exit(2);
    });
}
