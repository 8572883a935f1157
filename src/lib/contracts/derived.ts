import { z } from 'zod';
import { durationMs } from './duration.ts';
import { isExpressionFault, MAX_TERMS, parseExpression, type Expression, type Term } from './expression.ts';
import { zoneName } from './zone.ts';
import { keyFault, labelsFault, quote, type Labels, type StreamName } from './stream.ts';

/** A stream whose points are computed from those of other streams of its asset; plain JSON. */
export interface DerivedRule {
	/** The first segment of its key; one `*` in it is any run of characters, and then each asset that fits has one. */
	readonly asset: string;
	/** The rest of its key. */
	readonly name: string;
	/** What its inputs have; it gets all labels of its inputs, which have the same ones. */
	readonly labels: Labels;
	readonly unit: string;
	/** How long a value stands for the next one, in ms; absent: three expected intervals of its stream. */
	readonly hold?: number;
	/** How long inputs that are behind are waited for, in ms. */
	readonly wait: number;
	readonly formula: Formula;
}

export type Formula =
	| ({ readonly kind: 'value'; readonly text: string } & Expression)
	/** Hotelling's T2 of these streams together. */
	| { readonly kind: 't2'; readonly terms: readonly Term[] };

const WINDOW = /^\d+(\.\d+)?(s|min|m|h|d)$/;

const entrySchema = z.strictObject({
	stream: z.string(),
	labels: z.record(z.string(), z.string()).default({}),
	unit: z.string().max(40).default(''),
	/** How long a value stands for the next one where inputs are sampled at different times. */
	hold: durationMs.refine((ms) => ms <= 86_400_000, 'must be 1d at most').optional(),
	/** How long a value waits for inputs that are behind; then it is computed from what there is. */
	wait: durationMs.refine((ms) => ms <= 3_600_000, 'must be 1h at most').default(5000),
	/** By whose clocks windows of `value` and `oee` begin; without one by UTC. */
	zone: zoneName.optional(),
	value: z.string().optional(),
	t2: z.array(z.string().min(1)).optional(),
	/** Availability, performance, quality and their product, of windows of time, in percent. */
	oee: z
		.strictObject({
			/** Not 0 while the machine runs. */
			running: z.string().min(1),
			/** Counts all parts, good or not. */
			parts: z.string().min(1),
			/** Counts those that are not good. */
			scrap: z.string().min(1),
			/** For one part, at best. */
			idealCycle: durationMs.refine((ms) => ms > 0, 'must be more than 0'),
			window: z.string().regex(WINDOW, 'write a length of time: 1h or 8h').default('1h'),
			/** After midnight, where windows do not begin there. */
			offset: z.string().regex(WINDOW, 'write a length of time: 6h').optional(),
			/** The number at which both counters begin at 0 again. */
			rollover: z.number().int().min(2).optional(),
		})
		.optional(),
});
type Entry = z.output<typeof entrySchema>;

/** `derived:` of the configuration file. */
export const derivedSchema = z
	.array(
		entrySchema
			.superRefine((entry, context) => {
				for (const [path, message] of faultsOfEntry(entry)) context.addIssue({ code: 'custom', path: [path], message });
			})
			.transform(rulesOf),
	)
	.superRefine((entries, context) => {
		// Entries with faults of their own are no rules yet.
		if (!entries.every((rules) => Array.isArray(rules))) return;
		const owners = entries.flatMap((rules, entry) => rules.map(() => entry));
		const told = new Set<string>();
		for (const { at, message } of faultsOfRules(entries.flat(), owners)) {
			const entry = owners[at] ?? 0;
			if (told.has(`${entry} ${message}`)) continue;
			told.add(`${entry} ${message}`);
			context.addIssue({ code: 'custom', path: [entry, 'stream'], message });
		}
	})
	.transform((entries) => entries.flat());

type Found = readonly [keyof Entry, string];

function faultsOfEntry(entry: Entry): Found[] {
	const { stream, labels, value, t2, oee } = entry;
	const found: Found[] = [];
	const named =
		keyFault(stream) ?? (stream.includes('/') ? undefined : 'must be asset/name: its inputs are of one asset');
	if (named !== undefined) found.push(['stream', named]);
	else if (nameOf(stream).includes('*')) found.push(['stream', '* may stand in the asset only, before the first /']);
	else if (stream.split('*').length > 2) found.push(['stream', 'has more than one *']);
	const labelled = labelsFault(labels);
	if (labelled !== undefined) found.push(['labels', labelled]);
	if (entry.zone !== undefined && oee === undefined && !hasWindows(value ?? ''))
		found.push(['zone', 'is of windows of time: of counted, share, length and oee']);
	const given = [value, t2, oee].filter((one) => one !== undefined).length;
	if (given !== 1)
		found.push([
			given === 0 ? 'stream' : t2 === undefined ? 'value' : 't2',
			'needs one of value: an expression, t2: a list of streams, and oee: a machine',
		]);
	else if (oee !== undefined)
		for (const { text } of factorsOf(oee, entry.zone))
			found.push(...faultsOfValue(text, stream).map(([, message]): Found => ['oee', message]));
	else found.push(...(value === undefined ? faultsOfT2(t2 ?? [], stream) : faultsOfValue(value, stream)));
	return found;
}

