export type ProbeAnswer = 'up' | 'down' | 'unauthorized';

export interface WatchdogPorts {
	/** Asks the server over HTTP; answers within a second and a half whatever happens. */
	probe(): Promise<ProbeAnswer>;
	nowMs(): number;
	/** @returns cancels it */
	after(delayMs: number, callback: () => void): () => void;
	/** The server is silent on the socket and does not answer over HTTP either. */
	onDead(): void;
}

export interface Watchdog {
	/** Something came from the server. */
	heard(): void;
	/** This machine's clock when something came last. */
	heardMs(): number;
	stop(): void;
}

const WATCH_EVERY_MS = 250;
/** Silence of this length is asked about over HTTP: with the probe's second and a half it is known within five. */
const SILENCE_MS = 2_500;

/** Notices a server that stopped without closing its socket: a pulled cable, a frozen process. */
export function createWatchdog(ports: WatchdogPorts): Watchdog {
	let lastMs = ports.nowMs();
	/** Or answered over HTTP, which shows nothing new. */
	let heardMs = lastMs;
	let probing = false;
	let stopped = false;
	let cancel: () => void;

	async function ask(): Promise<void> {
		probing = true;
		const answer = await ports.probe();
		probing = false;
		if (stopped) return;
		if (answer === 'up') heardMs = ports.nowMs();
		else ports.onDead();
	}

	function watch(): void {
		cancel = ports.after(WATCH_EVERY_MS, watch);
		if (!probing && ports.nowMs() - heardMs > SILENCE_MS) void ask();
	}

	watch();
	return {
		heard: () => void (lastMs = heardMs = ports.nowMs()),
		heardMs: () => lastMs,
		stop() {
			stopped = true;
			cancel();
		},
	};
}
