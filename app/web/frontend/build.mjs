// Builds src/ into app/web/static/built/: hashed names, a manifest, a stamp of what it was made from.
// Run: npm ci --ignore-scripts && node build.mjs

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const built = join(here, "..", "static", "built");
const pages = ["app", "diagram", "editor", "modeler", "formeditor"];
const entries = [...pages.flatMap((name) => [`${name}.js`, `${name}.css`]), "replay.js"];
const browsers = ["chrome86", "edge86", "firefox91", "safari15"]; // 统信 and 麒麟 ship forks of these

const sha256 = (data) => createHash("sha256").update(data).digest("hex");

/** The same sum as `_stamp` in app/web/assets.py: lock file, this file and everything in src/. */
async function stamp() {
  const found = await readdir(join(here, "src"), { recursive: true, withFileTypes: true });
  const sources = found.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  const paths = [join(here, "build.mjs"), join(here, "package-lock.json"), ...sources]
    .map((path) => relative(here, path).split(sep).join("/"))
    .sort();
  const sums = await Promise.all(paths.map(async (path) => `${path} ${sha256(await readFile(join(here, path)))}\n`));
  return sha256(sums.join(""));
}

const made = await stamp();
const result = await build({
  absWorkingDir: here,
  entryPoints: entries.map((name) => join("src", name)),
  entryNames: "[name]-[hash]",
  outdir: built,
  bundle: true,
  minify: true,
  format: "iife",
  target: browsers,
  charset: "utf8",
  alias: { "style-mod": join(here, "src", "style-mod.js") }, // see there
  loader: { ".woff2": "file" }, // the signs of the modeler
  legalComments: "eof", // the licences stay with the code they cover
  metafile: true,
  write: false,
  logLevel: "warning",
});

const files = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (output.entryPoint) files[basename(output.entryPoint)] = basename(path);
}

await rm(built, { recursive: true, force: true });
await mkdir(built, { recursive: true });
for (const file of result.outputFiles) await writeFile(join(built, basename(file.path)), file.contents);
const manifest = join(built, "manifest.json");
await writeFile(`${manifest}.new`, JSON.stringify({ stamp: made, files }, null, 2) + "\n");
await rename(`${manifest}.new`, manifest); // last, so that a reader never sees names without files

for (const name of entries) console.log(`${name} → ${files[name]}`);
