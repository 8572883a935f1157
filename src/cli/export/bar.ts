import type { Downloaded } from './download.ts';

const EVERY_MS = { terminal: 200, log: 10_000 } as const;

/** How far a download is: a line that is written over on a terminal, one every ten seconds elsewhere. */
export function createBar({
	screen,
	nowMs,
}: {
	readonly screen: { readonly isTTY?: boolean; write(text: string): unknown };
	readonly nowMs: () => number;
}): { show(state: Downloaded): void; end(): void } {
	const isTerminal = screen.isTTY === true;
	let shownMs = isTerminal ? -Infinity : nowMs();
	let isOpen = false;
	return {
		show({ bytes, share }) {
			if (nowMs() - shownMs < (isTerminal ? EVERY_MS.terminal : EVERY_MS.log)) return;
			shownMs = nowMs();
			const percent = share === undefined ? '' : `, about ${Math.floor(share * 100)} %`;
			const text = `${(bytes / 2 ** 20).toFixed(1)} MiB${percent}`;
			screen.write(isTerminal ? `\r${text}\u001b[K` : `${text}\n`);
			isOpen = isTerminal;
		},
		end: () => void (isOpen && screen.write('\n')),
	};
}
