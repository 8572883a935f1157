import type { TrialEntry, TrialStream } from '#contracts/trial.ts';
import type { Tried } from './connect.ts';

/** `ok`: it has a value. `FAIL`: it has none, and it is known why. `none`: nothing came while we waited. */
type Verdict = 'ok' | 'FAIL' | 'none';

interface Line {
	readonly verdict: Verdict;
	/** Where in the entry of the configuration file. */
	readonly place: string;
	readonly name: string;
	readonly value: string;
	readonly more: string;
}

const SHOWN = 5;
const MOST_NAME_CHARS = 60;
const QUALITY_WORDS: Readonly<Record<number, string>> = { 0: 'BAD', 64: 'uncertain', 192: 'good' };

/** One source for a person who stands before it: whether it answers, and what of each thing that was asked for. */
export function linesOf({ config, report, isComplete }: Tried, forMs: number): string[] {
	const { reached, error, faults, entries, streams } = report;
	const url: unknown = config['url'] ?? config['file'];
	const title = [config.name, config.type, typeof url === 'string' ? withoutQuery(url) : ''].filter(Boolean).join('  ');
	const rows = [
		...entries.flatMap((entry) => entryLines(entry, forMs)),
		...streams.map((one) => streamLine('', one, forMs)),
	];
	const state =
		reached === null
			? error === null && rows.some(({ verdict }) => verdict === 'ok')
				? []
				: [`  FAIL  ${error ?? faults.at(-1) ?? `no answer in ${forMs / 1000} s`}`]
			: [`  ok    ${reached.what}, after ${reached.afterMs} ms`, ...(error === null ? [] : [`  FAIL  ${error}`])];
	const others = faults.filter((fault) => !state.some((line) => line.endsWith(fault)));
	// What nobody answered for needs no line each that says so.
	const table = reached === null && state.length > 0 && !isComplete ? [] : aligned(rows);
	return [title, ...state, ...table, ...others.map((fault) => `  !     ${fault}`)];
}

function entryLines(entry: TrialEntry, forMs: number): Line[] {
	const { place, name, streams, faults } = entry;
	const why = faults.at(-1);
	if (streams.length === 0) return [bare(place, entry.stream ?? name, why, forMs)];
	const sorted = [...streams].sort((a, b) => Math.min(a.points, 1) - Math.min(b.points, 1));
	const lines = sorted.slice(0, SHOWN).map((one) => streamLine(place, one, forMs, why));
	const left = streams.length - lines.length;
	const good = left === 0 ? [] : [{ ...EMPTY, place, name: `and ${left} more`, verdict: worst(sorted.slice(SHOWN)) }];
	return [...lines, ...good];
}

const EMPTY = { value: '', more: '' } as const;

function bare(place: string, name: string, why: string | undefined, forMs: number): Line {
	if (why === undefined) return { ...EMPTY, verdict: 'none', place, name, more: silence(forMs) };
	return { ...EMPTY, verdict: 'FAIL', place, name, more: why };
}

function streamLine(place: string, stream: TrialStream, forMs: number, why?: string): Line {
	const name = [stream.key, ...Object.entries(stream.labels).map(([label, value]) => `${label}=${value}`)].join(' ');
	const last = stream.values.at(-1);
	if (!last) return bare(place, name, stream.noValue ?? why, forMs);
	const value = `${shown(last.v)}${stream.unit === '' ? '' : ` ${stream.unit}`}`;
	return { verdict: 'ok', place, name, value, more: QUALITY_WORDS[last.quality] ?? '' };
}

const silence = (forMs: number) => `no value in ${forMs / 1000} s (--wait waits longer)`;
const worst = (streams: readonly TrialStream[]): Verdict => (streams.every(({ points }) => points > 0) ? 'ok' : 'none');

function aligned(lines: readonly Line[]): string[] {
	const width = (of: (line: Line) => string) => Math.max(0, ...lines.map((line) => of(line).length));
	const places = width(({ place }) => place);
	const names = Math.min(
		MOST_NAME_CHARS,
		width(({ name }) => name),
	);
	const values = width(({ value }) => value);
	return lines.map(({ verdict, place, name, value, more }) =>
		`  ${verdict.padEnd(4)}  ${place.padEnd(places)}  ${name.padEnd(names)}  ${value.padStart(values)}  ${more}`.trimEnd(),
	);
}

/** As many digits as a person compares with a display. */
export function shown(v: number): string {
	return Number.isInteger(v) && Math.abs(v) < 1e15 ? String(v) : String(Number(v.toPrecision(7)));
}

/** A query may hold what nobody should read. */
function withoutQuery(url: string): string {
	return url.replace(/\?.*$/s, '');
}
