import type { RuleOptions } from '#rules';

/** One episode that a script expects: consecutive signals of one rule on one side; indices are 0-based. */
export interface Expectation {
	readonly line: number;
	readonly rule: number;
	/** First and last signalling point. */
	readonly at: readonly [number, number];
	readonly side: string | undefined;
	/** Where the pattern of the first signal began and ended. */
	readonly span: readonly [number, number] | undefined;
	/** Ten plotted points around the signalling ones, as far as there are any. */
	readonly context: readonly [number, number] | undefined;
}

/** Limits and the points judged by them; a new one is a new phase. */
export interface Stretch {
	readonly centre: number;
	readonly sigma: number;
	/** NaN = missing. */
	readonly values: readonly number[];
}

export interface Script {
	readonly title: string;
	readonly stretches: readonly Stretch[];
	/** Which rules judge; a signal of theirs that no line expects is a fault. */
	readonly rules: readonly number[];
	readonly options: RuleOptions;
	readonly expected: readonly Expectation[];
}

/**
 * Golden scripts: plain text that a quality engineer can read.
 * ```
 * # title, then any number of comments
 * limits centre 0 sigma 1                 starts a phase; before the first points
 * rules 1 2                               which rules judge; all eight without this line
 * option missing skip                     as in the options of an analysis
 * points 0*10 4 missing -1.5*3            values, or value*count
 * expect rule 1 at 10 side above span 10..10 context 0..20     one line per episode; `at 8..12` for a longer one
 * expect nothing
 * ```
 * @throws Error with the number of the line that cannot be read
 */
export function parseScript(text: string): Script {
	const stretches: { centre: number; sigma: number; values: number[] }[] = [];
	const expected: Expectation[] = [];
	const options: Record<string, string> = {};
	let rules = [1, 2, 3, 4, 5, 6, 7, 8];
	let title = '';
	let nothing = false;
	text.split('\n').forEach((raw, i) => {
		const [verb, ...words] = raw.trim().split(/\s+/);
		const fail = (): never => {
			throw new Error(`line ${i + 1}: cannot read ${JSON.stringify(raw)}`);
		};
		const number = (word: string | undefined) => (word && Number.isFinite(Number(word)) ? Number(word) : fail());
		if (verb === '') return;
		else if (verb?.startsWith('#')) title ||= raw.replace(/^#\s*/, '');
		else if (verb === 'limits' && words[0] === 'centre' && words[2] === 'sigma')
			stretches.push({ centre: number(words[1]), sigma: number(words[3]), values: [] });
		else if (verb === 'rules') rules = words.map(number);
		else if (verb === 'option') options[words[0] ?? fail()] = words[1] ?? fail();
		else if (verb === 'points')
			(stretches.at(-1) ?? fail()).values.push(...words.flatMap((word) => valuesOf(word) ?? fail()));
		else if (verb === 'expect' && words.join() === 'nothing') nothing = true;
		else if (verb === 'expect') expected.push(expectationOf(words, i + 1) ?? fail());
		else fail();
	});
	if (nothing === expected.length > 0) throw new Error('a script expects either episodes or nothing');
	return { title, stretches, rules, options, expected };
}

/** @returns `value*count` as so many values, NaN for `missing`; undefined for what is neither */
export function valuesOf(word: string): number[] | undefined {
	const [, value, count] = /^(missing|[-+.\deE]+?)(?:\*(\d+))?$/.exec(word) ?? [];
	const number = value === 'missing' ? NaN : Number(value);
	if (value === undefined || (Number.isNaN(number) && value !== 'missing')) return undefined;
	return Array<number>(Number(count ?? 1)).fill(number);
}

function expectationOf(words: readonly string[], line: number): Expectation | undefined {
	const fields = new Map<string, string>();
	for (let i = 0; i < words.length; i += 2) fields.set(words[i]!, words[i + 1] ?? '');
	const known = ['rule', 'at', 'side', 'span', 'context'];
	const rule = Number(fields.get('rule'));
	const at = rangeOf(fields.get('at'));
	if (at === undefined || !(rule >= 1 && rule <= 8) || [...fields.keys()].some((name) => !known.includes(name)))
		return undefined;
	const span = rangeOf(fields.get('span'));
	const context = rangeOf(fields.get('context'));
	if ((fields.has('span') && !span) || (fields.has('context') && !context)) return undefined;
	return { line, rule, at, side: fields.get('side'), span, context };
}

/** `8..12`, or `8` for both ends. */
export function rangeOf(text: string | undefined): [number, number] | undefined {
	const [, first, last] = /^(\d+)(?:\.\.(\d+))?$/.exec(text ?? '') ?? [];
	return first === undefined ? undefined : [Number(first), Number(last ?? first)];
}

/** One signal as batch, stream or process found it, in indices of the script's points. */
export interface FoundSignal {
	readonly index: number;
	readonly rule: number;
	readonly side: string;
	readonly span: readonly [number, number];
}

export function valuesOfScript({ stretches }: Script): number[] {
	return stretches.flatMap(({ values }) => [...values]);
}

/** The script as an analysis: each stretch a phase of its own with its limits at every point. */
export function documentOf(script: Script): object {
	const each = (pick: 'centre' | 'sigma') => script.stretches.flatMap((s) => s.values.map(() => s[pick]));
	return {
		values: valuesOfScript(script).map((v) => (Number.isNaN(v) ? null : v)),
		phases: script.stretches.map((_, i) => script.stretches.slice(0, i).flatMap((s) => s.values).length),
		baseline: { centre: each('centre'), sigma: each('sigma') },
		rules: script.rules,
		options: script.options,
	};
}

/** Of the chart of individuals. */
export function signalsOf({
	signals,
}: {
	readonly signals: readonly (Omit<FoundSignal, 'rule'> & { readonly chart: string; readonly rule: number | string })[];
}): FoundSignal[] {
	return signals.filter(({ chart }) => chart === 'i').map((signal) => ({ ...signal, rule: Number(signal.rule) }));
}

/** What stands beside an `expect` line in a comparison. */
export interface FoundEpisode {
	readonly rule: number;
	readonly at: readonly [number, number];
	readonly side: string;
	readonly span: readonly [number, number];
	readonly context: readonly [number, number];
}

const CONTEXT_POINTS = 10;

/** Consecutive signals of one rule and side, as the product groups them. */
export function episodesOf(signals: readonly FoundSignal[], count: number): FoundEpisode[] {
	const episodes: { rule: number; side: string; at: [number, number]; span: readonly [number, number] }[] = [];
	for (const { index, rule, side, span } of [...signals].sort((a, b) => a.index - b.index)) {
		const open = episodes.find((e) => e.rule === rule && e.side === side && e.at[1] === index - 1);
		if (open) open.at[1] = index;
		else episodes.push({ rule, side, at: [index, index], span });
	}
	return episodes.map((e) => ({
		...e,
		context: [Math.max(0, e.at[0] - CONTEXT_POINTS), Math.min(count - 1, e.at[1] + CONTEXT_POINTS)],
	}));
}

/** @returns the expected episodes with what their lines leave open taken from the found ones, ready for a deep comparison */
export function completed(script: Script, found: readonly FoundEpisode[]): FoundEpisode[] {
	return script.expected.map(({ rule, at, side, span, context }) => {
		const same = found.find((e) => e.rule === rule && e.at[0] === at[0] && (side === undefined || e.side === side));
		return {
			rule,
			at,
			side: side ?? same?.side ?? 'any',
			span: span ?? same?.span ?? at,
			context: context ?? same?.context ?? at,
		};
	});
}
