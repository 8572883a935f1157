import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What of a V8 profile (`node --cpu-prof`) is read here; times are microseconds. */
interface Profile {
	readonly nodes: readonly {
		readonly id: number;
		readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
	}[];
	readonly samples: readonly number[];
	readonly timeDeltas: readonly number[];
}

const ROOT = join(import.meta.dirname, '../..');
const SHOWN = 30;
/** A thread that waits is no cost. */
const WAITING = new Set(['(idle)', '(program)', '(root)']);

/** Milliseconds that each function, and each folder of ours, spent in itself. */
function selfTimes(profile: Profile): {
	readonly functions: Map<string, number>;
	readonly folders: Map<string, number>;
} {
	const byId = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
	const functions = new Map<string, number>();
	const folders = new Map<string, number>();
	profile.samples.forEach((id, i) => {
		const frame = byId.get(id);
		if (!frame || WAITING.has(frame.functionName)) return;
		const ms = (profile.timeDeltas[i] ?? 0) / 1000;
		const place = placeOf(frame.url);
		add(functions, `${frame.functionName || '(anonymous)'} ${place}:${frame.lineNumber + 1}`, ms);
		add(folders, folderOf(place) || frame.functionName, ms);
	});
	return { functions, folders };
}

function add(times: Map<string, number>, name: string, ms: number): void {
	times.set(name, (times.get(name) ?? 0) + ms);
}

function placeOf(url: string): string {
	return url.startsWith('file://') ? relative(ROOT, new URL(url).pathname) : url;
}

function folderOf(place: string): string {
	return place.startsWith('node_modules/')
		? place.split('/').slice(0, 3).join('/')
		: place.split('/').slice(0, -1).join('/');
}

function table(times: ReadonlyMap<string, number>): string {
	const all = [...times.values()].reduce((sum, ms) => sum + ms, 0);
	return [...times]
		.toSorted(([, a], [, b]) => b - a)
		.slice(0, SHOWN)
		.map(([name, ms]) => `${ms.toFixed(0).padStart(8)} ms ${((ms / all) * 100).toFixed(1).padStart(5)} %  ${name}`)
		.join('\n');
}

/** `node tests/bench/profile.ts FOLDER`: where the time of each thread went, from the profiles that a run left there. */
function main(folder: string): void {
	for (const name of readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'))) {
		const { functions, folders } = selfTimes(JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profile);
		console.log(`${name}\n${table(folders)}\n\n${table(functions)}\n`);
	}
}

main(process.argv[2] ?? '.');
