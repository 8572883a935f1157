import { parse } from 'yaml';
import type { PlanInput } from '#contracts/plan.ts';
import { rangeOf, valuesOf } from './script.ts';

/** What a line says of an episode; what it leaves open may be anything. Indices are 0-based, of the script's points. */
export interface LiveEpisode {
	readonly chart: string;
	readonly rule: string;
	readonly at?: readonly [number, number];
	readonly side?: string;
	/** Where the pattern of the first signal began and ended. */
	readonly span?: readonly [number, number];
}

export interface LiveScript {
	readonly title: string;
	readonly plan: PlanInput;
	readonly values: readonly number[];
	/** Of the stream that says which part is made, one for each value; its key is that of the script's stream and `/part`. */
	readonly parts: readonly number[];
	/** All episodes, in order of their first point, then of their chart. */
	readonly expected: readonly LiveEpisode[];
}

/**
 * Golden scripts for whole plans, judged as a stream that comes in at a value a second:
 * ```
 * # title
 * plan {chart: ewma, baseline: {centre: 0, sigma: 1}}    as in the configuration file
 * points 0*10 4 -1.5*3                                   values, or value*count; `missing` is a point of bad quality
 * parts 17*10 18*4                                       which part each value is of, where the plan wants to know
 * expect ewma limit at 8..9 side above span 8..8         chart and rule, then what is to be held; one line per episode
 * ```
 * @throws Error with the number of the line that cannot be read
 */
export function parseLiveScript(text: string): LiveScript {
	const values: number[] = [];
	const parts: number[] = [];
	const expected: LiveEpisode[] = [];
	let [title, plan]: [string, PlanInput] = ['', {}];
	text.split('\n').forEach((raw, i) => {
		const fail = (): never => {
			throw new Error(`line ${i + 1}: cannot read ${JSON.stringify(raw)}`);
		};
		const [verb = '', ...words] = raw.trim().split(/\s+/);
		if (verb === '') return;
		else if (verb === '#') title ||= words.join(' ');
		else if (verb === 'plan') plan = parse(words.join(' ')) as PlanInput;
		else if (verb === 'points') values.push(...words.flatMap((word) => valuesOf(word) ?? fail()));
		else if (verb === 'parts') parts.push(...words.flatMap((word) => valuesOf(word) ?? fail()));
		else if (verb === 'expect') expected.push(episodeOf(words) ?? fail());
		else fail();
	});
	if (expected.length === 0 || values.length === 0)
		throw new Error('a script has points and expects something of them');
	if (parts.length > 0 && parts.length !== values.length) throw new Error('every value is of one part');
	return { title, plan, values, parts, expected };
}

function episodeOf([chart, rule, ...words]: readonly string[]): LiveEpisode | undefined {
	if (chart === undefined || rule === undefined) return undefined;
	const fields = new Map<string, string>();
	for (let i = 0; i < words.length; i += 2) fields.set(words[i]!, words[i + 1] ?? '');
	const [at, span, side] = [rangeOf(fields.get('at')), rangeOf(fields.get('span')), fields.get('side')];
	const known = [fields.has('at') === !!at, fields.has('span') === !!span].every(Boolean);
	if (!known || [...fields.keys()].some((name) => !['at', 'side', 'span'].includes(name))) return undefined;
	return { chart, rule, ...(at && { at }), ...(span && { span }), ...(side && { side }) };
}
