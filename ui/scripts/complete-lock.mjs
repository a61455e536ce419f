// Completes `package-lock.json`, after `npm install`, with the packages of other platforms that this
// machine's registry does not carry: npm leaves those out, and `npm ci` then refuses the whole file. Their
// hashes cannot be known here.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
const packages = lock.packages;

const systems = ["android", "darwin", "freebsd", "linux", "win32"];
const processors = ["arm", "arm64", "ia32", "riscv64", "x64"];

for (const { optionalDependencies = {}, dev } of Object.values(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (packages[`node_modules/${name}`] || !/^\d/.test(version)) continue;
    const parts = name.split("/").at(-1).split("-");
    const os = systems.filter((system) => parts.includes(system));
    const cpu = processors.filter((processor) => parts.includes(processor));
    const libc = parts.includes("musl")
      ? ["musl"]
      : parts.some((part) => part.startsWith("gnu"))
        ? ["glibc"]
        : undefined;
    packages[`node_modules/${name}`] = { version, cpu, dev, libc, optional: true, os };
    console.log(`added ${name} ${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
