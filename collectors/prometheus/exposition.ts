/**
 * The text format of Prometheus (version 0.0.4 and 1.0.0 with quoted names) and OpenMetrics 1.0. Ours because the
 * parsers there are stop at Prometheus of ten years ago: no exemplars, units or quoted names, and errors without a line.
 */
export interface Exposition {
	readonly samples: readonly Sample[];
	/** By the name of the family. */
	readonly types: ReadonlyMap<string, MetricType>;
	readonly units: ReadonlyMap<string, string>;
	/** `line 17: …`; the other lines count. */
	readonly faults: readonly string[];
}

export interface Sample {
	readonly name: string;
	readonly labels: ReadonlyMap<string, string>;
	readonly value: number;
	/** When it was measured, where it says so. */
	readonly tMicros: number | undefined;
}

export type MetricType =
	'counter' | 'gauge' | 'histogram' | 'gaugehistogram' | 'summary' | 'info' | 'stateset' | 'unknown';

const TYPES: readonly string[] = [
	'counter',
	'gauge',
	'histogram',
	'gaugehistogram',
	'summary',
	'info',
	'stateset',
	'unknown',
];
const MOST_FAULTS = 20;
const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const QUOTED = /"((?:[^"\\\n]|\\.)*)"/y;
const NUMBER = /[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[iI]nf(?:inity)?|NaN)/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;

/** @param isOpenMetrics its timestamps are seconds, those of Prometheus milliseconds */
export function parseExposition(text: string, { isOpenMetrics }: { readonly isOpenMetrics: boolean }): Exposition {
	const samples: Sample[] = [];
	const types = new Map<string, MetricType>();
	const units = new Map<string, string>();
	const faults: string[] = [];
	text.split('\n').forEach((line, i) => {
		const trimmed = line.trim();
		if (trimmed === '') return;
		if (trimmed.startsWith('#')) return comment(trimmed, { types, units });
		const sample = parseSample(trimmed, isOpenMetrics ? 1e6 : 1000);
		if (typeof sample !== 'string') samples.push(sample);
		else if (faults.length < MOST_FAULTS) faults.push(`line ${i + 1}: ${sample}`);
	});
	return { samples, types, units, faults };
}

interface About {
	readonly types: Map<string, MetricType>;
	readonly units: Map<string, string>;
}

function comment(line: string, { types, units }: About): void {
	const [, what, name = '', rest = ''] = /^#\s+(TYPE|UNIT)\s+("(?:[^"\\]|\\.)*"|\S+)\s*(.*)$/.exec(line) ?? [];
	const family = name.startsWith('"') ? unescape(name.slice(1, -1)) : name;
	if (what === 'UNIT') units.set(family, rest.trim());
	const type = rest.trim() === 'untyped' ? 'unknown' : rest.trim();
	if (what === 'TYPE' && TYPES.includes(type)) types.set(family, type as MetricType);
}

/** @returns why it is none, as text */
function parseSample(line: string, microsPerTime: number): Sample | string {
	const reader = createLineReader(line);
	let name = reader.take(NAME)?.[0];
	const labels = new Map<string, string>();
	if (reader.skip('{')) {
		const fault = parseLabels(reader, labels, (quoted) => (name ??= quoted));
		if (fault !== undefined) return fault;
	}
	if (name === undefined) return 'a metric has a name';
	const value = reader.number();
	if (value === undefined) return `${name} has no number`;
	const time = reader.number();
	const rest = reader.rest();
	if (rest !== '' && !rest.startsWith('#')) return `${name} has more than a number and a time`;
	const tMicros = time === undefined ? undefined : Math.round(time * microsPerTime);
	return { name, labels, value, tMicros };
}

/** @returns why they are none */
function parseLabels(
	reader: LineReader,
	labels: Map<string, string>,
	onName: (name: string) => void,
): string | undefined {
	for (;;) {
		reader.space();
		if (reader.skip('}')) return undefined;
		const quoted = reader.take(QUOTED)?.[1];
		const label = quoted === undefined ? reader.take(LABEL_NAME)?.[0] : unescape(quoted);
		if (label === undefined) return 'its labels do not end';
		reader.space();
		if (!reader.skip('=')) {
			if (quoted === undefined) return `label ${label} has no value`;
			onName(label);
		} else {
			reader.space();
			const value = reader.take(QUOTED)?.[1];
			if (value === undefined) return `label ${label} has no value in quotes`;
			if (labels.has(label)) return `label ${label} stands there twice`;
			labels.set(label, unescape(value));
		}
		reader.space();
		if (!reader.skip(',') && !reader.peek('}')) return 'its labels do not end';
	}
}

interface LineReader {
	take(pattern: RegExp): RegExpExecArray | undefined;
	skip(char: string): boolean;
	peek(char: string): boolean;
	space(): void;
	number(): number | undefined;
	rest(): string;
}

function createLineReader(line: string): LineReader {
	let at = 0;
	const reader: LineReader = {
		take(pattern) {
			pattern.lastIndex = at;
			const match = pattern.exec(line);
			if (!match) return undefined;
			at = pattern.lastIndex;
			return match;
		},
		skip(char) {
			if (line[at] !== char) return false;
			at++;
			return true;
		},
		peek: (char) => line[at] === char,
		space() {
			while (line[at] === ' ' || line[at] === '\t') at++;
		},
		number() {
			reader.space();
			const from = at;
			const text = reader.take(NUMBER)?.[0];
			if (text === undefined) return undefined;
			if (at < line.length && line[at] !== ' ' && line[at] !== '\t') {
				at = from;
				return undefined;
			}
			return /inf/i.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
		},
		rest() {
			reader.space();
			return line.slice(at);
		},
	};
	return reader;
}

function unescape(text: string): string {
	return text.replace(/\\(.)/gs, (_, char: string) => (char === 'n' ? '\n' : char));
}
