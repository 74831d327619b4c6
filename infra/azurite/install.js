// Installs what package-lock.json pins, unless that was done before.
"use strict";

const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const stamp = path.join(__dirname, "node_modules", ".installed");
const pinned = createHash("sha256").update(fs.readFileSync(path.join(__dirname, "package-lock.json"))).digest("hex");
if (!fs.existsSync(stamp) || fs.readFileSync(stamp, "utf8") !== pinned) {
  const npm = spawnSync("npm", ["ci"], { cwd: __dirname, stdio: ["ignore", "inherit", "inherit"], shell: process.platform === "win32" });
  if (npm.error !== undefined || npm.status !== 0) {
    console.error(npm.error?.code === "ENOENT" ? "npm is missing: apt-get install npm" : "npm ci has failed in infra/azurite: run it there to see why");
    process.exit(1);
  }

  fs.writeFileSync(stamp, pinned);
}