/** What cannot be read has a fault of its own. */
function hasWindows(value: string): boolean {
	const parsed = parseExpression(value);
	return isExpressionFault(parsed) ? value !== '' : parsed.terms.some(({ window }) => window !== undefined);
}

function faultsOfValue(value: string, stream: string): Found[] {
	const parsed = parseExpression(value);
	if (isExpressionFault(parsed)) return [['value', `at character ${parsed.at + 1}: ${parsed.message}`]];
	return faultsOfNames(parsed.terms, stream).map((message) => ['value', message]);
}

function faultsOfT2(names: readonly string[], stream: string): Found[] {
	if (names.length < 2 || names.length > MAX_TERMS) return [['t2', `needs 2 to ${MAX_TERMS} streams`]];
	const twice = names.find((name, i) => names.indexOf(name) < i);
	if (twice !== undefined) return [['t2', `${quote(twice)} stands there twice`]];
	return faultsOfNames(names.map(plainTerm), stream).map((message) => ['t2', message]);
}

function faultsOfNames(terms: readonly Term[], stream: string): string[] {
	const asset = assetOf(stream);
	return terms.flatMap(({ name }) => {
		if (name.startsWith(`${asset}/`))
			return [`${quote(name)}: names are those within ${asset}; write ${quote(name.slice(asset.length + 1))}`];
		const fault = keyFault(`${asset}/${name}`);
		return fault === undefined ? [] : [`${quote(name)} is no name of a stream: ${fault}`];
	});
}

const plainTerm = (name: string): Term => ({ name, of: 'value', argument: 0 });

/** Each factor is a stream of its own, so that a fall of the product has its cause beside it. */
function factorsOf(
	{ running, parts, scrap, idealCycle, window, offset, rollover }: NonNullable<Entry['oee']>,
	zone: string | undefined,
) {
	const times = [window, ...(offset === undefined ? [] : [offset])].join(', ');
	const count = (name: string) => `counted("${name}", ${times}${rollover === undefined ? '' : `, ${rollover}`})`;
	const share = `share("${running}", ${times})`;
	// Where clocks are set forward and back a shift is not always as long.
	const seconds = zone === undefined ? secondsOf(window) : `length("${parts}", ${times})`;
	const ideal = `${idealCycle / 1000} * ${count(parts)} / ${seconds}`;
	const good = `(${count(parts)} - ${count(scrap)}) / ${count(parts)}`;
	return [
		{ suffix: '', text: `100 * ${share} * (${ideal} / ${share}) * (${good})` },
		{ suffix: '-availability', text: `100 * ${share}` },
		{ suffix: '-performance', text: `100 * ${ideal} / ${share}` },
		{ suffix: '-quality', text: `100 * ${good}` },
	];
}

function secondsOf(window: string): number {
	const [, number = '', unit = ''] = /^([\d.]+)(s|min|m|h|d)$/.exec(window) ?? [];
	return Number(number) * ({ s: 1, min: 60, m: 60, h: 3600, d: 86_400 }[unit] ?? NaN);
}

function rulesOf({ oee, ...entry }: Entry): DerivedRule[] {
	if (oee === undefined) return [ruleOf(entry)];
	const unit = entry.unit === '' ? '%' : entry.unit;
	return factorsOf(oee, entry.zone).map(({ suffix, text }) =>
		ruleOf({ ...entry, unit, stream: `${entry.stream}${suffix}`, value: text }),
	);
}

function ruleOf({ stream, labels, unit, hold, wait, zone, value, t2 }: Omit<Entry, 'oee'>): DerivedRule {
	const parsed = parseExpression(value ?? '', zone);
	const formula: Formula =
		t2 !== undefined || isExpressionFault(parsed)
			? { kind: 't2', terms: (t2 ?? []).map(plainTerm) }
			: { kind: 'value', text: value ?? '', ...parsed };
	return {
		...{ asset: assetOf(stream), name: nameOf(stream), labels, unit, wait, formula },
		...(hold !== undefined && { hold }),
	};
}

