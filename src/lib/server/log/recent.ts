/** A line that somebody should know of. */
export interface Trouble {
	readonly at: string;
	readonly level: 'warn' | 'error' | 'fatal';
	readonly message: string;
	/** Which part, where the line says so. */
	readonly part: string | null;
	/** How often the same has been said since. */
	readonly count: number;
}

export interface RecentTroubles {
	/** @param line JSON, as the log writes it, secrets already taken out */
	take(line: string): void;
	/** Newest first. */
	list(): readonly Trouble[];
	/** Lines by level since the start. */
	counts(): Readonly<Record<string, number>>;
}

const LEVELS: Readonly<Record<string, string>> = {
	10: 'trace',
	20: 'debug',
	30: 'info',
	40: 'warn',
	50: 'error',
	60: 'fatal',
};
const LEVEL = /^\{"level":(\d+)/;
const MAX_MESSAGE_CHARS = 300;

/** The newest warnings and errors, for a page: the same said again moves to the front and is counted. */
export function createRecentTroubles(keep = 20): RecentTroubles {
	const counts: Record<string, number> = {};
	let troubles: Trouble[] = [];

	function add(line: string, level: Trouble['level']): void {
		const { time, msg, part, err } = JSON.parse(line) as Record<string, unknown>;
		const cause = typeof err === 'object' && err !== null && 'message' in err ? `: ${String(err.message)}` : '';
		const said = String(msg ?? '');
		const message = (said.includes(cause.slice(2)) ? said : said + cause).slice(0, MAX_MESSAGE_CHARS);
		const before = troubles.find((one) => one.message === message);
		const trouble: Trouble = {
			at: new Date(Number(time)).toISOString(),
			level,
			message,
			part: typeof part === 'string' ? part : null,
			count: (before?.count ?? 0) + 1,
		};
		troubles = [trouble, ...troubles.filter((one) => one !== before)].slice(0, keep);
	}

	return {
		take(line) {
			const level = LEVELS[LEVEL.exec(line)?.[1] ?? ''];
			if (level === undefined) return;
			counts[level] = (counts[level] ?? 0) + 1;
			if (level === 'warn' || level === 'error' || level === 'fatal') add(line, level);
		},
		list: () => troubles,
		counts: () => counts,
	};
}
