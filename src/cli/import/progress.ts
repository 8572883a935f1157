/** What an import tells a person while it runs: a line that is written over on a terminal, one every ten seconds elsewhere. */
export interface Progress {
	show(state: ProgressState): void;
	end(): void;
}

export interface ProgressState {
	readonly doneBytes: number;
	readonly points: number;
	readonly faults: number;
	readonly trouble: string | undefined;
}

interface Screen {
	readonly isTTY?: boolean;
	write(text: string): unknown;
}

const BAR_CELLS = 24;
const EVERY_MS = { terminal: 200, log: 10_000 } as const;

export function createProgress(options: {
	readonly bytes: number;
	readonly screen: Screen;
	readonly nowMs: () => number;
}): Progress {
	const { bytes, screen, nowMs } = options;
	const isTerminal = screen.isTTY === true;
	const startMs = nowMs();
	let shownMs = startMs;
	let firstBytes: number | undefined;
	let isShown = false;
	return {
		show(state) {
			const ms = nowMs();
			firstBytes ??= state.doneBytes;
			if (ms - shownMs < (isTerminal ? EVERY_MS.terminal : EVERY_MS.log)) return;
			shownMs = ms;
			isShown = true;
			const seconds = (ms - startMs) / 1000;
			const line = describe(state, { bytes, seconds, bytesPerSecond: (state.doneBytes - firstBytes) / seconds });
			screen.write(isTerminal ? `\r${line}\u001b[K` : `${line}\n`);
		},
		end() {
			if (isTerminal && isShown) screen.write('\n');
		},
	};
}

function describe(
	{ doneBytes, points, faults, trouble }: ProgressState,
	{ bytes, seconds, bytesPerSecond }: { bytes: number; seconds: number; bytesPerSecond: number },
): string {
	const share = bytes === 0 ? 1 : Math.min(1, doneBytes / bytes);
	const cells = Math.round(share * BAR_CELLS);
	const bar = `${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)}`;
	const left = bytesPerSecond > 0 ? duration((bytes - doneBytes) / bytesPerSecond) : '?';
	const parts = [
		`${bar} ${Math.floor(share * 100)} %`,
		`${grouped(points)} points`,
		`${grouped(Math.round(points / Math.max(seconds, 0.001)))}/s`,
		`${left} left`,
	];
	if (faults > 0) parts.push(`${grouped(faults)} bad`);
	return `${parts.join('  ')}${trouble === undefined ? '' : `  (${trouble})`}`;
}

export function grouped(count: number): string {
	return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function duration(seconds: number): string {
	const s = Math.ceil(Math.max(0, seconds));
	if (s < 60) return `${s} s`;
	return s < 3600 ? `${Math.ceil(s / 60)} min` : `${(s / 3600).toFixed(1)} h`;
}
