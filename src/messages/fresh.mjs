/**
 * Whoever starts, builds, checks or tests asks for fresh messages first; where nothing changed that only reads the message
 * files. Node's own modules and the syntax of Node 20: it runs before anything is installed, and in the image, which has no
 * compiler.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = fileURLToPath(new URL('.', import.meta.url));
export const GENERATED = join(here, 'generated');
/** What the generated files were made of; not theirs alone, so that a change of the compiler counts. */
export const STAMP = '.sources';
const OWN = ['compile.mjs', 'fresh.mjs', 'project.inlang/settings.json'];

export function settings() {
	return JSON.parse(readFileSync(join(here, 'project.inlang', 'settings.json'), 'utf8'));
}

/** @returns `en/stream.json` and so on, of all languages */
export function messageFiles() {
	return settings().locales.flatMap((locale) =>
		readdirSync(join(here, locale))
			.sort()
			.map((name) => `${locale}/${name}`),
	);
}

export function stampOf(files) {
	const hash = createHash('sha256');
	for (const file of [...OWN, ...files]) hash.update(`\0${file}\0`).update(readFileSync(join(here, file)));
	return hash.digest('hex');
}

/**
 * Compiles the messages where they changed, in a process of its own.
 *
 * @param node the Node 24 to do it with
 * @returns why they could not be; undefined when they are as their sources say
 */
export function freshMessages(node = process.execPath) {
	const stamp = join(GENERATED, STAMP);
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(messageFiles())) return undefined;
	const done = spawnSync(node, [join(here, 'compile.mjs')], { encoding: 'utf8' });
	return done.status === 0 ? undefined : done.stderr || `cannot run ${node}`;
}
