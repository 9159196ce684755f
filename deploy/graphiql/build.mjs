// Bundles the GraphiQL page into gateway/web/graphiql, with the licences of what is in it and a list of checksums, by
// which a test sees whether the files there belong to these sources. Nothing in them is fetched from anywhere else.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../../gateway/web/graphiql');
const sources = ['package.json', 'package-lock.json', 'build.mjs', 'page.jsx', 'page.css',
  ...readdirSync(join(here, 'welcome')).sort().map((name) => `welcome/${name}`)];

const made = await build({
  entryPoints: { graphiql: join(here, 'page.jsx') },
  absWorkingDir: here,
  outdir: out,
  write: false,
  bundle: true,
  minify: true,
  legalComments: 'none', // LICENSES.txt has them in full
  metafile: true,
  format: 'iife',
  target: 'es2022',
  charset: 'ascii',
  loader: { '.graphql': 'text', '.woff2': 'empty', '.ttf': 'empty' },
  define: { 'process.env.NODE_ENV': '"production"' },
});

const packages = [...new Set(Object.keys(made.metafile.inputs)
  .map((path) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[0]).filter(Boolean))].sort();
const licences = packages.map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(here, folder, 'package.json'), 'utf8'));
  const file = readdirSync(join(here, folder)).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? readFileSync(join(here, folder, file), 'utf8').trim() : '';
  return `${name} ${version} (${license})\n\n${text}\n`;
});

if (existsSync(out)) rmSync(out, { recursive: true });
mkdirSync(out, { recursive: true });
const files = { 'LICENSES.txt': licences.join(`\n${'-'.repeat(80)}\n\n`) };
for (const { path, text } of made.outputFiles) {
  // Fonts of its own would be 400 kB more; those of the system do.
  files[path.slice(out.length + 1)] = path.endsWith('.css') ? text.replace(/@font-face\{[^}]*\}/g, '') : text;
}
for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text);

const sum = (text) => createHash('sha256').update(text).digest('hex');
const sums = [
  ...sources.map((name) => `${sum(readFileSync(join(here, name)))}  deploy/graphiql/${name}`),
  ...Object.keys(files).sort().map((name) => `${sum(readFileSync(join(out, name)))}  gateway/web/graphiql/${name}`),
];
writeFileSync(join(out, 'SHA256SUMS'), `${sums.join('\n')}\n`);
console.log(`${packages.length} packages; ${Object.entries(files).map(([n, t]) => `${n} ${t.length}`).join(', ')}`);
