// Builds the static files of Kunjae into src/kunjae/site/static/built/. The same input gives the same bytes.
//
// The names carry no checksum: Django's manifest storage adds one when the files are collected.
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import esbuild from "esbuild";
import * as sass from "sass";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const PACKAGES = path.join(ROOT, "node_modules");
const OUT = path.join(ROOT, "src/kunjae/site/static/built");

// What a computer of an office can still run: Windows 7 ended at Chrome 109 and Firefox 115.
const BROWSERS = ["chrome109", "firefox115", "safari15.4"];

const WEB_FONTS = { "ibm-plex-sans-thai-looped": "plex", sarabun: "sarabun" };
const RANGES = ["thai", "latin"];
const WEIGHTS = [400, 600];
// Typst wants whole fonts, not ranges of them.
const PDF_FONTS = ["400Regular/Sarabun_400Regular.ttf", "700Bold/Sarabun_700Bold.ttf"];

async function buildStyles() {
  const { css } = sass.compile(path.join(ROOT, "frontend/styles/kunjae.scss"), {
    style: "compressed",
    // The pages are UTF-8 and say so; a byte order mark would only be in the way.
    charset: false,
    loadPaths: [PACKAGES],
    quietDeps: true,
  });
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, charset: "utf8", target: BROWSERS });
  await writeFile(path.join(OUT, "kunjae.css"), code);
}

async function buildScript() {
  await esbuild.build({
    entryPoints: [path.join(ROOT, "frontend/scripts/kunjae.js")],
    outfile: path.join(OUT, "kunjae.js"),
    bundle: true,
    minify: true,
    format: "esm",
    charset: "utf8",
    target: BROWSERS,
    legalComments: "none",
    banner: { js: "/* Contains parts of govuk-frontend: see LICENSE-govuk-frontend.txt beside this file. */" },
  });
}

async function copyFonts() {
  const fonts = path.join(OUT, "fonts");
  await mkdir(path.join(fonts, "pdf"), { recursive: true });
  for (const [family, short] of Object.entries(WEB_FONTS)) {
    const source = path.join(PACKAGES, "@fontsource", family);
    for (const range of RANGES) {
      for (const weight of WEIGHTS) {
        const name = `${family}-${range}-${weight}-normal.woff2`;
        await copyFile(path.join(source, "files", name), path.join(fonts, name));
      }
    }
    await copyFile(path.join(source, "LICENSE"), path.join(fonts, `LICENSE-${short}.txt`));
  }
  const whole = path.join(PACKAGES, "@expo-google-fonts/sarabun");
  for (const file of PDF_FONTS) {
    await copyFile(path.join(whole, file), path.join(fonts, "pdf", path.basename(file)));
  }
  await copyFile(path.join(whole, "LICENSE_FONT"), path.join(fonts, "pdf/LICENSE-sarabun.txt"));
}

async function copyHtmx() {
  const source = path.join(PACKAGES, "htmx.org");
  await copyFile(path.join(source, "dist/htmx.min.js"), path.join(OUT, "htmx.min.js"));
  await copyFile(path.join(source, "LICENSE"), path.join(OUT, "LICENSE-htmx.txt"));
}

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
await Promise.all([buildStyles(), buildScript(), copyFonts(), copyHtmx()]);
// Its package carries no licence file.
await copyFile(path.join(ROOT, "frontend/licences/govuk-frontend.txt"), path.join(OUT, "LICENSE-govuk-frontend.txt"));
