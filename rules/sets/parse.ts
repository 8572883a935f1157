import type { Fault } from '../analyze/fault.ts';
import { createReader, type Reader } from '../analyze/reader.ts';
import { LONGEST, type BeyondSide, type Condition, type Rule } from './condition.ts';

const KINDS = ['beyond', 'within', 'run', 'trend', 'alternating', 'all', 'any'] as const;
const SIDES = ['same', 'either', 'both'] as const;
/** Sets of more rules signal at every other point. */
const MOST_RULES = 31;
const DEEPEST = 8;

/**
 * Rules written as data, such as `[{ "name": "drift", "any": [{ "trend": 7 }, { "count": 3, "of": 4, "beyond": 1.5 }]
 * }]`.
 *
 * @returns what could be read; faults with their JSON paths are in the reader
 */
export function readCustomRules(reader: Reader, value: readonly unknown[], path: string): Rule[] {
	if (value.length > MOST_RULES) reader.fault(path, `has ${value.length} rules; at most ${MOST_RULES} are possible`);
	const names = new Set<string>();
	return value.slice(0, MOST_RULES).flatMap((item, i) => {
		const at = `${path}[${i}]`;
		const raw = reader.object(item ?? null, at, ['name', 'count', 'of', 'side', ...KINDS]);
		const name = readName(reader, raw['name'], `${at}.name`, names);
		const { name: _, ...rest } = raw;
		const condition = readCondition(reader, rest, at, 1);
		return condition === undefined ? [] : [{ name, condition }];
	});
}

/** The same for a list that stands alone. */
export function parseCustomRules(
	value: readonly unknown[],
	path: string,
): { readonly rules: readonly Rule[]; readonly faults: readonly Fault[] } {
	const reader = createReader();
	return { rules: readCustomRules(reader, value, path), faults: reader.faults() };
}

function readName(reader: Reader, value: unknown, path: string, taken: Set<string>): string {
	if (typeof value !== 'string' || !/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u.test(value)) {
		reader.fault(path, 'must be a name of 1 to 40 letters, digits, spaces and . _ -');
		return '';
	}
	if (/^[0-9]+$/.test(value)) reader.fault(path, "is a number, and numbers are Nelson's rules");
	if (taken.has(value)) reader.fault(path, `${JSON.stringify(value)} is the name of a rule before it`);
	taken.add(value);
	return value;
}

function readCondition(reader: Reader, value: unknown, path: string, depth: number): Condition | undefined {
	const raw = reader.object(value ?? null, path, ['count', 'of', 'side', ...KINDS]);
	const kinds = KINDS.filter((kind) => raw[kind] !== undefined);
	const [kind] = kinds;
	if (kind === undefined || kinds.length > 1) {
		reader.fault(path, `must say one of ${KINDS.join(', ')}${kind ? `, not ${kinds.join(' and ')}` : ''}`);
		return undefined;
	}
	for (const name of ['count', 'of', 'side'])
		if (raw[name] !== undefined && kind !== 'beyond' && (kind !== 'within' || name === 'side'))
			reader.fault(`${path}.${name}`, `does not go with ${kind}`);
	const length = (name: string, least: number) =>
		reader.number(raw[name], `${path}.${name}`, { integer: true, least, below: LONGEST + 1 });
	switch (kind) {
		case 'run':
			return sure(length('run', 2), (run) => ({ run }));
		case 'trend':
			return sure(length('trend', 3), (trend) => ({ trend }));
		case 'alternating':
			return sure(length('alternating', 4), (alternating) => ({ alternating }));
		case 'all':
		case 'any':
			return readList(reader, raw[kind], { kind, path: `${path}.${kind}`, depth });
		default:
			return readCount(reader, raw, path, kind);
	}
}

function sure<T>(value: number | undefined, build: (value: number) => T): T | undefined {
	return value === undefined ? undefined : build(value);
}

function readList(
	reader: Reader,
	value: unknown,
	{ kind, path, depth }: { kind: 'all' | 'any'; path: string; depth: number },
): Condition | undefined {
	if (!Array.isArray(value) || value.length < 2 || value.length > MOST_RULES) {
		reader.fault(path, `must be a list of 2 to ${MOST_RULES} conditions`);
		return undefined;
	}
	if (depth >= DEEPEST) {
		reader.fault(path, `is deeper than ${DEEPEST} levels`);
		return undefined;
	}
	const parts = value.flatMap((item: unknown, i) => readCondition(reader, item, `${path}[${i}]`, depth + 1) ?? []);
	return kind === 'all' ? { all: parts } : { any: parts };
}

/** A count alone is of as many points: 4 means 4 of 4; neither is one of one. */
function readCount(
	reader: Reader,
	raw: Record<string, unknown>,
	path: string,
	kind: 'beyond' | 'within',
): Condition | undefined {
	const sigmas = reader.number(raw[kind], `${path}.${kind}`, kind === 'beyond' ? { least: 0 } : { over: 0 });
	const bounds = { integer: true, least: 1, below: LONGEST + 1 };
	const count = reader.number(raw['count'], `${path}.count`, bounds) ?? 1;
	const of = reader.number(raw['of'], `${path}.of`, bounds) ?? count;
	if (count > of) reader.fault(`${path}.count`, `is over the ${of} points that it counts in`);
	if (kind === 'within') return sure(sigmas, (within) => ({ count, of, within }));
	const side: BeyondSide = reader.oneOf(raw['side'], `${path}.side`, SIDES) ?? 'same';
	if (side === 'both' && count < 2) reader.fault(`${path}.count`, 'must be at least 2 for points on both sides');
	return sure(sigmas, (beyond) => ({ count, of, beyond, side }));
}
