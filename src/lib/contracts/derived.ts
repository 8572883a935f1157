import { z } from 'zod';
import { durationMs } from './duration.ts';
import { isExpressionFault, MAX_TERMS, parseExpression, type Expression, type Term } from './expression.ts';
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

const entrySchema = z.strictObject({
	stream: z.string(),
	labels: z.record(z.string(), z.string()).default({}),
	unit: z.string().max(40).default(''),
	/** How long a value stands for the next one where inputs are sampled at different times. */
	hold: durationMs.refine((ms) => ms <= 86_400_000, 'must be 1d at most').optional(),
	/** How long a value waits for inputs that are behind; then it is computed from what there is. */
	wait: durationMs.refine((ms) => ms <= 3_600_000, 'must be 1h at most').default(5000),
	value: z.string().optional(),
	t2: z.array(z.string().min(1)).optional(),
});
type Entry = z.output<typeof entrySchema>;

/** `derived:` of the configuration file. */
export const derivedSchema = z
	.array(
		entrySchema
			.superRefine((entry, context) => {
				for (const [path, message] of faultsOfEntry(entry)) context.addIssue({ code: 'custom', path: [path], message });
			})
			.transform(ruleOf),
	)
	.superRefine((rules, context) => {
		// Entries with faults of their own are no rules yet.
		if (!rules.every((rule) => Object.hasOwn(rule, 'formula'))) return;
		for (const { at, message } of faultsOfRules(rules))
			context.addIssue({ code: 'custom', path: [at, 'stream'], message });
	});

type Found = readonly [keyof Entry, string];

function faultsOfEntry(entry: Entry): Found[] {
	const { stream, labels, value, t2 } = entry;
	const found: Found[] = [];
	const named =
		keyFault(stream) ?? (stream.includes('/') ? undefined : 'must be asset/name: its inputs are of one asset');
	if (named !== undefined) found.push(['stream', named]);
	else if (nameOf(stream).includes('*')) found.push(['stream', '* may stand in the asset only, before the first /']);
	else if (stream.split('*').length > 2) found.push(['stream', 'has more than one *']);
	const labelled = labelsFault(labels);
	if (labelled !== undefined) found.push(['labels', labelled]);
	if ((value === undefined) === (t2 === undefined))
		found.push([t2 === undefined ? 'stream' : 't2', 'needs one of value: an expression, and t2: a list of streams']);
	else found.push(...(value === undefined ? faultsOfT2(t2 ?? [], stream) : faultsOfValue(value, stream)));
	return found;
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

function ruleOf({ stream, labels, unit, hold, wait, value, t2 }: Entry): DerivedRule {
	const parsed = parseExpression(value ?? '');
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

/** As a person wrote it. */
export function spellFormula({ formula }: DerivedRule): string {
	return formula.kind === 'value' ? formula.text : `T²(${formula.terms.map(({ name }) => name).join(', ')})`;
}

interface RuleFault {
	readonly at: number;
	readonly message: string;
}

function faultsOfRules(rules: readonly DerivedRule[]): RuleFault[] {
	return [...twice(rules), ...cycles(rules)];
}

function twice(rules: readonly DerivedRule[]): RuleFault[] {
	const spelled = rules.map((rule) => JSON.stringify([patternOf(rule), Object.entries(rule.labels).sort()]));
	return spelled.flatMap((one, at) =>
		spelled.indexOf(one) < at ? [{ at, message: `is derived[${spelled.indexOf(one)}] already` }] : [],
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
