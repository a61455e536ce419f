// A browser as the official client sees it: jsdom's globals, and a `location` that records where the page
// was sent instead of going there (jsdom cannot navigate).

import { JSDOM } from "jsdom";

/** Sets the globals. Must run before `@userfront/core` is imported, which picks its HTTP adapter then. */
export function openBrowser(pageUrl) {
  const { window } = new JSDOM("<!doctype html><title>conformance</title>", { url: pageUrl });
  const visited = [];
  const page = new URL(pageUrl);
  const location = {
    href: page.href,
    origin: page.origin,
    protocol: page.protocol,
    host: page.host,
    hostname: page.hostname,
    port: page.port,
    pathname: page.pathname,
    search: page.search,
    hash: page.hash,
    assign: (target) => visited.push(String(target)),
    replace: (target) => visited.push(String(target)),
  };
  const view = new Proxy(window, {
    get(target, key) {
      if (key === "location") return location;
      const value = Reflect.get(target, key);
      const isMethod = typeof value === "function" && value.prototype === undefined;
      return isMethod ? value.bind(target) : value;
    },
  });
  const globals = {
    window: view,
    location,
    document: window.document,
    history: window.history,
    navigator: window.navigator,
    localStorage: window.localStorage,
    XMLHttpRequest: window.XMLHttpRequest,
    FormData: window.FormData,
    Blob: window.Blob,
    Event: window.Event,
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return { visited, close: () => window.close() };
}
