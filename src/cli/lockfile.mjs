#!/usr/bin/env node
/**
 * Keeps package-lock.json valid for `npm ci` (`npm run lockfile`, after every `npm install`).
 *
 * A registry that does not carry a package for some other platform makes npm leave it out of the lock file, and
 * `npm ci` then refuses the file as incomplete (npm/cli #9846). The missing entries are added by name: nothing is
 * fetched for them where the platform differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const lockFile = fileURLToPath(new URL('../../package-lock.json', import.meta.url));

/** Optional dependencies that some package names and that have no entry: [path in the lock file, entry]. */
export function missingEntries(lock) {
	const missing = [];
	for (const entry of Object.values(lock.packages))
		for (const [name, version] of Object.entries(entry.optionalDependencies ?? {}))
			if (!lock.packages[`node_modules/${name}`]) missing.push([`node_modules/${name}`, platformEntry(name, version)]);
	return missing;
}

function platformEntry(name, version) {
	const os = ['darwin', 'linux', 'win32'].filter((known) => name.includes(known));
	const cpu = ['arm64', 'x64'].filter((known) => name.includes(known));
	return { version, optional: true, ...(os.length && { os }), ...(cpu.length && { cpu }) };
}

function mend() {
	const lock = JSON.parse(readFileSync(lockFile, 'utf8'));
	const missing = missingEntries(lock);
	for (const [path, entry] of missing) lock.packages[path] = entry;
	lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
	if (missing.length) writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
	process.stdout.write(`package-lock.json: ${missing.length} entries added\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) mend();
