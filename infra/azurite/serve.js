// Starts Azurite's blob service; the options are azurite-blob's, and what listens is named on standard output.
//
// Azurite keeps what it knows of blobs in memory and writes it to its files every five seconds, so that a kill loses what it has acknowledged.
// No storage service does that, and tests that kill this one rely on it: here the answer to a change leaves when the files have the change.
"use strict";

const fs = require("node:fs/promises");
const http = require("node:http");
const Loki = require("lokijs");

const databases = [];
const configure = Loki.prototype.configureOptions;
Loki.prototype.configureOptions = function (...options) {
  configure.apply(this, options);
  this.autosaveDisable();
  if (!databases.includes(this)) {
    databases.push(this);
  }

  databases.sort((left, right) => left.filename.length - right.filename.length);
};

let last = Promise.resolve();
let next = null;

// What is known now will be in the files when this ends. Changes that come while a save runs share the one after it.
function keep() {
  if (next === null) {
    last = next = last.then(
      () => save(),
      () => save());
  }

  return next;
}

// Blobs point to extents (the database with the longer name), so extents are looked at last and written first.
async function save() {
  next = null;
  const files = databases.map((database) => [database.filename, database.serialize()]);
  for (const [name, text] of files.reverse()) {
    await fs.writeFile(`${name}~`, text);
    await fs.rename(`${name}~`, name);
  }
}

const end = http.ServerResponse.prototype.end;
http.ServerResponse.prototype.end = function (...body) {
  if (this.req.method === "GET" || this.req.method === "HEAD") {
    return end.apply(this, body);
  }

  keep().then(
    () => end.apply(this, body),
    (error) => {
      console.error(`A change could not be kept: ${error.message}`);
      this.destroy();
    });
  return this;
};

// Ends with the program that started it, however that one ends.
if (process.env.ORLEANSEDGE_PARENT_PIPE === "1") {
  process.stdin.on("end", () => process.kill(process.pid, "SIGTERM")).resume();
}

process.argv.push("--silent", "--disableTelemetry");
require("azurite/dist/src/blob/main.js");