/** @returns the key's first segment */
export function assetOf(key: string): string {
	const slash = key.indexOf('/');
	return slash < 0 ? key : key.slice(0, slash);
}

function nameOf(key: string): string {
	const slash = key.indexOf('/');
	return slash < 0 ? '' : key.slice(slash + 1);
}

export const patternOf = ({ asset, name }: DerivedRule) => `${asset}/${name}`;

/** One star at most: no expression to blow up on. */
function fitsAsset(pattern: string, asset: string): boolean {
	const [first = '', last] = pattern.split('*');
	if (last === undefined) return first === asset;
	return asset.length >= first.length + last.length && asset.startsWith(first) && asset.endsWith(last);
}

function fits(rule: DerivedRule, { key, labels }: Omit<StreamName, 'site'>): boolean {
	return fitsAsset(rule.asset, assetOf(key)) && Object.entries(rule.labels).every(([name, v]) => labels[name] === v);
}

/** @returns the position of the rule that derives this stream, the first that fits; -1 when nothing does */
export function ruleAt(rules: readonly DerivedRule[], stream: Omit<StreamName, 'site'>): number {
	const name = nameOf(stream.key);
	return rules.findIndex((rule) => rule.name === name && fits(rule, stream));
}

/** @returns the streams that are derived from this one, each with its rule */
export function derivedFrom(
	rules: readonly DerivedRule[],
	input: StreamName,
): readonly { readonly stream: StreamName; readonly rule: DerivedRule }[] {
	const name = nameOf(input.key);
	return rules.flatMap((rule) => {
		if (!rule.formula.terms.some((term) => term.name === name) || !fits(rule, input)) return [];
		const stream = { ...input, key: `${assetOf(input.key)}/${rule.name}` };
		// Where two rules fit the first one makes the stream, whether or not this is an input of its.
		return rules[ruleAt(rules, stream)] === rule ? [{ stream, rule }] : [];
	});
}

/** @returns whether something is counted of this stream, or its share taken: then it is a counter or a state */
export function isCounted(rules: readonly DerivedRule[], stream: Omit<StreamName, 'site'>): boolean {
	const name = nameOf(stream.key);
	const used = rules
		.filter((rule) => fits(rule, stream))
		.flatMap(({ formula }) => formula.terms.filter((term) => term.name === name));
	return (
		used.length > 0 && used.every(({ of }) => of === 'rate' || of === 'counted' || of === 'share' || of === 'length')
	);
}

/** As a person wrote it. */
export function spellFormula({ formula }: DerivedRule): string {
	const zone = formula.terms.find(({ window }) => window?.zone !== undefined)?.window?.zone;
	if (formula.kind === 'value') return zone === undefined ? formula.text : `${formula.text} (${zone})`;
	return `T²(${formula.terms.map(({ name }) => name).join(', ')})`;
}

interface RuleFault {
	readonly at: number;
	readonly message: string;
}

/** @param owners which entry each is of */
function faultsOfRules(rules: readonly DerivedRule[], owners: readonly number[]): RuleFault[] {
	return [...twice(rules, owners), ...cycles(rules)];
}

function twice(rules: readonly DerivedRule[], owners: readonly number[]): RuleFault[] {
	const spelled = rules.map((rule) => JSON.stringify([patternOf(rule), Object.entries(rule.labels).sort()]));
	return spelled.flatMap((one, at) =>
		spelled.indexOf(one) < at ? [{ at, message: `is derived[${owners[spelled.indexOf(one)]}] already` }] : [],
	);
}

/** A stream that is derived from itself, by however many steps. Patterns that may mean one asset count as if they did. */
function cycles(rules: readonly DerivedRule[]): RuleFault[] {
	const mayBeOne = (a: string, b: string) =>
		a.includes('*') && b.includes('*') ? true : fitsAsset(a, b) || fitsAsset(b, a);
	const before = rules.map(({ asset, formula }) =>
		[...rules.keys()].filter((i) => {
			const other = rules[i]!;
			return mayBeOne(asset, other.asset) && formula.terms.some(({ name }) => name === other.name);
		}),
	);
	const found: RuleFault[] = [];
	const done = new Set<number>();
	const walk = (at: number, path: readonly number[]): void => {
		const from = path.indexOf(at);
		if (from >= 0) {
			const names = [...path.slice(from), at].map((i) => quote(patternOf(rules[i]!))).join(' from ');
			found.push({ at, message: `is derived from itself: ${names}; name a measured stream in one of them` });
			return;
		}
		if (done.has(at)) return;
		for (const next of before[at]!) walk(next, [...path, at]);
		done.add(at);
	};
	for (const at of rules.keys()) walk(at, []);
	return found;
}
