/** `GET /api/v1/system`: the server as a whole, for the System page and for programs. What is not known is null. */
export interface ApiSystem {
	readonly versions: Readonly<Record<string, string>>;
	readonly startedAt: string;
	readonly status: 'ready' | 'degraded' | 'down';
	readonly journal: {
		readonly bytes: number;
		readonly capBytes: number;
		readonly firstSeq: number;
		readonly lastSeq: number;
		/** Why points are refused now; null while they are taken. */
		readonly refusing: string | null;
	};
	/** Journal records that each reader is behind. */
	readonly lags: Readonly<Record<string, number>>;
	/** How long the oldest of them has waited. */
	readonly lagSeconds: Readonly<Record<string, number>>;
	/** Each part's state in a word or two: up, starting, down, … */
	readonly parts: Readonly<Record<string, string>>;
	/** Of the processes that are started again when they end. */
	readonly restarts: Readonly<Record<string, number>>;
	readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null;
	readonly store: { readonly rows: number; readonly bytes: number; readonly parts: number } | null;
	readonly processes: readonly {
		readonly name: string;
		readonly memoryBytes: number;
		readonly corePercent: number | null;
	}[];
	/** Points a second over the last ten seconds, by what became of them. */
	readonly rates: Readonly<Record<PointRate, number>>;
	/** Mean milliseconds over the last ten seconds; null = there was none. */
	readonly meanMs: Readonly<Record<MeanTime, number | null>>;
	readonly collectors: readonly ApiCollector[];
	/** The newest warnings and errors of the log, newest first. */
	readonly troubles: readonly ApiTrouble[];
	/** The newest backup since the start. */
	readonly backup: {
		readonly state: string;
		readonly startedAt: string;
		readonly bytes: number;
		readonly error: string | null;
	} | null;
}

export const POINT_RATES = ['accepted', 'refused', 'duplicate', 'plotted', 'stored'] as const;
export type PointRate = (typeof POINT_RATES)[number];

export const MEAN_TIMES = ['commit', 'insert', 'metadata', 'http'] as const;
export type MeanTime = (typeof MEAN_TIMES)[number];

export interface ApiCollector {
	readonly name: string;
	readonly type: string;
	readonly state: string;
	readonly connected: boolean;
	readonly points: number;
	readonly faults: number;
	readonly restarts: number;
	/** Its queue on disk: points and gaps, bytes, and the age of the oldest in milliseconds. */
	readonly depth: number;
	readonly bytes: number;
	readonly capBytes: number;
	readonly oldestMs: number;
	readonly dropped: number;
	readonly refused: number;
	/** When it last had a new point; null = not since this start. */
	readonly lastReadAt: string | null;
	/** What it measured last, by the time of the measurement; null = nothing since its process began. */
	readonly newest: { readonly stream: string; readonly unit: string; readonly v: number; readonly at: string } | null;
	readonly lastError: { readonly source: 'collector' | 'hub'; readonly message: string; readonly at: string } | null;
}

export interface ApiTrouble {
	readonly at: string;
	readonly level: 'warn' | 'error' | 'fatal';
	readonly message: string;
	readonly part: string | null;
	readonly count: number;
}
