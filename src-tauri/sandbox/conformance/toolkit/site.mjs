// A web site with Userfront's official toolkit on its pages, as its guide says to put it there: `/login`,
// `/signup`, `/reset`, and `/dashboard` with the logout button. It is what `http://localhost:3000` is for the
// Chromium of these tests, because the sandbox's links lead there.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { baseUrl } from "../client.mjs";

// The package names no file for scripts of a page, but holds one.
const bundle = readFileSync(
  new URL("../node_modules/@userfront/toolkit/dist/web-component.umd.js", import.meta.url),
);

const elements = {
  "/login": "<login-form></login-form>",
  "/signup": "<signup-form></signup-form>",
  "/reset": "<password-reset-form></password-reset-form>",
  "/dashboard": "<h1>Dashboard</h1><logout-button></logout-button>",
  "/elsewhere": '<h1>Elsewhere</h1><logout-button redirect="/signup"></logout-button>',
};

/** The toolkit takes the API's address from `Userfront.init` alone, which must come before the elements. */
function html(path, tenantId) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${path}</title>
<script src="/toolkit.js"></script>
<script>Userfront.init(${JSON.stringify(tenantId)}, { baseUrl: ${JSON.stringify(baseUrl)} });</script></head>
<body>${elements[path]}</body></html>`;
}

/** Serves the site of `site.tenantId` on a port of 127.0.0.1. */
export async function openSite() {
  const site = { tenantId: "demo1234", elements };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost:3000");
    if (pathname === "/toolkit.js") {
      response.writeHead(200, { "content-type": "text/javascript", "cache-control": "max-age=600" }).end(bundle);
    } else if (elements[pathname]) {
      response.writeHead(200, { "content-type": "text/html" }).end(html(pathname, site.tenantId));
    } else {
      response.writeHead(pathname === "/favicon.ico" ? 204 : 404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  site.port = server.address().port;
  site.close = () => {
    server.close();
    server.closeAllConnections();
  };
  return site;
}
