/** Where a value lies: so many registers (or bits) from an address of a table of a unit on. */
export interface Extent {
	readonly unitId: number;
	readonly table: Table;
	readonly address: number;
	readonly count: number;
}

export const TABLES = ['coil', 'discrete', 'input', 'holding'] as const;
export type Table = (typeof TABLES)[number];

/** One request, and what of it is wanted. */
export interface Request<T extends Extent> extends Extent {
	readonly wanted: readonly T[];
}

/** What one answer may hold (Modbus Application Protocol V1.1b3, 6.1 to 6.4). */
export const MOST_AT_ONCE: Readonly<Record<Table, number>> = { coil: 2000, discrete: 2000, input: 125, holding: 125 };

/**
 * As few requests as hold everything: neighbours go together, also over a hole that is cheaper to read than to ask
 * around.
 *
 * @param mostAtOnce registers of one request; devices exist that take less than the protocol allows. Bits: 16 for each.
 * @param hole registers that are read for nothing at most between two that are wanted
 */
export function packRequests<T extends Extent>(
	extents: readonly T[],
	{ mostAtOnce, hole }: { readonly mostAtOnce: number; readonly hole: number },
): Request<T>[] {
	const requests: Request<T>[] = [];
	for (const extent of [...extents].sort(byPlace)) {
		const last = requests.at(-1);
		const joined = last && isSameTable(last, extent) ? join(last, extent) : undefined;
		const isBits = extent.table === 'coil' || extent.table === 'discrete';
		const most = Math.min(mostAtOnce * (isBits ? 16 : 1), MOST_AT_ONCE[extent.table]);
		const isNear = last !== undefined && extent.address - (last.address + last.count) <= hole * (isBits ? 16 : 1);
		if (joined && isNear && joined.count <= most) requests[requests.length - 1] = joined;
		else requests.push(requestOf([extent]));
	}
	return requests;
}

/** @returns two requests for what one had; undefined when it was for one value alone */
export function splitRequest<T extends Extent>({ wanted }: Request<T>): Request<T>[] | undefined {
	if (wanted.length < 2) return undefined;
	const half = Math.ceil(wanted.length / 2);
	return [requestOf(wanted.slice(0, half)), requestOf(wanted.slice(half))];
}

function requestOf<T extends Extent>(wanted: readonly T[]): Request<T> {
	const [first] = wanted;
	if (!first) throw new RangeError('a request for nothing');
	const end = Math.max(...wanted.map(({ address, count }) => address + count));
	return { unitId: first.unitId, table: first.table, address: first.address, count: end - first.address, wanted };
}

function join<T extends Extent>({ wanted }: Request<T>, extent: T): Request<T> {
	return requestOf([...wanted, extent]);
}

function isSameTable(a: Extent, b: Extent): boolean {
	return a.unitId === b.unitId && a.table === b.table;
}

function byPlace(a: Extent, b: Extent): number {
	return (
		a.unitId - b.unitId ||
		TABLES.indexOf(a.table) - TABLES.indexOf(b.table) ||
		a.address - b.address ||
		a.count - b.count
	);
}
