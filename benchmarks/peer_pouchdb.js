// PouchDB and express-pouchdb as a peer of the sync: `serve FOLDER` prints its port; `push FOLDER N` fills a database with
// N trees, reads the server's address from standard input, replicates to it and prints the seconds that this took.
const path = require("path");
const { createRequire } = require("module");
const installed = createRequire(path.join(process.env.FIELDAPP_PEER, "package.json"));
const PouchDB = installed("pouchdb");
const [, , role, folder, count] = process.argv;

function serve() {
  const express = installed("express");
  const Kept = PouchDB.defaults({ prefix: folder + path.sep });
  const app = express();
  const options = { configPath: path.join(folder, "config.json"), logPath: path.join(folder, "log.txt") };
  app.use("/", installed("express-pouchdb")(Kept, options));
  const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
}

function tree(i) {
  return {
    _id: "tree-" + String(i).padStart(8, "0"), type: "tree", parcel_id: "parcel-" + Math.floor(i / 450),
    device_tag: "A7K2", number: i + 1, tag: "A7K2-" + String(i).padStart(6, "0"), state: "alive",
    dbh_cm: (50 + (i * 7) % 31) / 10, height_m: (30 + (i * 11) % 60) / 10, measured_on: "2025-10-12", measured_by: "张三",
  };
}

async function push() {
  const local = new PouchDB(path.join(folder, "village"));
  for (let start = 0; start < Number(count); start += 5000) {
    await local.bulkDocs(Array.from({ length: Math.min(5000, count - start) }, (_, i) => tree(start + i)));
  }
  process.stdin.once("data", async (address) => {
    const started = process.hrtime.bigint();
    const done = await local.replicate.to(String(address).trim(), { batch_size: 1000 });
    if (!done.ok || done.docs_written !== Number(count)) process.exit(1);
    console.log(Number(process.hrtime.bigint() - started) / 1e9);
    process.exit(0);
  });
  console.log("filled");
}

role === "serve" ? serve() : push();
