/**
 * node docker/assemble.mjs FOLDER: puts together what a running Sigmascope needs, and nothing else: sources without
 * tests, the built page, and of the installed packages those that package-lock.json does not call development.
 * The Node of the npm packages stays behind: the image has its own.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const TREE = [
	'package.json',
	'LICENSE',
	'src',
	'collectors',
	'rules',
	'build',
	'docker/entry.sh',
	'docker/healthcheck.mjs',
];
const LEFT_OUT = /\.(test|bench)\.ts$|(^|\/)testing(\/|$)|^src\/routes(\/|$)/;
const BROUGHT_NODE = /^node_modules\/node-(linux|darwin|win|bin)-/;

function fail(text) {
	process.stderr.write(`assemble: ${text}\n`);
	process.exit(1);
}

function copy(path, wanted = () => true) {
	mkdirSync(dirname(join(out, path)), { recursive: true });
	cpSync(join(root, path), join(out, path), {
		recursive: true,
		verbatimSymlinks: true,
		filter: (from) => wanted(relative(root, from).split(sep).join('/')),
	});
}

/** Folders of packages as the lock file names them, innermost ones too. */
function runtimePackages() {
	const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
	return Object.entries(packages)
		.filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional && !BROUGHT_NODE.test(path))
		.map(([path]) => path)
		.filter((path) => existsSync(join(root, path)));
}

const [out] = process.argv.slice(2);
if (!out) fail('say where to: node docker/assemble.mjs FOLDER');
if (existsSync(out) && readdirSync(out).length > 0) fail(`${out} is not empty: name a new folder`);
if (!existsSync(join(root, 'build', 'index.html'))) fail('there is no built page: run `npm run build` first');
if (!existsSync(join(root, 'node_modules', 'ws'))) fail('packages are not installed: run `npm ci` first');

for (const path of TREE) copy(path, (name) => !LEFT_OUT.test(name));
// A package's own nested packages are entries of their own, some of them for development.
for (const path of runtimePackages())
	copy(path, (name) => !name.startsWith(`${path}/node_modules/`) && name !== `${path}/node_modules`);
