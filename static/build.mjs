// Builds one script and one style sheet per page into static/dist, with the notices of every package that went in.
import { build } from "esbuild";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = join(here, "dist");
const pages = ["modeler", "viewer", "dmn", "formeditor"];

// Of each font only woff2 is kept: every browser that runs these scripts reads it.
const oneFont = {
  name: "one-font",
  setup(builder) {
    builder.onResolve({ filter: /\.(woff|ttf|eot|svg)([?#].*)?$/ }, (args) =>
      args.kind === "url-token" ? { path: "data:,", external: true } : undefined);
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const built = await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(pages.map((page) => [page, join(here, "src", `${page}.js`)])),
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  metafile: true,
  legalComments: "none",
  loader: { ".woff2": "file" },
  assetNames: "[name]",
  plugins: [oneFont],
  logLevel: "warning",
});
const bootstrap = await readFile(join(root, "node_modules/bootstrap/dist/css/bootstrap.min.css"), "utf8");
await writeFile(join(out, "bootstrap.min.css"), bootstrap.replace(/\/\*# sourceMappingURL=.*?\*\//, ""));
await writeFile(join(out, "THIRD-PARTY.txt"), await notices(Object.keys(built.metafile.inputs)));

/** Name, version, licence and licence text of every package found among the bundled files, and of Bootstrap. */
async function notices(inputs) {
  const folders = new Set(["node_modules/bootstrap"]);
  for (const input of inputs) {
    const found = input.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//);
    if (found) folders.add(found[1]);
  }
  const texts = [];
  for (const folder of [...folders].sort()) texts.push(await notice(join(root, folder)));
  const title = "Logiciels tiers contenus dans les pages de Jalon, avec leurs licences.";
  return `${title}\n\n${texts.filter(Boolean).join("\n\n")}\n`;
}

async function notice(folder) {
  let told;
  try {
    told = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  } catch {
    return "";
  }
  if (!told.name) return "";
  const file = (await readdir(folder)).find((name) => /^(licen[cs]e|copying)/i.test(name));
  const text = file ? (await readFile(join(folder, file), "utf8")).trim() : "";
  return `${"=".repeat(80)}\n${told.name} ${told.version} (${told.license || "voir ci-dessous"})\n${"=".repeat(80)}\n${text}`;
}

for (const page of pages) {
  const { bytes } = built.metafile.outputs[`static/dist/${page}.js`];
  console.log(`${page}.js ${Math.round(bytes / 1000)} ko`);
}
