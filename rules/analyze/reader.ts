import type { Fault } from './fault.ts';

/** Enough to mend a document by; a wrong column of a million cells says no more than its first ones. */
const MAX_FAULTS = 20;

/** Reads a document of unknown shape field by field and collects what is wrong with it. */
export interface Reader {
	fault(path: string, message: string): void;
	faults(): readonly Fault[];
	/** @returns the object, or an empty one for what is not there or, with a fault, not an object */
	object(value: unknown, path: string, known: readonly string[]): Record<string, unknown>;
	/** @returns undefined for what is not there or, with a fault, not a number within the bounds */
	number(value: unknown, path: string, bounds?: Bounds): number | undefined;
	/** Numbers with NaN for null. */
	numbers(value: unknown, path: string, bounds?: Bounds): Float64Array | undefined;
	integers(value: unknown, path: string, bounds: Bounds): number[] | undefined;
	/** Lists of numbers with NaN for null; `first` is the index that the path of the first one names. */
	rows(value: unknown, path: string, first?: number): Float64Array[] | undefined;
	texts(value: unknown, path: string): string[] | undefined;
	oneOf<T extends string>(value: unknown, path: string, choices: readonly T[]): T | undefined;
	flag(value: unknown, path: string): boolean | undefined;
}

export interface Bounds {
	readonly integer?: boolean;
	readonly least?: number;
	readonly over?: number;
	readonly below?: number;
	readonly most?: number;
}

export function createReader(): Reader {
	const found: Fault[] = [];
	function fault(path: string, message: string): undefined {
		if (found.length < MAX_FAULTS) found.push({ path, message });
	}

	function object(value: unknown, path: string, known: readonly string[]): Record<string, unknown> {
		if (value === undefined) return {};
		if (typeof value !== 'object' || value === null || Array.isArray(value)) {
			fault(path, `must be an object, not ${shown(value)}`);
			return {};
		}
		for (const name of Object.keys(value))
			if (!known.includes(name)) fault(`${path}.${name}`, `is unknown; known are ${known.join(', ')}`);
		return value as Record<string, unknown>;
	}

	function number(value: unknown, path: string, bounds: Bounds = {}): number | undefined {
		if (value === undefined) return undefined;
		if (typeof value === 'number' && fits(value, bounds)) return value;
		return fault(path, `must be ${demandOf(bounds)}, not ${shown(value)}`);
	}

	/** A faulty item becomes NaN: places stay true for what is checked next. */
	function list(value: unknown, path: string, { nulls, ...bounds }: Bounds & { nulls: boolean }): number[] | undefined {
		if (value === undefined) return undefined;
		if (!Array.isArray(value)) return fault(path, `must be a list, not ${shown(value)}`);
		const demand = demandOf(bounds) + (nulls ? ' or null' : '');
		return value.map((item: unknown, i) => {
			if (typeof item === 'number' && fits(item, bounds)) return item;
			if (!(nulls && item === null)) fault(`${path}[${i}]`, `must be ${demand}, not ${shown(item)}`);
			return NaN;
		});
	}

	return {
		fault,
		faults: () => found,
		object,
		number,
		numbers(value, path, bounds = {}) {
			const items = list(value, path, { ...bounds, nulls: true });
			return items && Float64Array.from(items);
		},
		rows(value, path, first = 0) {
			if (value === undefined) return undefined;
			if (!Array.isArray(value)) return fault(path, `must be a list of lists, not ${shown(value)}`);
			return value.map((row: unknown, i) =>
				Float64Array.from(list(row, `${path}[${first + i}]`, { nulls: true }) ?? []),
			);
		},
		texts(value, path) {
			if (value === undefined) return undefined;
			if (!Array.isArray(value)) return fault(path, `must be a list, not ${shown(value)}`);
			return value.map((item: unknown, i) => {
				if (typeof item === 'string') return item;
				fault(`${path}[${i}]`, `must be a text, not ${shown(item)}`);
				return '';
			});
		},
		integers: (value, path, bounds) => list(value, path, { ...bounds, integer: true, nulls: false }),
		oneOf(value, path, choices) {
			if (value === undefined) return undefined;
			const found = choices.find((choice) => choice === value);
			return found ?? fault(path, `must be ${choices.join(' or ')}, not ${shown(value)}`);
		},
		flag(value, path) {
			if (value === undefined || typeof value === 'boolean') return value;
			return fault(path, `must be true or false, not ${shown(value)}`);
		},
	};
}

function fits(value: number, { integer, least, over, below, most }: Bounds): boolean {
	return (
		Number.isFinite(value) &&
		(!integer || Number.isInteger(value)) &&
		(least === undefined || value >= least) &&
		(over === undefined || value > over) &&
		(below === undefined || value < below) &&
		(most === undefined || value <= most)
	);
}

function demandOf({ integer, least, over, below, most }: Bounds): string {
	const bounds = [
		least !== undefined ? `at least ${least}` : '',
		over !== undefined ? `over ${over}` : '',
		below !== undefined ? `below ${below}` : '',
		most !== undefined ? `at most ${most}` : '',
	].filter((part) => part !== '');
	return [integer ? 'an integer' : 'a number', bounds.join(' and ')].filter((part) => part !== '').join(' ');
}

function shown(value: unknown): string {
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'object' && value !== null) return 'an object';
	const text = JSON.stringify(value) ?? typeof value;
	return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
